"""The score a course is judged by, drawn: clinical specification §3.4, §3.8.3, §3.8.4, §3.8.7, §3.8.10."""

from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from models.outcomes.derivation.derive import derive_outcomes
from models.outcomes.question.vocabulary import WindowName
from models.outcomes.question.windows import WINDOWS, Anchor
from tests.support.drawn import PHQ9, course, derived, drawn
from tests.support.timelines import Frames, Record, frames, plain_rows

INDUCTION = "\n".join(f"{day} | 10:00 | yes | |" for day in (0, 3, 6, 9, 12, 15))


def check(table: str, window: str, endpoint: int | None) -> None:
    """A drawing of scores after the usual six infusions on days 0 to 15, and the endpoint chosen."""
    lines = table.strip().splitlines()
    row = derived("\n".join(["day | time | infusion | score | timing", INDUCTION, *lines]))
    assert row[f"{window}_endpoint"] == endpoint


def test_the_windows_are_those_of_the_specification() -> None:
    table = """
        window           | anchor            | first | target | last
        d7               | first_infusion    | 5     | 7      | 10
        end_of_induction | last_of_induction | 0     | 3      | 7
        p14_31           | last_of_induction | 14    | 21     | 31
        w6               | first_infusion    | 35    | 42     | 49
        m3               | first_infusion    | 77    | 91     | 105
        m6               | first_infusion    | 120   | 180    | 240
        m12              | first_infusion    | 305   | 365    | 425
    """
    for row in drawn(table):
        window = WINDOWS[WindowName(row["window"])]
        expected = (Anchor(row["anchor"]), int(row["first"]), int(row["target"]), int(row["last"]))
        assert (window.anchor, window.first, window.target, window.last) == expected
    h24 = WINDOWS[WindowName.H24]
    assert (h24.first_hour, h24.target * 24, h24.last_hour, h24.last) == (12, 24, 48, 2)


