"""A quarter of the record, and what its figure says in words: names, title, table."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import pandas as pd

from dashboard.charts.words import NBSP, Rounding, whole
from models.outcomes.claim import FEWEST_COURSES
from models.outcomes.rates import Rate

THOUSAND: Final = 1000


class Quarter(NamedTuple):
    """Those whose window closed, or will close, in the quarter that starts on a day."""

    starts_on: date
    rate: Rate
    pending: int = 0

    @property
    def name(self) -> str:
        """`Q1 25`."""
        return f"Q{self.starts_on.month // 3 + 1}{NBSP}{self.starts_on:%y}"

    @property
    def too_few(self) -> bool:
        """Whether the rate rests on too few people to be read."""
        return self.rate.denominator < FEWEST_COURSES

    def reached(self, claim: float) -> bool:
        """Whether the rate is the claim or above it."""
        return self.rate.ratio is not None and self.rate.ratio >= claim


def title(record: Sequence[Quarter], rounding: Rounding) -> str:
    """`No quarter reached 70 %`, of those with enough people to say."""
    judged = [quarter for quarter in record if not quarter.too_few]
    if not judged:
        return f"No quarter has {FEWEST_COURSES} people yet"
    claim = f"{rounding.advertised}{NBSP}%"
    reached = sum(quarter.reached(rounding.claim) for quarter in judged)
    if len(judged) == 1:
        return f"{judged[0].name} {'reached' if reached else 'did not reach'} {claim}"
    counted = sum(quarter.rate.denominator > 0 for quarter in record)
    only = "" if len(judged) == counted else f" with {FEWEST_COURSES} people or more"
    if reached in (0, len(judged)):
        return f"{'Every' if reached else 'No'} quarter{only} reached {claim}"
    return f"{reached} of {len(judged)} quarters{only} reached {claim}"


def table(record: Sequence[Quarter], rounding: Rounding) -> pd.DataFrame:
    """The numbers behind the figure, those of quarters too old to be drawn included."""
    numbers = [(quarter.name, rounding.full(quarter.rate), quarter.pending) for quarter in record]
    return pd.DataFrame(numbers, columns=["Window closed in", "Rate", "Still open"])


def full_names(record: Sequence[Quarter]) -> list[str]:
    """Under each quarter its name and how many it counts, or will."""
    return [f"{quarter.name}<br>n{NBSP}{whole(_people(quarter))}" for quarter in record]


def short_names(record: Sequence[Quarter]) -> list[str]:
    """The same for many: the year stands once, thousands are short."""
    names, year = [], 0
    for quarter in record:
        few = _people(quarter)
        parts = [quarter.name[:2], str(few) if few < THOUSAND else f"{few / THOUSAND:.0f}k"]
        if quarter.starts_on.year != year:
            year = quarter.starts_on.year
            parts.append(str(year))
        names.append("<br>".join(parts))
    return names


def _people(quarter: Quarter) -> int:
    return quarter.rate.denominator or quarter.pending
