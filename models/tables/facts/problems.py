"""What can be wrong with facts, in words that go to the screen as they stand."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from models.scales.safety import AlertLevel

_LONGEST_SHOWN = 60


class Problem(NamedTuple):
    """One thing wrong: in which field, which value, and what is allowed.

    `confirm` says that the value is unlikely but possible: it is taken when sent again as confirmed.
    """

    field: str
    value: object
    allowed: str
    message: str
    confirm: bool = False

    def __str__(self) -> str:
        """The message, as it goes to the screen."""
        return self.message


class FactsError(ValueError):
    """Facts that cannot be recorded, with everything found wrong in them.

    `alert` is set when the answers refused raise one: whoever shows the error shows the crisis text first.
    """

    def __init__(self, problems: Iterable[Problem], alert: AlertLevel | None = None) -> None:
        self.problems = tuple(problems)
        self.alert = alert
        super().__init__("\n".join(problem.message for problem in self.problems))

    @property
    def to_confirm(self) -> bool:
        """Whether confirming is all it takes."""
        return all(problem.confirm for problem in self.problems)


def shown(value: object) -> str:
    """A value as a message quotes it: short, on one line, nothing invisible."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    text = f"{value:.10g}" if isinstance(value, float) else repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def refused(field: str, title: str, value: object, allowed: str, *, confirm: bool = False) -> Problem:
    """A problem worded like every other: "Weight (kg) must be 10 to 500; got -3"."""
    verb = "is" if confirm else "must be"
    return Problem(field, value, allowed, f"{title} {verb} {allowed}; got {shown(value)}", confirm)
