"""Which course an infusion belongs to, drawn: clinical specification §3.8.1."""

import pytest

from models.outcomes.derivation.courses import assign_courses
from tests.support.drawn import DAY0, course, drawn, every_course, record
from tests.support.timelines import Course, Record, frames, plain_rows


def check(table: str, *courses: Course) -> None:
    """Each row: the day of an infusion, its course and its number in it; a derived course is `derived`."""
    rows = drawn(table)
    seen = record("\n".join(["day | infusion", *(f"{row['day']} | yes" for row in rows)]), *courses)
    assigned = assign_courses(*frames(seen)[:2])
    found = {row["day"] - DAY0: row for row in plain_rows(assigned.infusions)}
    for row in rows:
        got = found[int(row["day"])]
        assert got["number"] == int(row["number"]), row
        if row["course"].startswith("derived"):
            opener = int(row["course"].removeprefix("derived from "))
            assert got["course_id"] == -found[opener]["infusion_id"], row
        else:
            assert got["course_id"] == int(row["course"]), row


def test_an_infusion_belongs_to_the_latest_course_that_started_on_or_before_its_date() -> None:
    check(
        """
        day | course | number
        0   | 1      | 1
        3   | 1      | 2
        49  | 1      | 3
        50  | 2      | 1
        60  | 2      | 2
        """,
        course(1, 0),
        course(2, 50),
    )


def test_recorded_courses_decide_however_long_the_gap() -> None:
    check(
        """
        day | course | number
        0   | 1      | 1
        400 | 1      | 2
        """,
        course(1, 0),
    )


def test_without_a_recorded_course_a_gap_of_more_than_90_days_starts_a_new_one() -> None:
    check("""
        day | course           | number
        0   | derived from 0   | 1
        90  | derived from 0   | 2
        181 | derived from 181 | 1
        184 | derived from 181 | 2
    """)


def test_infusions_before_every_recorded_course_open_a_course_of_their_own() -> None:
    check(
        """
        day  | course            | number
        -200 | derived from -200 | 1
        -10  | derived from -10  | 1
        -3   | derived from -10  | 2
        0    | 1                 | 1
        """,
        course(1, 0),
    )


def test_the_order_of_rows_does_not_matter() -> None:
    table = """
        day  | infusion
        0    | yes
        90   | yes
        181  | yes
        300  | yes
    """
    seen = record(table, course(7, 250))
    backwards = Record(seen.courses, seen.infusions[::-1], seen.assessments)
    one, other = (assign_courses(*frames(each)[:2]) for each in (seen, backwards))
    assert sorted(plain_rows(one.infusions), key=str) == sorted(plain_rows(other.infusions), key=str)
    assert sorted(plain_rows(one.courses), key=str) == sorted(plain_rows(other.courses), key=str)


def test_the_first_course_is_the_earliest_with_an_infusion_not_the_earliest_recorded() -> None:
    table = """
        day | infusion
        30  | yes
        90  | yes
    """
    rows = every_course(record(table, course(1, 0), course(2, 20), course(3, 80)))
    assert [(row["course_id"], row["course_number"]) for row in sorted(rows, key=str)] == [(2, 1), (3, 2)]


def test_a_derived_course_is_one_for_depression_with_nothing_else_known() -> None:
    (row,) = every_course(record("day | infusion\n0 | yes"))
    assert row["indication"] == "depression"
    assert row["planned"] == 6
    assert row["resistance"] == "unknown"
    assert row["clinician"] is None


def test_courses_keep_their_columns_and_gain_their_number() -> None:
    seen = record("day | infusion\n-100 | yes\n0 | yes", course(1, 0, clinician="Dr A"), course(2, 500))
    rows = {row["course_id"]: row for row in plain_rows(assign_courses(*frames(seen)[:2]).courses)}
    assert {key: row["course_number"] for key, row in rows.items()} == {-1: 1, 1: 2, 2: None}
    assert rows[-1]["started_day"] == DAY0 - 100
    assert rows[1]["clinician"] == "Dr A"


@pytest.mark.parametrize("as_of", [0, 40, 300])
def test_a_course_begun_after_the_day_asked_about_does_not_exist(as_of: int) -> None:
    rows = every_course(record("day | infusion\n0 | yes\n40 | yes", course(1, 0), course(2, 40)), as_of=as_of)
    assert len(rows) == (1 if as_of < 40 else 2)
