"""One course over time: what is filled, hollow and dotted, and where response and remission stand."""

import itertools
from datetime import date

import plotly.graph_objects as go
import pytest

from dashboard.charts.patient.course import Course, Infusion, Panel, Score, Span
from dashboard.charts.patient.course_words import sentence, table
from dashboard.charts.patient.legend import legend
from dashboard.charts.patient.main_panel import thresholds
from dashboard.charts.patient.timeline import timeline
from dashboard.charts.patient.trajectory import trajectory
from dashboard.charts.theme import CLEAR, GAP, INK, MUTED, OURS, PAPER
from models.scales import Scales
from tests.dashboard.charts.gallery import COURSES, SCALES, SIX, panel
from tests.support.figures import boxes, lines, outlines, words

RESPONSE = COURSES["a response"]
START = date(2026, 1, 12)


def strokes(figure: go.Figure) -> list[tuple[str, str]]:
    return [(trace.line.color, trace.line.dash) for trace in figure.data if trace.mode == "lines"]


def dots_of(course: Course) -> dict[float, tuple[str, str]]:
    """Face and edge of the patient's dots, by day."""
    trace = next(
        trace for trace in trajectory(course).data if trace.hovertext and "PHQ-9" in trace.hovertext[0]
    )
    return dict(zip(trace.x, zip(trace.marker.color, trace.marker.line.color, strict=True), strict=True))


def test_a_score_is_filled_unless_it_reaches_back_before_treatment_or_is_older_than_the_baseline() -> None:
    dots = dots_of(RESPONSE)
    assert dots[24] == (INK, PAPER)
    assert dots[3.3] == (PAPER, INK)
    assert dots[-9] == (PAPER, GAP)
    assert dots[31] == (OURS, PAPER)


def test_the_line_is_dotted_across_a_silence_of_more_than_21_days_and_up_to_the_baseline() -> None:
    main = Course(START, panel("phq9", (-9, 20), (-1, 21), (20, 12), (42, 10), (63, 9), baseline=-1))
    assert strokes(trajectory(main)) == [(GAP, "dot"), (INK, "solid"), (INK, "dot")]
    solid, hole = (trace for trace in trajectory(main).data[1:3])
    assert list(solid.x) == [-1, 20, None, 42, 63, None]
    assert list(hole.x) == [20, 42, None]


def test_a_score_that_was_due_and_never_came_leaves_a_hole_and_a_cross() -> None:
    course = Course(START, panel("phq9", (-1, 21), (10, 12), (20, 10), baseline=-1), due=(15,))
    assert (INK, "dot") in strokes(trajectory(course))
    (cross,) = (trace for trace in trajectory(course).data if trace.marker.symbol == "x")
    assert (list(cross.x), cross.marker.color) == ([15], GAP)


def test_the_baseline_has_a_ring_and_baseline_and_endpoint_are_written_out() -> None:
    figure = trajectory(RESPONSE)
    ring = next(trace for trace in figure.data if trace.marker.size == 18)
    assert (list(ring.x), ring.marker.color) == ([-0.6], CLEAR)
    assert {"21 baseline", "9 endpoint", "10"} <= set(words(figure))


@pytest.mark.parametrize(
    ("scale", "baseline", "lines_at"),
    [
        ("phq9", 21, [("response", 10), ("remission", 4)]),
        ("phq9", 20, [("response", 10), ("remission", 4)]),
        ("pcl5", 60, []),
        ("promis_depression", 700, [("remission", 549)]),
        ("bss", 20, [("response", 10)]),
    ],
)
def test_the_lines_are_the_highest_scores_that_count(
    scale: str, baseline: int, lines_at: list[tuple[str, int]]
) -> None:
    course = Course(START, panel(scale, (-1, baseline), baseline=-1))
    assert [(line.name, line.at_most) for line in thresholds(course)] == lines_at


def test_the_lines_lie_half_a_point_above_what_still_counts_and_start_at_the_baseline() -> None:
    response, remission = lines(trajectory(RESPONSE), OURS)
    assert (response["x0"], remission["x0"]) == (-0.6, -0.6)
    assert (response["line"]["dash"], remission["line"]["dash"]) == ("dash", "dot")
    nine, ten, eleven = (heights(RESPONSE)[total] for total in (9, 10, 12))
    assert eleven < response["y0"] < ten < nine


def heights(course: Course) -> dict[int, float]:
    trace = next(
        trace for trace in trajectory(course).data if trace.hovertext and "PHQ-9" in trace.hovertext[0]
    )
    return dict(zip((score.total for score in course.main.scores), trace.y, strict=True))


