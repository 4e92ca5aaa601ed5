"""Where and when facts are judged: the clinic's today, its time zone, and the scales it knows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property

from models.scales import Scale
from models.tables.facts.problems import Problem, refused
from models.tables.plausible import plausible
from models.tables.words import WeightUnit


@dataclass(frozen=True)
class Setting:
    """One for a form, one for a file. `today` is the clinic's own day, spoken by whoever holds the clock.

    `weight_unit` is the unit weights were typed in, and are spoken of; facts have kilograms.
    """

    today: date
    zone: tzinfo = UTC
    scales: Mapping[str, Scale] = field(default_factory=dict)
    weight_unit: WeightUnit = "kg"

    @cached_property
    def ends_at(self) -> datetime:
        """The first moment after today, in the clinic's zone."""
        return self._end_of(self.today)

    @cached_property
    def assessments_end_at(self) -> datetime:
        """The first moment of which no assessment is recorded yet."""
        return self._end_of(self.last_assessed)

    @property
    def last_assessed(self) -> date:
        """The last day an assessment may bear."""
        return self.today + timedelta(days=plausible().dates.assessed_ahead)

    @cached_property
    def begins_at(self) -> datetime:
        """The first moment of which care is recorded."""
        return datetime.combine(plausible().dates.earliest, time(), self.zone).astimezone(UTC)

    def day_problems(
        self, name: str, title: str, day: date | None, *, is_assessment: bool = False
    ) -> Iterator[Problem]:
        """Why care cannot have happened on a day."""
        earliest = plausible().dates.earliest
        if day is None:
            return
        if day < earliest:
            yield refused(name, title, day, f"{earliest} or later")
        elif is_assessment and day > self.last_assessed:
            yield refused(name, title, day, f"{self.last_assessed} or earlier")
        elif not is_assessment and day > self.today:
            yield refused(name, title, day, f"today, {self.today}, or earlier")

    def either_problems(
        self,
        names: tuple[str, str],
        title: str,
        at: datetime | None,
        on: date | None,
        *,
        is_assessment: bool = False,
    ) -> Iterator[Problem]:
        """Why a moment or a day cannot stand: one of the two is needed, not both, and a plausible one."""
        at_name, on_name = names
        ends_at = self.assessments_end_at if is_assessment else self.ends_at
        if at is not None and on is None and self.begins_at <= at < ends_at:
            return  # as almost always
        if at is None and on is None:
            yield Problem(at_name, None, "a date, with or without a time", f"{title} is needed")
        elif at is not None and on is not None:
            yield refused(on_name, title, on, "either a date with a time or a date without one")
        if at is not None:
            at_day = at.astimezone(self.zone).date()
            yield from self.day_problems(at_name, title, at_day, is_assessment=is_assessment)
        yield from self.day_problems(on_name, title, on, is_assessment=is_assessment)

    def _end_of(self, day: date) -> datetime:
        return datetime.combine(day + timedelta(days=1), time(), self.zone).astimezone(UTC)
