"""What a score of day 7 foretells, of the golden cohort counted by hand (§3.6, §5.11)."""

from dataclasses import replace

import polars as pl
import pytest

from models.outcomes.counts.early_response import foretold
from models.outcomes.proportions.rates import wilson
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Missing, Outcome, WindowName
from tests.support.drawn import PHQ9
from tests.support.golden import cohort as golden
from tests.support.timelines import ENGINES

ASKED = Estimand(baseline_at_least=10, window=WindowName.END_OF_INDUCTION)


def cohort(e_day: int = 18) -> pl.DataFrame:
    """The golden cohort with its last induction infusion on a day."""
    return golden().with_columns(e_day=pl.lit(e_day))


@pytest.mark.parametrize("engine", ENGINES)
def test_early_responders_and_others_are_followed_to_the_later_window(engine: str) -> None:
    """Day 7: patients 1, 2, 7, 9, 13 and 16 have responded, ten have not, 5 and 11 have no score.

    All six still have at the end of induction; of the ten 4, 6, 10 and 14 do then, and 3, 8, 17, 18 were
    seen without; 12 and 19 were not seen again and count as no response.
    """
    found = foretold(ENGINES[engine]()(cohort()), ASKED, PHQ9)
    assert found == (wilson(6, 6), wilson(4, 10), wilson(0, 2), 0)
    assert found.measures is not None
    assert found.measures.sensitivity == 6 / 10
    assert found.measures.negative_predictive == 6 / 10


def test_whom_the_question_counts_is_followed_and_nobody_else() -> None:
    found = foretold(cohort(), replace(ASKED, missing=Missing.OBSERVED), PHQ9)
    assert found == (wilson(6, 6), wilson(4, 8), wilson(0, 0), 0)


def test_scores_of_day_7_that_ask_about_days_before_treatment_are_counted() -> None:
    overlapping = cohort().with_columns(d7_overlaps=pl.col("course_id") < 3)
    found = foretold(overlapping, ASKED, PHQ9)
    assert found is not None
    assert found.overlapping == 2


def test_a_score_of_day_7_foretells_nothing_of_an_induction_that_was_over_by_then() -> None:
    assert foretold(cohort(10), ASKED, PHQ9) == (wilson(0, 0), wilson(0, 0), wilson(10, 18), 0)
    later = replace(ASKED, window=WindowName.P14_31)
    assert foretold(cohort(0), later, PHQ9) == foretold(cohort(18), later, PHQ9)


def test_nothing_is_foretold_of_harm_or_of_day_7_itself() -> None:
    assert foretold(cohort(), replace(ASKED, outcome=Outcome.DETERIORATION), PHQ9) is None
    assert foretold(cohort(), replace(ASKED, window=WindowName.D7), PHQ9) is None


def test_a_table_with_an_empty_row_has_no_measures() -> None:
    found = foretold(cohort().clear(), ASKED, PHQ9)
    assert found is not None
    assert (found.reached, found.measures) == (wilson(0, 0), None)