def test_without_a_baseline_there_is_no_line_of_response() -> None:
    assert [line.name for line in thresholds(COURSES["no infusions"])] == ["remission"]


def test_the_bands_shade_from_nothing_to_ten_per_cent_without_a_gap() -> None:
    shades = list(boxes(trajectory(RESPONSE), INK))
    assert [shape["opacity"] for shape in shades] == [0, 0.02, 0.045, 0.07, 0.10]
    assert all(lower["y0"] == upper["y1"] for lower, upper in itertools.pairwise(shades))


@pytest.mark.parametrize(
    ("scale", "scores"),
    [
        ("phq9", ((-7, 19), (0, 20), (3, 21), (17, 22), (22, 20), (34, 23))),
        ("hamd17", ((0, 39), (22, 26))),
        ("promis_depression", ((0, 600), (22, 560))),
    ],
)
def test_every_band_of_a_line_or_more_is_named_also_where_scores_are_written_in_it(
    scale: str, scores: tuple[tuple[float, int], ...]
) -> None:
    course = Course(START, panel(scale, *scores, baseline=0, endpoint=22), (), SIX, Span(14, 31))
    assert {band.name for band in course.main.scale.bands} <= set(words(trajectory(course)))


def test_the_window_is_a_column_of_whole_days_dotted_while_it_is_open() -> None:
    closed, still_open = (trajectory(COURSES[name]) for name in ("a response", "one score"))
    (column,) = boxes(closed, OURS)
    assert (column["x0"], column["x1"]) == (31, 49)
    assert not outlines(closed, "dot")
    assert len(outlines(still_open, "dot")) == 1


def test_the_error_band_is_drawn_only_when_asked_for_and_only_where_the_scale_has_a_figure(
    scales: Scales,
) -> None:
    assert "± 6 error" not in words(trajectory(RESPONSE))
    assert "± 6 error" in words(trajectory(RESPONSE, error_band=True))
    madrs = Course(START, panel("madrs", (-1, 30), baseline=-1))
    assert trajectory(madrs, error_band=True) == trajectory(madrs)


def test_the_dose_is_written_where_it_changes_and_its_unit_once() -> None:
    assert words(trajectory(RESPONSE))[:2] == ["0.5", "0.6 mg/kg"]


def test_doses_that_change_too_often_to_be_written_are_a_range() -> None:
    infusions = tuple(Infusion(day, day, amount) for day, amount in ((1, 0.5), (2, 0.55), (3, 0.6)))
    course = RESPONSE._replace(infusions=infusions)
    assert words(trajectory(course))[0] == "0.5–0.6 mg/kg"


def test_a_weight_that_changed_a_little_is_not_another_dose() -> None:
    infusions = tuple(Infusion(day, day, amount) for day, amount in ((1, 0.5), (20, 0.49), (40, 0.51)))
    figure = trajectory(RESPONSE._replace(infusions=infusions))
    assert words(figure)[0] == "0.5 mg/kg"
    (strip,) = (trace for trace in figure.data if trace.marker.symbol == "triangle-down")
    assert "0.49" in strip.hovertext[1]


def test_a_first_score_later_on_the_first_day_leaves_day_0_on_the_axis() -> None:
    course = Course(START, panel("phq9", (0.4, 21), (30, 10)))
    assert timeline(course, "day").ticks[0] == (0, "day\u00a00")


def test_doses_in_milligrams_are_not_mixed_with_doses_per_kilogram() -> None:
    infusions = (Infusion(1, 1, 0.5), Infusion(2, 2, 40, "mg"))
    assert words(trajectory(RESPONSE._replace(infusions=infusions)))[0] == "40 mg"


def test_every_infusion_has_a_triangle_and_a_line_through_all_panels() -> None:
    figure = trajectory(RESPONSE)
    (strip,) = (trace for trace in figure.data if trace.marker.symbol == "triangle-down")
    assert list(strip.x) == [infusion.day for infusion in SIX]
    assert strip.hovertext[4] == "<b>Infusion 5</b>, 0.6\u00a0mg/kg<br>26\u00a0Jan\u00a02026"


def test_other_scales_stand_below_with_their_range_and_first_and_last_score() -> None:
    told = words(trajectory(RESPONSE))
    assert "GAD-7  anxiety, 0 to 21" in told
    assert told[-1] == "48"
    assert (MUTED, "dot") in strokes(trajectory(RESPONSE))  # more than 21 days apart


