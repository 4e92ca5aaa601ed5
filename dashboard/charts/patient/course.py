"""One course as a figure needs it: scores, infusions and the window, in days from the first infusion."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple

from models.scales import Scale


class Score(NamedTuple):
    """One score; `day` counts from the first infusion, the time of day as its fraction.

    One `so far` would be the endpoint if its window closed now. An `unused` one is older than the baseline.
    `recalls_before` asks about days before the first infusion.
    """

    day: float
    total: int
    kind: Literal["unused", "baseline", "scored", "so far", "endpoint"] = "scored"
    recalls_before: bool = False
    corrected_from: int | None = None


class Infusion(NamedTuple):
    """One infusion, and its dose where it is known."""

    day: float
    number: int
    amount: float | None = None
    unit: Literal["mg/kg", "mg"] = "mg/kg"


class Panel(NamedTuple):
    """The scores of one scale, in the order of time."""

    scale: Scale
    scores: tuple[Score, ...]

    @property
    def baseline(self) -> Score | None:
        """The score the course is measured from."""
        return next((score for score in self.scores if score.kind == "baseline"), None)


class Span(NamedTuple):
    """The window of the question, its days inclusive; `is_open` while it has not closed."""

    first_day: int
    last_day: int
    is_open: bool = False


class Course(NamedTuple):
    """What is drawn of one course; `due` are days on which a score was due that never came."""

    starts_on: date
    main: Panel
    others: tuple[Panel, ...] = ()
    infusions: tuple[Infusion, ...] = ()
    window: Span | None = None
    due: tuple[float, ...] = ()

    def days(self) -> Iterator[float]:
        """Every day on which something is drawn."""
        for panel in (self.main, *self.others):
            yield from (score.day for score in panel.scores)
        yield from (infusion.day for infusion in self.infusions)
        yield from self.due
        if self.window:
            yield from (self.window.first_day, self.window.last_day + 1)

    def date_of(self, day: float) -> date:
        """The calendar day."""
        return self.starts_on + timedelta(days=int(day // 1))
