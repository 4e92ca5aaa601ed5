"""The golden cohort as a wide table: clinical specification §3.6 and §3.7.

The table has no dates (patient 11 had one infusion, so on a calendar the next day's score would also be an
end of induction; `golden_timeline` lays it out so), therefore the derived frame itself is built from it.
"""

from collections.abc import Iterator
from functools import cache
from statistics import median

import polars as pl
import pytest

from models.outcomes.answers.answer import answer
from models.outcomes.answers.claim import Claim
from models.outcomes.answers.specifications import grid
from models.outcomes.question.estimand import Estimand, Missing, Outcome
from models.outcomes.question.vocabulary import WindowName
from tests.support.drawn import PHQ9, day, drawn
from tests.support.golden import WINDOWS, cohort

STRATEGIES = {"OBS": "observed", "COMP": "completers", "NRI": "non_responder", "LOCF": "last_carried"}
EIGHT = [outcome for outcome in Outcome if outcome not in ("partial_response", "deterioration")]

TABLE = """
    definition           | OBS h24 | OBS d7 | OBS eoi | OBS p14_31 | OBS m3 | COMP eoi | NRI eoi | NRI p14_31 | NRI m3 | LOCF m3
    mcid20               | 13/18   | 14/16  | 12/14   | 9/10       | 8/9    | 12/12    | 12/18   | 9/18       | 8/18   | 14/18
    mcid                 | 12/18   | 14/16  | 12/14   | 10/10      | 8/9    | 12/12    | 12/18   | 10/18      | 8/18   | 14/18
    reliable_improvement | 10/18   | 13/16  | 12/14   | 8/10       | 6/9    | 12/12    | 12/18   | 8/18       | 6/18   | 12/18
    response             | 6/18    | 6/16   | 10/14   | 4/10       | 4/9    | 10/12    | 10/18   | 4/18       | 4/18   | 5/18
    response_and_le9     | 5/18    | 5/16   | 8/14    | 4/10       | 4/9    | 8/12     | 8/18    | 4/18       | 4/18   | 5/18
    recovery             | 7/18    | 8/16   | 8/14    | 6/10       | 4/9    | 8/12     | 8/18    | 6/18       | 4/18   | 8/18
    reliable_recovery    | 6/18    | 8/16   | 8/14    | 5/10       | 4/9    | 8/12     | 8/18    | 5/18       | 4/18   | 8/18
    remission            | 0/18    | 1/16   | 3/14    | 3/10       | 2/9    | 3/12     | 3/18    | 3/18       | 2/18   | 2/18
"""  # noqa: E501


def rate(definition: str, column: str, gate: int | None = 10) -> str:
    strategy, window = column.split()
    estimand = Estimand(
        outcome=Outcome(definition),
        window=WindowName(WINDOWS[window]),
        missing=Missing(STRATEGIES[strategy]),
        baseline_at_least=gate,
    )
    found = answer(cohort(), estimand, PHQ9, Claim(), as_of=day(0))
    return f"{found.rate.numerator}/{found.rate.denominator}"


def cells() -> Iterator[tuple[str, str, str]]:
    for row in drawn(TABLE):
        for column in row.keys() - {"definition"}:
            yield row["definition"], column, row[column]


@pytest.mark.conformance(
    figures="80 rates of the golden cohort, 8 definitions by 10 ways",
    source="counted apart for the specification (§3.6)",
)
@pytest.mark.parametrize(("definition", "column", "expected"), sorted(cells()))
def test_every_number_of_the_table(definition: str, column: str, expected: str) -> None:
    assert rate(definition, column) == expected


def test_without_a_gate_all_twenty_are_counted() -> None:
    assert [rate("response", f"{each} eoi", gate=None) for each in ("OBS", "COMP", "NRI")] == [
        "12/16",
        "12/14",
        "12/20",
    ]


def test_the_staircase_from_the_most_flattering_to_the_strictest() -> None:
    steps = [
        rate("response", "COMP eoi", gate=None),
        rate("response", "COMP eoi"),
        rate("response", "OBS eoi"),
        rate("response", "NRI eoi"),
        rate("response", "NRI p14_31"),
        rate("remission", "NRI p14_31"),
    ]
    assert steps == ["12/14", "10/12", "10/14", "10/18", "4/18", "3/18"]


def test_the_best_bound_and_the_worsening_of_those_seen() -> None:
    found = answer(
        cohort(),
        Estimand(window=WindowName.END_OF_INDUCTION, baseline_at_least=10),
        PHQ9,
        Claim(),
        as_of=day(0),
    )
    assert found.bounds.best[:2] == (14, 18)
    seen = cohort().filter(pl.col("baseline") >= 10, pl.col("end_of_induction_endpoint").is_not_null())
    worse = seen.filter(pl.col("end_of_induction_endpoint") > pl.col("baseline"))
    assert (worse.height, seen.height) == (1, 14)


@cache
def specifications() -> dict[tuple[str, str, str, int | None], tuple[int, int]]:
    """The 320 of §3.7, by the names of the specification."""
    answers = grid(cohort(), Estimand(baseline_at_least=10), PHQ9, Claim(), as_of=day(0)).answers
    every = {
        (str(e.outcome), str(e.window), str(e.missing), e.baseline_at_least): (found.rate[0], found.rate[1])
        for found in answers
        for e in (found.estimand,)
    }
    return {
        key: counts
        for key, counts in every.items()
        if key[0] in EIGHT and key[1] in WINDOWS.values() and key[2] in STRATEGIES.values()
    }


@pytest.mark.conformance(
    figures="320 specifications: least, most, median, 87 at 70 %",
    source="counted apart for the specification (§3.7)",
)
def test_320_specifications_give_the_figures_of_the_specification() -> None:
    ratios = {key: x / n for key, (x, n) in specifications().items()}
    assert len(ratios) == 320
    assert min(ratios.values()) == 0
    assert specifications()["remission", "h24", "completers", 10] == (0, 12)
    assert max(ratios.values()) == 1
    assert specifications()["mcid", "end_of_induction", "completers", None] == (14, 14)
    assert median(ratios.values()) == pytest.approx(0.454545, abs=1e-6)
    assert sum(ratio >= 0.70 for ratio in ratios.values()) == 87


def test_response_alone_ranges_from_22_to_86_per_cent() -> None:
    response = {key: counts for key, counts in specifications().items() if key[0] == "response"}
    ratios = {key: x / n for key, (x, n) in response.items()}
    assert len(ratios) == 40
    assert min(ratios.values()) == response["response", "m3", "non_responder", 10][0] / 18 == 4 / 18
    assert max(ratios.values()) == ratios["response", "end_of_induction", "completers", None] == 12 / 14
    assert sum(ratio >= 0.70 for ratio in ratios.values()) == 4
