"""Why people stopped."""

from dashboard.charts.clinic.reasons import reasons, table, title
from dashboard.charts.theme import RULE
from tests.support.figures import boxes, outlines, words

STOPPED = {"cost": 14, None: 20, "other": 18, "no_benefit": 17, "died": 0}


def test_reasons_stand_by_number_another_and_unknown_ones_last() -> None:
    assert words(reasons(STOPPED))[::2] == ["No benefit", "Cost", "Another reason", "No reason recorded"]


def test_a_course_without_a_recorded_reason_is_hollow() -> None:
    figure = reasons(STOPPED)
    assert len(boxes(figure, RULE)) == 3
    (unknown,) = outlines(figure, "solid")
    assert unknown["x1"] == 100 * 20 / 69


def test_a_reason_this_product_does_not_know_is_still_counted() -> None:
    assert table({"by mistake": 2}).to_numpy().tolist() == [["by mistake", 2]]


def test_the_title_names_the_reason_most_often_given() -> None:
    assert title(STOPPED) == "17 of 69 who stopped early: no benefit"
    assert title({None: 4}) == "4 people stopped early, no reason recorded"
    assert title({}) == "No one stopped early"
