"""When a window has not closed, drawn: clinical specification §3.8.8."""

import pytest

from tests.support.drawn import course, derived
from tests.support.timelines import Course

SIX = "day | infusion | score\n-1 | | 20\n" + "\n".join(f"{day} | yes |" for day in (0, 3, 6, 9, 12, 15))


def check(window: str, closes: int, table: str = SIX, *courses: Course) -> None:
    """Pending on the day before, and no longer on the day itself."""
    for as_of, pending in ((closes - 1, True), (closes, False)):
        row = derived(table, *courses, as_of=as_of)
        assert row[f"{window}_pending"] is pending, (window, as_of)
        assert row[f"{window}_closes_day"] == closes


@pytest.mark.parametrize(
    ("window", "closes"),
    [
        ("h24", 2),
        ("d7", 10),
        ("end_of_induction", 22),
        ("p14_31", 46),
        ("w6", 49),
        ("m3", 105),
        ("m6", 240),
        ("m12", 425),
    ],
)
def test_a_window_is_pending_until_its_last_day(window: str, closes: int) -> None:
    check(window, closes)


def test_it_is_pending_even_if_a_score_is_already_in_it() -> None:
    row = derived(SIX + "\n36 | | 9", as_of=40)
    assert row["p14_31_endpoint"] == 9
    assert row["p14_31_pending"]


def test_an_induction_in_progress_keeps_its_windows_open() -> None:
    check("end_of_induction", 18, "day | infusion\n0 | yes\n3 | yes")
    check("p14_31", 34, "day | infusion\n0 | yes\n3 | yes")


def test_a_course_that_ended_closes_its_windows_sooner() -> None:
    check("end_of_induction", 12, "day | infusion\n0 | yes\n3 | yes", course(ended_day=12))
    check("end_of_induction", 10, "day | infusion\n0 | yes\n3 | yes", course(ended_day=4))


def test_windows_from_the_first_infusion_do_not_wait_for_the_induction() -> None:
    row = derived("day | infusion\n0 | yes\n3 | yes\n9 | yes", as_of=12)
    assert row["in_progress"]
    assert not row["d7_pending"]


def test_scores_after_the_day_asked_about_do_not_exist() -> None:
    table = SIX + "\n36 | | 9\n40 | | 3"
    assert derived(table, as_of=38)["p14_31_endpoint"] == 9
    assert derived(table, as_of=35)["p14_31_endpoint"] is None
