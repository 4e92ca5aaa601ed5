"""What a record may plausibly hold, read from `plausible.toml` beside this file."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

Bounds = tuple[float, float]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    source: str


class Dates(_Part):
    """No care is recorded before `earliest`, no patient was born before `oldest_birth` or is older in years.

    An assessment may be dated so many days after the clinic's today.
    """

    earliest: date
    oldest_birth: date
    oldest_age: int
    assessed_ahead: int


class Lengths(_Part):
    """The most characters a text may have."""

    mrn: int
    name: int
    claim: int
    crisis_text: int
    reason: int


class Counted(_Part):
    """A count: refused outside `possible`."""

    possible: tuple[int, int]


class Measured(_Part):
    """A quantity: refused outside `possible`, to be confirmed outside `usual`."""

    possible: Bounds
    usual: Bounds


class ByRoute(_Part):
    """A quantity whose usual bounds depend on the route; `unknown` where no route is given."""

    possible: Bounds
    usual: Mapping[str, Bounds]

    def of(self, route: str | None) -> Measured:
        """The same for one route, or for one that is not known."""
        return Measured(possible=self.possible, usual=self.usual[route or "unknown"], source=self.source)


class Plausible(BaseModel):
    """Every bound of the record that is not a scale's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dates: Dates
    text: Lengths
    weight_kg: Measured
    minutes: ByRoute
    dose_mg: Measured
    mg_per_kg: ByRoute
    planned_infusions: Counted
    failed_trials: Counted
    keep_years: Counted


@cache
def plausible() -> Plausible:
    """The bounds, read once."""
    return Plausible.model_validate(
        tomllib.loads(files(__package__).joinpath("plausible.toml").read_text("utf-8"))
    )
