"""The numbers behind the Claim page's charts: as tables, and as one file with the question in every row."""

from collections.abc import Iterator, Sequence

import pandas as pd

from dashboard.charts import changes, flow, quarter_words, rates, stairs, unseen
from dashboard.charts.parts import parts_of
from dashboard.charts.rates import RateRow
from dashboard.charts.words import Rounding
from dashboard.components.numbers import Numbers, NumberTable, csv_of, show_numbers
from dashboard.components.unseen_card import assumptions
from dashboard.findings import Findings
from models.outcomes.answer import Answer
from models.outcomes.rates import Rate
from models.outcomes.ways import Stair
from models.scales import Scale


def show_claim_numbers(found: Findings, steps: Sequence[Stair], scale: Scale) -> None:
    """Every number on the page, readable and to take away."""
    show_numbers("The numbers behind these charts", lambda: numbers_of(found, steps, scale))


def numbers_of(found: Findings, steps: Sequence[Stair], scale: Scale) -> Numbers:
    """A table for each chart, and the file."""
    answer = found.answer
    question = answer.estimand
    taken = flow.steps_of(answer.counts.excluded, answer.tally, question, scale)
    parts = parts_of(answer.tally, question.missing, question.outcome)
    rows = [*rates.rows_of(found.answers, scale), *rates.suicide_rows(found.suicide_item)]
    tables = [
        NumberTable("Benefit and harm", benefit_and_harm(rows, found.rounding)),
        NumberTable("From everyone treated to everyone counted", flow.table(taken, parts)),
        NumberTable("Why the number changes", stairs.table(steps, question, scale, found.rounding)),
        NumberTable("What the missing could do", unseen.table([*assumptions(found)], found.rounding)),
        NumberTable("By quarter", quarter_words.table(found.quarters, found.rounding)),
        NumberTable("Change from baseline", changes.table(found.changes, scale)),
    ]
    return Numbers(tables, csv_of(exported(found, rows, steps, scale)), f"seventy-{answer.as_of}.csv")


def benefit_and_harm(rows: Sequence[RateRow], rounding: Rounding) -> pd.DataFrame:
    """The rates of the same people; harm as seen, with its worst case."""
    rates_of = [
        f"{rounding.full(row.rate)}; at worst {rounding.full(row.worst)}"
        if row.worst
        else rounding.full(row.rate)
        for row in rows
    ]
    return pd.DataFrame({"Outcome": [row.label for row in rows], "Rate": rates_of})


def exported(
    found: Findings, rows: Sequence[RateRow], steps: Sequence[Stair], scale: Scale
) -> Iterator[dict[str, object]]:
    """One row a number, never rounded, each with the question it answers."""
    answer, counts = found.answer, found.answer.counts
    for row in rows:
        yield _line(answer, "benefit and harm", row.label, row.rate)
        if row.worst:
            yield _line(answer, "benefit and harm", f"{row.label}, at worst", row.worst)
    for way, rate in found.ways.items():
        yield _line(answer, "a missing score counts as", str(way), rate)
    for stair in steps:
        said = stair.estimand.sentence(scale)
        yield _line(answer, "why the number changes", str(stair.step), stair.rate) | {"question": said}
    for quarter in found.quarters:
        yield _line(answer, "quarter from", quarter.starts_on.isoformat(), quarter.rate)
    for reason, left_out in counts.excluded.items():
        yield _line(answer, "left out", str(reason), Rate(left_out, counts.treated, None, None))
    for status in ("pending", "observed", "missing"):
        eligible = Rate(getattr(counts, status), counts.eligible, None, None)
        yield _line(answer, "eligible", status, eligible)


def _line(answer: Answer, figure: str, row: str, rate: Rate) -> dict[str, object]:
    numbers = {"count": rate.numerator, "of": rate.denominator, "ratio": rate.ratio}
    question = {"as_of": answer.as_of.isoformat(), "question": answer.sentence}
    return {"figure": figure, "row": row, **numbers, "low": rate.low, "high": rate.high, **question}
