"""The score a course is measured from, drawn: clinical specification §3.8.4 to §3.8.6."""

import pytest

from models.outcomes.derivation.derive import derive_outcomes
from tests.support.drawn import PHQ9, course, day, derived
from tests.support.timelines import Assessment, Infusion, Record, frames, plain_rows


def check(table: str, baseline: int | None) -> None:
    assert derived(table)["baseline"] == baseline


def test_baseline_is_the_last_score_before_the_first_infusion_not_the_worst() -> None:
    check(
        """
        day | infusion | score
        -9  |          | 24
        -2  |          | 17
        0   | yes      |
        3   | yes      | 9
        """,
        17,
    )


@pytest.mark.parametrize(("day", "baseline"), [(-14, 20), (-15, None)])
def test_a_baseline_is_at_most_14_days_old(day: int, baseline: int | None) -> None:
    check(f"day | infusion | score\n{day} | | 20\n0 | yes |", baseline)


def test_a_score_of_the_day_itself_without_a_time_counts_as_before() -> None:
    check("day | time | infusion | score\n-3 | | | 22\n0 | | | 18\n0 | 10:00 | yes |", 18)


def test_a_score_of_the_day_counts_as_before_an_infusion_without_a_time() -> None:
    check("day | time | infusion | score\n0 | 23:00 | | 18\n0 | | yes |", 18)


def test_a_score_taken_after_the_infusion_of_that_day_is_no_baseline() -> None:
    check("day | time | infusion | score\n-3 | | | 22\n0 | 10:00 | yes |\n0 | 11:00 | | 15", 22)


def test_an_equal_moment_counts_as_before() -> None:
    check("day | time | infusion | score\n0 | 10:00 | yes |\n0 | 10:00 | | 15", 15)


def test_what_was_stated_wins_over_the_clock() -> None:
    check("day | time | infusion | score | timing\n0 | 10:00 | yes | |\n0 | 11:00 | | 15 | before", 15)
    check("day | time | infusion | score | timing\n0 | 10:00 | yes | |\n0 | 09:00 | | 15 | after", None)


def test_a_statement_speaks_only_of_its_own_date() -> None:
    check("day | infusion | score | timing\n-1 | | 15 | after\n0 | yes | |", 15)


def test_among_scores_of_the_day_one_without_a_time_is_the_earlier() -> None:
    check("day | time | infusion | score\n0 | | | 11\n0 | 08:00 | | 12\n0 | 10:00 | yes |", 12)
    check("day | time | infusion | score\n0 | | | 11\n0 | 00:00 | | 12\n0 | 10:00 | yes |", 12)


def test_the_baseline_says_which_score_it_is_and_of_which_day() -> None:
    row = derived("day | infusion | score\n-2 | | 17\n-9 | | 24\n0 | yes |")
    assert (row["baseline_id"], row["baseline_day"]) == (1, -2)


def test_a_second_course_has_a_baseline_of_its_own() -> None:
    table = "day | infusion | score\n-1 | | 20\n0 | yes |\n199 | | 13\n200 | yes |"
    assert derived(table, course(1, 0))["baseline"] == 20
    assert derived(table, course(2, 200), course(1, 500))["baseline"] == 20


def test_scores_of_another_scale_are_none_of_its_business() -> None:
    seen = Record(
        [],
        [Infusion(1, 1, 20_000)],
        [Assessment(1, 1, 19_999, 12), Assessment(2, 1, 19_999, 3, second=1, scale="gad7")],
    )
    (row,) = plain_rows(derive_outcomes(frames(seen), PHQ9, day(100)))
    assert row["baseline"] == 12


@pytest.mark.parametrize("status", ["complete", "prorated", "total_only"])
def test_complete_prorated_and_total_only_scores_are_valid(status: str) -> None:
    seen = Record(
        [],
        [Infusion(1, 1, 20_000)],
        [Assessment(1, 1, 19_999, 12, status=status), Assessment(2, 1, 20_000, None, status="invalid")],
    )
    (row,) = plain_rows(derive_outcomes(frames(seen), PHQ9, day(100)))
    assert row["baseline"] == 12