def test_windows_of_one_anchor_do_not_overlap() -> None:
    for anchor in Anchor:
        spans = sorted((w.first, w.last) for w in WINDOWS.values() if w.anchor is anchor and not w.in_hours)
        assert all(before[1] < after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize(
    ("window", "anchor", "first", "last"),
    [
        ("d7", 0, 5, 10),
        ("end_of_induction", 15, 1, 7),
        ("p14_31", 15, 14, 31),
        ("w6", 0, 35, 49),
        ("m3", 0, 77, 105),
        ("m6", 0, 120, 240),
        ("m12", 0, 305, 425),
    ],
)
def test_both_bounds_of_a_window_are_inside(window: str, anchor: int, first: int, last: int) -> None:
    check(f"{anchor + first} | | | 8 |", window, 8)
    check(f"{anchor + last} | | | 8 |", window, 8)
    if window != "end_of_induction":
        check(f"{anchor + first - 1} | | | 8 |", window, None)
    check(f"{anchor + last + 1} | | | 8 |", window, None)


def test_the_closest_to_the_target_is_chosen_never_the_best() -> None:
    check("30 | | | 2 |\n35 | | | 11 |\n45 | | | 3 |", "p14_31", 11)


def test_of_two_equally_close_the_earlier_is_chosen() -> None:
    check("34 | | | 12 |\n38 | | | 3 |", "p14_31", 12)
    check("38 | | | 3 |\n34 | | | 12 |", "p14_31", 12)


def test_of_two_scores_of_one_day_the_earlier_is_chosen() -> None:
    check("36 | 15:00 | | 3 |\n36 | 09:00 | | 12 |", "p14_31", 12)
    check("36 | 00:00 | | 3 |\n36 | | | 12 |", "p14_31", 12)


def test_the_end_of_induction_is_after_its_last_infusion() -> None:
    check("15 | 09:00 | | 9 |", "end_of_induction", None)
    check("15 | 10:00 | | 9 |", "end_of_induction", None)
    check("15 | 10:01 | | 9 |", "end_of_induction", 9)
    check("15 | | | 9 |", "end_of_induction", None)
    check("15 | | | 9 | after", "end_of_induction", 9)


def test_the_end_of_induction_is_also_after_the_first_infusion() -> None:
    """Of two infusions of one day the first has no time: what no time can lie after is before it."""
    table = "day | time | infusion | score\n0 | | yes |\n0 | 10:00 | yes |\n0 | 11:00 | | 9"
    assert derived(table)["end_of_induction_endpoint"] is None
    assert derived(table + "\n1 | | | 8")["end_of_induction_endpoint"] == 8


def test_the_end_of_induction_is_before_the_next_infusion() -> None:
    check("17 | 10:00 | yes | |\n18 | | | 9 |", "end_of_induction", None)
    check("17 | 10:00 | yes | |\n17 | 09:00 | | 9 |", "end_of_induction", 9)
    check("17 | 10:00 | yes | |\n17 | 10:00 | | 9 |", "end_of_induction", 9)
    check("17 | 10:00 | yes | |\n17 | 10:01 | | 9 |", "end_of_induction", None)


def test_the_next_infusion_ends_it_also_when_it_opens_another_course() -> None:
    table = "day | infusion | score\n0 | yes |\n2 | yes |\n3 | | 9"
    assert derived(table, course(1, 0), course(2, 2))["end_of_induction_endpoint"] is None


def test_a_score_after_a_maintenance_infusion_still_counts_in_the_later_windows() -> None:
    check("30 | | yes | |\n36 | | | 9 |", "p14_31", 9)


HOURS = "day | time | infusion | score | timing\n0 | 10:00 | yes | |\n"


@pytest.mark.parametrize(
    ("day", "time", "endpoint"),
    [(0, "21:59", None), (0, "22:00", 9), (1, "10:00", 9), (2, "10:00", 9), (2, "10:01", None)],
)
def test_the_24_hour_window_runs_from_12_to_48_real_hours(day: int, time: str, endpoint: int | None) -> None:
    assert derived(HOURS + f"{day} | {time} | | 9 |")["h24_endpoint"] == endpoint


def test_a_score_stated_before_the_infusion_is_no_endpoint_whatever_the_clock_says() -> None:
    assert derived(HOURS + "0 | 22:30 | | 9 | before")["h24_endpoint"] is None


def test_24_hours_prefers_the_closest_hour_and_then_the_earlier() -> None:
    assert derived(HOURS + "1 | 08:00 | | 5 |\n1 | 11:00 | | 6 |")["h24_endpoint"] == 6
    assert derived(HOURS + "1 | 11:00 | | 6 |\n1 | 09:00 | | 5 |")["h24_endpoint"] == 5


def test_a_score_of_the_next_day_without_a_time_counts_as_24_hours() -> None:
    assert derived(HOURS + "1 | | | 7 |\n1 | 10:01 | | 6 |")["h24_endpoint"] == 7
    assert derived(HOURS + "0 | | | 7 | after")["h24_endpoint"] is None
    assert derived(HOURS + "2 | | | 7 |")["h24_endpoint"] is None


def test_at_equal_distance_one_with_a_time_wins() -> None:
    assert derived(HOURS + "1 | | | 7 |\n1 | 10:00 | | 6 |")["h24_endpoint"] == 6


def test_where_the_infusion_has_no_time_scores_of_the_next_day_count_as_24_hours() -> None:
    untimed = "day | time | infusion | score | timing\n0 | | yes | |\n"
    assert derived(untimed + "1 | 23:00 | | 7 |")["h24_endpoint"] == 7
    assert derived(untimed + "1 | | | 5 |\n1 | 23:00 | | 7 |\n1 | 09:00 | | 6 |")["h24_endpoint"] == 6
    assert derived(untimed + "2 | 00:01 | | 7 |")["h24_endpoint"] is None


def test_hours_are_real_when_the_clocks_change() -> None:
    """New York, 2 November 2025: clocks went back at 2:00, so 10:00 to 10:00 the next day took 25 hours."""

    def row(text: str) -> dict[str, int]:
        at = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/New_York"))
        days = at.date().toordinal() - date(1970, 1, 1).toordinal()
        return {"day": days, "second": at.hour * 3600 + at.minute * 60, "instant": int(at.timestamp())}

    empty = frames(Record([], [], []))
    infusions = pl.DataFrame([{"infusion_id": 1, "patient_id": 1, "route": "iv", **row("2025-11-01T10:00")}])
    scores = [
        {"assessment_id": 1, "total": 20, **row("2025-11-01T09:00")},
        {"assessment_id": 2, "total": 8, **row("2025-11-02T10:00")},  # 25 real hours
        {"assessment_id": 3, "total": 7, **row("2025-11-02T08:30")},  # 23.5 real hours: closer
    ]
    same = {"patient_id": 1, "scale": "phq9", "timing": None, "recall_days": 14, "status": "complete"}
    assessments = pl.DataFrame([{**score, **same} for score in scores], schema=empty.assessments.schema)
    seen = Frames(empty.courses, infusions.cast({"day": pl.Int32, "second": pl.Int32}), assessments)
    (found,) = plain_rows(derive_outcomes(seen, PHQ9, date(2026, 1, 1)))
    assert (found["baseline"], found["h24_endpoint"]) == (20, 7)


def test_a_carried_score_is_the_last_one_before_the_window_opens() -> None:
    scores = """
-1 | | | 20 |
4  | | | 15 |
14 | | | 14 |
15 | 09:00 | | 13 |
16 | | | 12 |
34 | | | 11 |
50 | | | 10 |
76 | | | 9 |"""
    row = derived(f"day | time | infusion | score | timing\n{INDUCTION}{scores}")
    carried = {window: row[f"{window}_carried"] for window in WINDOWS}
    assert carried == {
        "h24": None,
        "d7": 15,
        "end_of_induction": 13,
        "p14_31": 12,
        "w6": 11,
        "m3": 9,
        "m6": 9,
        "m12": 9,
    }


def test_a_score_before_treatment_is_never_carried() -> None:
    assert derived("day | infusion | score\n-1 | | 20\n0 | yes |")["m3_carried"] is None


def test_before_the_24_hour_window_lies_what_was_taken_in_the_first_12_hours() -> None:
    assert derived(HOURS + "0 | 21:59 | | 9 |")["h24_carried"] == 9
    assert derived(HOURS + "0 | | | 9 | after")["h24_carried"] == 9
    assert derived(HOURS + "0 | 22:00 | | 9 |")["h24_carried"] is None


def test_an_endpoint_says_which_score_it_is() -> None:
    assert derived("day | infusion | score\n-1 | | 20\n7 | | 9\n0 | yes |")["d7_id"] == 2
