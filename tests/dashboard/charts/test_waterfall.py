"""Each person's change, sorted, and the unseen at their true width."""

import numpy as np
import pandas as pd
import pytest

from dashboard.charts.claim.changes import caption, changes_of, table, title
from dashboard.charts.claim.waterfall import waterfall
from dashboard.charts.theme import HARM, OURS, REST
from models.scales import Scale, Scales
from tests.dashboard.charts.gallery import MOVED
from tests.support.figures import lines, outlines, words

FOUR = pd.DataFrame({"baseline": [20, 20, 20, 20, 20], "endpoint": [10, 15, 21, 26, np.nan]})


def bars_of(frame: pd.DataFrame, scale: Scale) -> dict[str, list[float]]:
    return {
        trace.marker.color: list(trace.y)
        for trace in waterfall(changes_of(frame, scale), scale, one_by_one=True).data
    }


def test_exactly_half_gone_is_blue_and_exactly_the_scales_deterioration_is_vermilion(phq9: Scale) -> None:
    assert bars_of(FOUR, phq9) == {OURS: [-50], REST: [-25, 5], HARM: [30]}


def test_every_person_is_as_wide_as_every_other_the_unseen_included(phq9: Scale) -> None:
    figure = waterfall(changes_of(FOUR, phq9), phq9, one_by_one=True)
    assert {trace.width for trace in figure.data} == {20}
    (block,) = outlines(figure, "solid")
    assert (block["x0"], block["x1"]) == (80, 100)


def test_those_who_got_worse_stand_last_whatever_their_share(phq9: Scale) -> None:
    frame = pd.DataFrame({"baseline": [10, 27], "endpoint": [15, 33]})  # +50 % in 5 points, +22 % in 6
    assert bars_of(frame, phq9) == {REST: [50], HARM: [pytest.approx(22.2, abs=0.1)]}


def test_a_scale_without_a_figure_for_deterioration_shows_any_rise(scales: Scales) -> None:
    madrs = scales["madrs"]
    assert bars_of(FOUR, madrs)[HARM] == [5, 30]
    assert title(changes_of(FOUR, madrs), madrs) == "1 lost at least half; 2 scored higher than before"


def test_a_scale_without_a_response_has_no_blue_and_no_line(scales: Scales) -> None:
    pcl5 = scales["pcl5"]
    figure = waterfall(changes_of(FOUR, pcl5), pcl5, one_by_one=True)
    assert OURS not in {trace.marker.color for trace in figure.data}
    assert not lines(figure, "#000003")
    assert title(changes_of(FOUR, pcl5), pcl5) == "No one got clearly worse"


def test_the_title_is_the_finding(phq9: Scale) -> None:
    assert title(changes_of(FOUR, phq9), phq9) == "1 lost at least half; 1 got clearly worse"
    assert title(changes_of(MOVED["all unseen"], phq9), phq9) == "No one was scored in time"


def test_many_people_are_drawn_as_200_quantiles_and_the_page_says_so(phq9: Scale) -> None:
    changes = changes_of(MOVED["100,000 people"], phq9)
    figure = waterfall(changes, phq9, one_by_one=True)
    assert sum(len(trace.x) for trace in figure.data) == 200
    assert max(figure.data[-1].x) < 72
    assert "200 quantiles of 72,000 changes" in caption(changes)
    assert any("28,000 not scored in time" in text for text in words(figure))


def test_the_widths_of_the_colours_are_their_shares_of_the_people(phq9: Scale) -> None:
    changes = changes_of(MOVED["100,000 people"], phq9)
    blue = next(
        trace for trace in waterfall(changes, phq9, one_by_one=True).data if trace.marker.color == OURS
    )
    assert len(blue.x) * blue.width == pytest.approx(100 * changes.met.sum() / 100_000, abs=0.4)


def test_a_baseline_of_0_has_no_percentage_and_is_said_to_be_left_out(phq9: Scale) -> None:
    changes = changes_of(pd.DataFrame({"baseline": [0, 20], "endpoint": [4.0, 10.0]}), phq9)
    assert (changes.seen, changes.unplaced) == (1, 1)
    assert "1 person with a baseline of 0 cannot be placed." in caption(changes)


def test_a_great_rise_ends_at_the_top_and_the_page_says_so(phq9: Scale) -> None:
    frame = pd.DataFrame({"baseline": [5], "endpoint": [20]})
    assert bars_of(frame, phq9) == {HARM: [150]}
    assert "A rise of more than 150\u00a0% ends there." in caption(changes_of(frame, phq9))


def test_the_table_counts_everybody_once(phq9: Scale) -> None:
    assert table(changes_of(FOUR, phq9), phq9).to_numpy().tolist() == [
        ["Lost at least half", 1],
        ["In between", 2],
        ["Got clearly worse", 1],
        ["Not scored in time", 1],
        ["Baseline of 0", 0],
    ]


def test_the_frame_is_left_as_it_was(phq9: Scale) -> None:
    before = FOUR.copy()
    waterfall(changes_of(FOUR, phq9), phq9, one_by_one=True)
    pd.testing.assert_frame_equal(FOUR, before)
