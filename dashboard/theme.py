"""The house's look, from its one TOML file to the options Streamlit is started with."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from dashboard.charts import theme

Mode = Literal["light", "dark"]


def streamlit_config() -> dict[str, object]:
    """Every option of `theme.toml` under its dotted name, as `App.run(config=…)` takes them."""
    return dict(_flatten(tomllib.loads(files(__package__).joinpath("theme.toml").read_text("utf-8"))))


@cache
def palette(mode: Mode) -> Mapping[str, str]:
    """The colour of each token a chart is drawn in, in one mode."""
    look = tomllib.loads(files(__package__).joinpath("theme.toml").read_text("utf-8"))["theme"][mode]
    colours = dict(zip(theme.TOKENS, look["chartCategoricalColors"], strict=True))
    return colours | {theme.PAPER: look["backgroundColor"]}


def _flatten(table: Mapping[str, object], path: str = "") -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value
