"""The clinic's own settings."""

from collections.abc import Iterator
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field

from models.tables.facts.base import Facts, Quantity
from models.tables.facts.problems import Problem, refused
from models.tables.facts.setting import Setting
from models.tables.facts.texts import Line, Lines
from models.tables.plausible import plausible
from models.tables.words import Route, WeightUnit

CRISIS_TEXT: Final = (
    "If you might act on thoughts of ending your life, call or text 988 (Suicide & Crisis Lifeline) "
    "or call 911 now."
)
"""The default of the United States; every clinic says its own."""


class ClinicFacts(Facts):
    """Name, time zone, weight unit, the usual plan of an infusion, the crisis text, how long to keep."""

    name: Line | None = None
    time_zone: str = "UTC"
    weight_unit: WeightUnit = "kg"
    planned_infusions: int = Field(default=6, title="Planned infusions")
    route: Route = "iv"
    mg_per_kg: Quantity = Field(default=0.5, title="Usual dose (mg/kg)")
    minutes: int = Field(default=40, title="Usual minutes")
    crisis_text: Lines = CRISIS_TEXT
    demo: bool = False
    keep_years: int | None = Field(default=None, title="Years to keep a record")

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the clinic's days begin and end."""
        return ZoneInfo(self.time_zone)

    def problems(self, setting: Setting) -> Iterator[Problem]:  # noqa: ARG002
        """An unknown time zone; a usual plan off its bounds."""
        if not is_time_zone(self.time_zone):
            yield refused("time_zone", "Time zone", self.time_zone, "a name such as America/New_York")
        bounds = plausible()
        for field, value, (low, high) in (
            ("planned_infusions", self.planned_infusions, bounds.planned_infusions.possible),
            ("mg_per_kg", self.mg_per_kg, bounds.mg_per_kg.possible),
            ("minutes", self.minutes, bounds.minutes.possible),
            ("keep_years", self.keep_years, bounds.keep_years.possible),
        ):
            if value is not None and not low <= value <= high:
                yield refused(field, self.title(field), value, f"{low:g} to {high:g}")


def is_time_zone(name: str) -> bool:
    """Whether a place's time zone is known by that name."""
    return name in _time_zones()


@cache
def _time_zones() -> frozenset[str]:
    """All but the two that are no place's: frames cannot reckon with them."""
    return frozenset(available_timezones() - {"Factory", "localtime"})
