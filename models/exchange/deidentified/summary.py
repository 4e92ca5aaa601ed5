"""The outcomes of an extract's patients by indication, as far as the table may be shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import polars as pl

from models.exchange.leaving.suppression import Shown, suppress
from models.outcomes.counts.counting import at_window, count
from models.outcomes.counts.disclosure import SMALLEST
from models.outcomes.derivation.engines import opened
from models.outcomes.question.estimand import Estimand, Indication
from models.scales import Scale

WITHHELD: Final = "withheld"
TOGETHER: Final = "indications of few patients, together"
ALL: Final = "all"

Row = tuple[str, tuple[int, ...]]


@dataclass(frozen=True)
class Summary:
    """A table of patients: `question` says of whom; `shown` is `None` where no part of it may be told."""

    question: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    shown: Shown | None

    @property
    def frame(self) -> pl.DataFrame | None:
        """The table as it is written: texts, with totals."""
        if self.shown is None:
            return None
        cells = [[WITHHELD if count is None else str(count) for count in row] for row in self.shown]
        named = [[name, *row] for name, row in zip((*self.rows, ALL), cells, strict=True)]
        return pl.DataFrame(named, schema=["indication", *self.columns, ALL], orient="row")


def summary(outcomes: Any, question: Estimand, scale: Scale, *, as_of: date) -> Summary:
    """How many patients reached the outcome, did not, or were not scored, for each indication.

    Asked of the frame `derive_outcomes` made for the scale as of that day, and of every period, clinician and
    site, for a name or a date has no place in an extract; of first courses, for what must not be few is
    people. Those whose window is open are in no column, those not scored in their own.
    """
    asked = replace(
        question,
        first_course=True,
        indications=(Indication.ANY,),
        started_from=None,
        started_to=None,
        clinician=None,
        site=None,
    )
    courses = at_window(opened(outcomes), asked.window, asked)
    counted = count(courses, asked, scale, [asked.outcome], by=["indication"])
    rows = [
        (str(indication), (tally.met, tally.observed - tally.met, tally.missing))
        for (indication,), each in counted.items()
        for tally in [each.tallies[asked.outcome]]
    ]
    told = few_together([row for row in rows if any(row[1])])
    return Summary(
        question=f"{asked.sentence(scale)} Here those without a score stand apart. Asked in {as_of.year}.",
        columns=(str(asked.outcome), f"no_{asked.outcome}", "not_scored"),
        rows=tuple(name for name, _ in told),
        shown=suppress([cells for _, cells in told]) if told else None,
    )


def few_together(rows: Sequence[Row]) -> list[Row]:
    """Rows of few patients as one, with the next smallest where together they are still few.

    Few is 1 to 10, and as many more as there are other columns: with its total shown, no count of such a row
    could be taken for 11 while the others are at least 1. Which indications are in it is not said: each would
    be known to be one of few.
    """
    ordered = sorted(rows, key=lambda row: (sum(row[1]), row[0]))
    few = [row for row in ordered if _is_few(row[1])]
    rest = ordered[len(few) :]
    while rest and few and _is_few(_together(few)):
        few.append(rest.pop(0))
    return [*sorted(rest), (TOGETHER, _together(few))] if few else sorted(rest)


def _is_few(cells: Sequence[int]) -> bool:
    return sum(cells) < SMALLEST + len(cells) - 1


def _together(rows: Sequence[Row]) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*(cells for _, cells in rows), strict=True))
