"""What each extract gives and takes away, read from `rules.toml` beside this file."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict


class Product(StrEnum):
    """The three extracts. Only the first is de-identified as it stands."""

    SAFE_HARBOR = "safe-harbor"
    LIMITED = "limited"
    SHIFTED = "shifted"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Part):
    """Ages in years, days since the first dose, days of an offset; each with its source."""

    oldest_age: int
    oldest_age_source: str
    furthest_day: int
    furthest_day_source: str
    furthest_shift: int
    furthest_shift_source: str
    without_suicide_item: Mapping[str, str]
    without_suicide_item_source: str


class Described(_Part):
    """A product in words: its name, what it is at law, what became of dates and ages."""

    title: str
    label: str
    times: str
    warnings: tuple[str, ...]


class Removed(_Part):
    """What is in no product, and what is in one only on request."""

    always: tuple[str, ...]
    unless_asked: str


class Warned(_Part):
    """What must be said of every extract, of patients left out for want of a consent, and of a summary."""

    always: tuple[str, ...]
    without_consent: str
    summary: str


class Rules(_Part):
    """All of it."""

    limits: Limits
    products: Mapping[Product, Described]
    removed: Removed
    warnings: Warned


@cache
def rules() -> Rules:
    """The rules, read once."""
    return Rules.model_validate(tomllib.loads(files(__package__).joinpath("rules.toml").read_text("utf-8")))
