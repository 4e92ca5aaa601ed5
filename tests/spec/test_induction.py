"""The induction walk, drawn: clinical specification §3.8.2."""

from tests.support.drawn import course, derived, record
from tests.support.timelines import Course


def walk(days: str, *courses: Course, as_of: int = 1000) -> tuple[int, int, bool, bool]:
    """Last day of the induction, its length, whether it was completed, whether it is in progress."""
    table = "\n".join(["day | infusion", *(f"{day} | yes" for day in days.split())])
    row = derived(table, *courses, as_of=as_of)
    return row["e_day"], row["induction_infusions"], row["completed"], row["in_progress"]


def test_six_infusions_are_planned_where_nothing_is_said() -> None:
    assert walk("0 3 6 9 12 15 18") == (15, 6, True, False)


def test_the_walk_stops_at_the_planned_number() -> None:
    assert walk("0 3 6 9", course(planned_infusions=3)) == (6, 3, True, False)


def test_a_gap_of_14_days_goes_on_and_one_of_15_stops() -> None:
    assert walk("0 14 28 43") == (28, 3, False, False)


def test_infusions_after_the_walk_still_belong_to_the_course() -> None:
    row = derived("day | infusion\n0 | yes\n20 | yes\n23 | yes")
    assert (row["infusions"], row["induction_infusions"], row["next_day"]) == (3, 1, 20)


def test_two_infusions_of_one_day_are_two() -> None:
    table = """
        day | time  | infusion
        0   | 16:00 | yes
        0   | 10:00 | yes
        2   |       | yes
    """
    row = derived(table)
    assert (row["induction_infusions"], row["d0_second"]) == (3, 10 * 3600)


def test_an_infusion_without_a_time_is_the_first_of_its_day() -> None:
    table = """
        day | time  | infusion
        0   | 00:00 | im
        0   |       | iv
    """
    assert derived(table)["route"] == "iv"


def test_an_unfinished_induction_is_in_progress_for_14_days_after_the_last_infusion() -> None:
    for as_of, in_progress in ((3, True), (17, True), (18, False)):
        assert walk("0 3", as_of=as_of) == (3, 2, False, in_progress)


def test_it_is_over_once_planned_infusions_are_given() -> None:
    assert walk("0 3", course(planned_infusions=2), as_of=3) == (3, 2, True, False)


def test_it_is_over_from_the_day_the_course_ended() -> None:
    for as_of, in_progress in ((4, True), (5, False), (6, False)):
        assert walk("0 3", course(ended_day=5), as_of=as_of)[3] is in_progress


def test_infusions_after_the_day_asked_about_are_not_yet_given() -> None:
    assert walk("0 3 6 9 12 15", as_of=7) == (6, 3, False, True)


def test_the_walk_never_leaves_its_course() -> None:
    row = derived("day | infusion\n0 | yes\n3 | yes\n6 | yes", course(1, 0), course(2, 6))
    assert (row["e_day"], row["induction_infusions"], row["next_day"]) == (3, 2, 6)


def test_a_drawing_without_infusions_has_no_course() -> None:
    assert record("day | score\n0 | 12").infusions == []