def test_a_corrected_score_tells_of_the_old_one() -> None:
    corrected = Course(START, Panel(RESPONSE.main.scale, (Score(0, 14, corrected_from=17),)))
    trace = trajectory(corrected).data[0]
    assert trace.hovertext[0] == "<b>PHQ-9 14</b><br>day\u00a00, 12\u00a0Jan\u00a02026<br>corrected; was 17"
    assert table(corrected)["Remark"].tolist() == ["corrected; was 17"]


def test_the_same_days_are_read_as_days_dates_or_infusions() -> None:
    ticks = {
        reading: [words for _, words in timeline(RESPONSE, reading).ticks]
        for reading in ("day", "date", "infusion")
    }
    assert ticks["day"] == ["day\u00a00", "14", "28", "42", "56", "70"]
    assert ticks["date"] == ["12\u00a0Jan<br>2026", "9\u00a0Feb", "9\u00a0Mar"]
    assert ticks["infusion"] == ["1", "2", "3", "4", "5", "6"]


def test_by_infusion_a_day_between_two_infusions_stands_between_their_numbers() -> None:
    read = timeline(RESPONSE, "infusion")
    assert [read.at(day) for day in (0, 3, 5, 7)] == [1, 2, 2.5, 3]
    assert read.at(-7) < 1
    assert 6 < read.at(31) < read.at(73)


def test_without_infusions_the_axis_reads_days() -> None:
    assert (
        timeline(COURSES["no infusions"], "infusion").ticks == timeline(COURSES["no infusions"], "day").ticks
    )


def test_a_scale_in_tenths_is_written_as_people_read_it() -> None:
    assert {"68.1 baseline", "54.9 endpoint", "90.0"} <= set(words(trajectory(COURSES["tenths"])))


def test_a_scale_of_a_clinics_own_cannot_smuggle_markup_into_a_figure(scales: Scales) -> None:
    named = scales["gad7"].model_copy(update={"name": "<a href='//x'>GAD</a>"})
    course = Course(START, RESPONSE.main, (Panel(named, (Score(0, 5),)),))
    assert not [text for text in trajectory(course).layout.annotations if "<a" in text.text]
    assert not [told for trace in trajectory(course).data for told in trace.hovertext or () if "<a" in told]


def test_the_legend_explains_the_marks_that_are_there_and_no_others() -> None:
    assert legend(RESPONSE, error_band=True) == (
        "▼ infusion with its dose · ○ recall reaches back before treatment · "
        "grey ○ older than the baseline · × due, not answered · "
        "shaded column: the window of the question · grey band: change that may be chance"
    )
    assert legend(COURSES["no infusions"]) == ""


def test_a_band_too_low_for_its_name_has_it_in_the_legend(scales: Scales) -> None:
    course = Course(START, panel("sidas", (0, 40), (22, 0), baseline=0, endpoint=22))
    assert legend(course) == "SIDAS 0: none"
    assert {"some", "high"} <= set(words(trajectory(course)))
    low, middle, high = scales["sidas"].bands
    bands = (low, middle.model_copy(update={"high": 2}), high.model_copy(update={"low": 3}))
    two = Panel(scales["sidas"].model_copy(update={"bands": bands}), course.main.scores)
    assert legend(Course(START, two)) == "SIDAS 0: none · SIDAS 1–2: some"


@pytest.mark.parametrize("scale", sorted(scale.id for scale in SCALES.values() if scale.bands))
def test_every_band_is_named_once_in_the_figure_or_in_the_legend(scale: str) -> None:
    course = Course(START, Panel(SCALES[scale], ()), window=Span(31, 48))
    inside, beside = words(trajectory(course)), legend(course).split(" · ")
    for band in SCALES[scale].bands:
        named = inside.count(band.name) + sum(each.endswith(f": {band.name}") for each in beside)
        assert named == 1, band.name


def test_a_screen_reader_hears_the_scores_that_matter() -> None:
    assert sentence(RESPONSE) == "PHQ-9: 21 baseline, 9 endpoint, 10 last; 8 scores, 6 infusions."
    assert sentence(COURSES["no scores"]) == "PHQ-9: no score yet; 0 scores, 0 infusions."


def test_the_table_has_every_score_of_every_scale_in_the_order_of_time() -> None:
    rows = table(RESPONSE)
    assert rows["Day"].tolist()[:4] == ["−9", "−9", "−1", "−1"]
    assert rows.iloc[2].tolist() == ["11\u00a0Jan\u00a02026", "−1", "PHQ-9", "21", "severe", "baseline"]
    assert len(rows) == 12


def test_a_window_alone_is_enough_to_draw(scales: Scales) -> None:
    course = Course(START, Panel(scales["phq9"], ()), window=Span(31, 48))
    assert "window" in words(trajectory(course))
