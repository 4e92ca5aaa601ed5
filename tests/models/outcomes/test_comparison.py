"""Clinicians beside chance: whom the question counts, exact limits for few, none for fewer (§5.5)."""

from dataclasses import replace

import polars as pl
import pytest

from models.outcomes.answers.comparison import by_clinician
from models.outcomes.proportions.funnel import ACTION_TAIL, additive_limits, exact_limits, spread
from models.outcomes.proportions.rates import wilson
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import WindowName
from tests.support.drawn import PHQ9
from tests.support.golden import cohort
from tests.support.timelines import ENGINES

ASKED = Estimand(baseline_at_least=10, window=WindowName.END_OF_INDUCTION)
UNITS = [(18, 30), (25, 30), (10, 25), (30, 40), (22, 40), (12, 25), (35, 60), (20, 22)]


def clinic(**fractions: tuple[int, int]) -> pl.DataFrame:
    """Courses like patient 1 (responded, 21 to 8) and patient 3 (not, 24 to 17), by clinician."""
    met, unmet = (cohort().filter(pl.col("course_id") == each) for each in (1, 3))
    rows = [
        each.with_columns(clinician=pl.lit(name or None, pl.String))
        for name, (numerator, denominator) in fractions.items()
        for each in (*[met] * numerator, *[unmet] * (denominator - numerator))
    ]
    return pl.concat(rows)


@pytest.mark.parametrize("engine", ENGINES)
def test_few_clinicians_have_exact_limits_around_all_together_by_name(engine: str) -> None:
    outcomes = clinic(B=(30, 40), A=(10, 25), C=(5, 10))
    found = by_clinician(ENGINES[engine]()(outcomes), ASKED, PHQ9)
    assert found is not None
    assert found.pooled == wilson(45, 75)
    assert [(unit.name, unit.rate) for unit in found.units] == [
        ("A", wilson(10, 25)),
        ("B", wilson(30, 40)),
        ("C", wilson(5, 10)),
    ]
    assert found.units[0].warning == exact_limits(25, 0.6)
    assert found.units[1].action == exact_limits(40, 0.6, ACTION_TAIL)
    assert (found.units[2].warning, found.units[2].place) == (None, None)
    assert not found.estimated


def test_a_rate_beyond_the_wider_limits_is_more_than_chance() -> None:
    found = by_clinician(clinic(A=(4, 40), B=(36, 40)), ASKED, PHQ9)
    assert found is not None
    assert [unit.place for unit in found.units] == ["below", "above"]
    alike = by_clinician(clinic(A=(20, 40), B=(22, 40)), ASKED, PHQ9)
    assert alike is not None
    assert [unit.place for unit in alike.units] == ["within", "within"]


def test_eight_clinicians_have_limits_widened_by_how_much_they_differ() -> None:
    found = by_clinician(clinic(**{f"Dr {place}": each for place, each in enumerate(UNITS)}), ASKED, PHQ9)
    assert found is not None
    target = 172 / 272
    tau_squared = spread(UNITS, target).tau_squared
    assert found.estimated
    assert found.units[2].warning == pytest.approx(additive_limits(25, target, tau_squared))
    assert all(unit.action.low >= 0 and unit.action.high <= 1 for unit in found.units if unit.action)


def test_nothing_is_compared_with_fewer_than_two_of_enough_courses() -> None:
    assert by_clinician(clinic(A=(10, 25), B=(5, 19)), ASKED, PHQ9) is None
    assert by_clinician(cohort(), ASKED, PHQ9) is None


def test_courses_without_a_name_count_in_all_together_and_are_nobodys() -> None:
    outcomes = pl.concat([clinic(A=(10, 25), B=(15, 30)), cohort()])
    found = by_clinician(outcomes, ASKED, PHQ9)
    assert found is not None
    assert (found.units[0].name, found.units[0].rate) == ("", wilson(10, 18))
    assert found.units[0].place is None
    assert found.pooled == wilson(35, 73)


def test_a_question_about_one_clinician_compares_all() -> None:
    outcomes = clinic(A=(10, 25), B=(15, 30))
    assert by_clinician(outcomes, replace(ASKED, clinician="A"), PHQ9) == by_clinician(outcomes, ASKED, PHQ9)


def test_where_everybody_or_nobody_responds_limits_mean_what_they_say() -> None:
    nearly = by_clinician(clinic(A=(20, 20), B=(36, 40)), ASKED, PHQ9)
    assert nearly is not None
    assert nearly.units[0].place == "within"  # at 93 %, 20 of 20 is nothing rare
    for met in (0, 30):
        found = by_clinician(clinic(A=(met, 30), B=(met, 30)), ASKED, PHQ9)
        assert found is not None
        assert [unit.place for unit in found.units] == ["within", "within"]
