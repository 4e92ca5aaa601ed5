"""A quarter of the record, and what its figure says in words: names, title, table."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from dashboard.charts.words import NBSP, Rounding, whole
from models.outcomes.answers.claim import FEWEST_COURSES
from models.outcomes.answers.followup import Quarter as Quarter  # noqa: PLC0414 - told on to those who draw it

THOUSAND: Final = 1000


def name_of(quarter: Quarter) -> str:
    """`Q1 25`."""
    return f"Q{quarter.starts_on.month // 3 + 1}{NBSP}{quarter.starts_on:%y}"


def is_too_few(quarter: Quarter) -> bool:
    """Whether the rate rests on too few people to be read."""
    return quarter.rate.denominator < FEWEST_COURSES


def title(record: Sequence[Quarter], rounding: Rounding) -> str:
    """`No quarter reached 70 %`, of those with enough people to say."""
    judged = [quarter for quarter in record if not is_too_few(quarter)]
    if not judged:
        return f"No quarter has {FEWEST_COURSES} people yet"
    claim = f"{rounding.advertised}{NBSP}%"
    reached = sum((quarter.rate.ratio or 0) >= rounding.claim for quarter in judged)
    if len(judged) == 1:
        return f"{name_of(judged[0])} {'reached' if reached else 'did not reach'} {claim}"
    counted = sum(quarter.rate.denominator > 0 for quarter in record)
    only = "" if len(judged) == counted else f" with {FEWEST_COURSES} people or more"
    if reached in (0, len(judged)):
        return f"{'Every' if reached else 'No'} quarter{only} reached {claim}"
    return f"{reached} of {len(judged)} quarters{only} reached {claim}"


def table(record: Sequence[Quarter], rounding: Rounding) -> pd.DataFrame:
    """The numbers behind the figure, those of quarters too old to be drawn included."""
    numbers = [(name_of(quarter), rounding.full(quarter.rate), quarter.pending) for quarter in record]
    return pd.DataFrame(numbers, columns=["Window closed in", "Rate", "Still open"])


def full_names(record: Sequence[Quarter]) -> list[str]:
    """Under each quarter its name and how many it counts, or will."""
    return [f"{name_of(quarter)}<br>n{NBSP}{whole(_people(quarter))}" for quarter in record]


def short_names(record: Sequence[Quarter]) -> list[str]:
    """The same for many: the year stands once, thousands are short."""
    names, year = [], 0
    for quarter in record:
        few = _people(quarter)
        parts = [name_of(quarter)[:2], str(few) if few < THOUSAND else f"{few / THOUSAND:.0f}k"]
        if quarter.starts_on.year != year:
            year = quarter.starts_on.year
            parts.append(str(year))
        names.append("<br>".join(parts))
    return names


def _people(quarter: Quarter) -> int:
    return quarter.rate.denominator or quarter.pending
