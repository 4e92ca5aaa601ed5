"""The unseen filled in from people like them: seeded, between the hard bounds, and never of too few."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from models.outcomes.answers.answer import answer
from models.outcomes.answers.claim import Claim
from models.outcomes.counts.imputation import IMPUTATIONS, imputed
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Missing
from tests.support.drawn import PHQ9, day
from tests.support.golden import cohort

ASKED = Estimand(baseline_at_least=10)


def clinic(courses: int, *, unseen: float, seed: int = 1) -> pl.DataFrame:
    """Courses drawn from the golden cohort; those who did badly are not the ones never seen: chance is."""
    dice = np.random.default_rng(seed)
    people = cohort().filter(pl.col("p14_31_endpoint").is_not_null())
    drawn = people.sample(courses, with_replacement=True, seed=seed)
    gone = pl.Series(dice.random(courses) < unseen)
    return drawn.with_columns(
        course_id=pl.Series(range(1, courses + 1)),
        induction_infusions=pl.lit(6),
        p14_31_endpoint=pl.when(~gone).then("p14_31_endpoint"),
    )


def test_the_same_record_gives_the_same_number_for_ever() -> None:
    outcomes = clinic(200, unseen=0.3)
    assert imputed(outcomes, ASKED, PHQ9) == imputed(
        outcomes.sample(fraction=1, shuffle=True, seed=3), ASKED, PHQ9
    )


def test_where_chance_decides_who_is_seen_it_agrees_with_the_seen_and_keeps_within_the_bounds() -> None:
    outcomes = clinic(400, unseen=0.3)
    found = imputed(outcomes, ASKED, PHQ9)
    assert found is not None
    bounds = answer(outcomes, ASKED, PHQ9, Claim(), as_of=day(0)).bounds
    assert found.ratio == pytest.approx(bounds.observed.ratio, abs=0.05)
    assert bounds.worst.ratio is not None
    assert bounds.best.ratio is not None
    assert bounds.worst.ratio <= found.ratio <= bounds.best.ratio
    assert found.low < found.ratio < found.high
    assert found.imputations == IMPUTATIONS


def test_what_the_question_says_of_missing_scores_does_not_matter() -> None:
    outcomes = clinic(200, unseen=0.3)
    observed = replace(ASKED, missing=Missing.OBSERVED)
    assert imputed(outcomes, ASKED, PHQ9) == imputed(outcomes, observed, PHQ9)


def test_of_too_few_or_with_nobody_unseen_there_is_nothing_to_fill_in() -> None:
    assert imputed(clinic(24, unseen=0.6), ASKED, PHQ9) is None
    assert imputed(clinic(100, unseen=0), ASKED, PHQ9) is None
    assert imputed(clinic(100, unseen=1), ASKED, PHQ9) is None


def test_of_very_many_of_whom_almost_none_were_seen_there_is_nothing_to_fill_in_either() -> None:
    assert imputed(clinic(30_000, unseen=0.999), ASKED, PHQ9) is None


def test_a_rate_of_none_still_has_an_interval() -> None:
    nobody = clinic(200, unseen=0.3).with_columns(
        p14_31_endpoint=pl.when(pl.col("p14_31_endpoint").is_not_null()).then("baseline")
    )
    found = imputed(nobody, ASKED, PHQ9)
    assert found is not None
    assert found.ratio == 0
    assert found.high > 0


def test_where_nobody_was_scored_on_the_way_the_baseline_alone_foretells() -> None:
    """The last earlier score is then the baseline itself: the same column twice, which no model can weigh."""
    unscored = clinic(200, unseen=0.3).with_columns(p14_31_carried=pl.lit(None, pl.Int64))
    found = imputed(unscored, ASKED, PHQ9)
    assert found is not None
    assert found.low < found.ratio < found.high


def test_where_everybody_began_alike_each_of_the_unseen_is_like_any_of_the_seen() -> None:
    unscored = pl.lit(None, pl.Int64)
    alike = clinic(200, unseen=0.3).with_columns(baseline=pl.lit(20), p14_31_carried=unscored)
    found, bounds = imputed(alike, ASKED, PHQ9), answer(alike, ASKED, PHQ9, Claim(), as_of=day(0)).bounds
    assert found is not None
    assert found.ratio == pytest.approx(bounds.observed.ratio, abs=0.1)
