"""The numbers behind the Claim page's charts: as tables, and as one file with the question in every row."""

from collections.abc import Iterator, Sequence

import pandas as pd

from dashboard import data
from dashboard.charts.claim import changes, curve_words, flow, forest, quarter_words, rates, stairs, unseen
from dashboard.charts.claim.rates import RateRow
from dashboard.charts.parts import parts_of
from dashboard.charts.words import Rounding
from dashboard.components.claim.claim_export import exported, surrounding
from dashboard.components.claim.unseen_card import assumptions
from dashboard.components.page.numbers import Numbers, NumberTable, csv_of, show_numbers
from dashboard.findings import Findings
from models.benchmarks import published
from models.outcomes.answers.of_many import Withheld
from models.outcomes.answers.ways import Stair, ways
from models.scales import Scale


def show_claim_numbers(found: Findings, steps: Sequence[Stair], scale: Scale, looks: int) -> None:
    """Every number on the page, readable and to take away."""
    show_numbers("The numbers behind these charts", lambda: numbers_of(found, steps, scale, looks))


def numbers_of(found: Findings, steps: Sequence[Stair], scale: Scale, looks: int) -> Numbers:
    """A table for each chart, what stands on the page Every way to count, and the file with everything."""
    answer, rounding = found.answer, found.rounding
    question = answer.estimand
    taken = flow.steps_of(answer.counts.excluded, answer.tally, question, scale)
    parts = parts_of(answer.tally, question.missing, question.outcome)
    rows = [*rates.rows_of(found.answers, scale), *rates.suicide_rows(found.suicide_item)]
    assumed, every = [*assumptions(found)], ways(data.ways(question))
    others = forest.beside(published().values(), question, scale)
    tables = [
        NumberTable("Benefit and harm", benefit_and_harm(rows, rounding)),
        NumberTable("From everyone treated to everyone counted", flow.table(taken, parts)),
        NumberTable("Why the number changes", stairs.table(steps, question, scale, rounding)),
        NumberTable(
            "What the missing could do",
            pd.concat([unseen.table(assumed, rounding), unseen.limits(answer, rounding)]),
        ),
        NumberTable("By quarter", quarter_words.table(found.quarters, rounding)),
        *_changed(found, scale),
        NumberTable("Every way to count", curve_words.shares(every, rounding)),
        NumberTable("Published rates of this outcome", forest.table(others)),
    ]
    lines = [*exported(found, rows, steps, scale), *surrounding(found, assumed, every, others, looks)]
    return Numbers(tables, csv_of(lines), f"seventy-{answer.as_of}.csv")


def _changed(found: Findings, scale: Scale) -> Iterator[NumberTable]:
    if not isinstance(found.changes, Withheld):
        yield NumberTable("Change from baseline", changes.table(found.changes, scale))


def benefit_and_harm(rows: Sequence[RateRow], rounding: Rounding) -> pd.DataFrame:
    """The rates of the same people; harm as seen, with its worst case."""
    rates_of = [
        f"{rounding.full(row.rate)}; at worst {rounding.full(row.worst)}"
        if row.worst
        else rounding.full(row.rate)
        for row in rows
    ]
    return pd.DataFrame({"Outcome": [row.label for row in rows], "Rate": rates_of})
