from dataclasses import replace
from typing import Any

from dashboard.charts.claim import curve_words
from dashboard.charts.claim.curve import curve
from dashboard.charts.theme import GAP, INK, MUTED, OURS
from dashboard.charts.words import Rounding
from models.outcomes.answers.specifications import counts
from models.outcomes.answers.ways import Way, ways
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Missing
from tests.support.drawn import PHQ9
from tests.support.golden import cohort

ASKED = Estimand(baseline_at_least=10)
ROUNDING = Rounding(0.7)
EVERY = ways(counts(cohort(), ASKED, PHQ9))


def drawn(shown: list[Way] = EVERY, asked: Estimand = ASKED) -> dict[str, list[dict[str, Any]]]:
    figure = curve(shown, asked, "10 or more", ROUNDING).to_plotly_json()
    return {"data": list(figure["data"]), "texts": list(figure["layout"]["annotations"])}


def test_every_way_is_a_dot_at_its_rate_and_knows_its_place() -> None:
    dots = [trace for trace in drawn()["data"] if trace["mode"] == "markers"]
    heights = {place: y for trace in dots for place, y in zip(trace["customdata"], trace["y"], strict=True)}
    assert heights == {place: 100 * (way.rate.ratio or 0) for place, way in enumerate(EVERY)}


def test_only_what_reaches_the_claim_is_in_ink() -> None:
    full = drawn()["data"][0]
    inks = full["marker"]["color"]
    at_or_above = [y >= 70 for y in full["y"]]
    assert inks == [INK if reaches else MUTED for reaches in at_or_above]


def test_a_way_of_fewer_than_five_is_hollow() -> None:
    few = ways(counts(cohort().head(4), ASKED, PHQ9))
    full, hollow, *_ = drawn(few)["data"]
    assert full["x"] == []
    assert len(hollow["x"]) == len([way for way in few if way.estimand != ASKED])
    assert GAP in hollow["marker"]["line"]["color"]


def test_the_question_is_blue_and_its_choices_are_too() -> None:
    texts = drawn()["texts"]
    blue = {text["text"] for text in texts if text["font"]["color"] == OURS}
    assert blue == {"Response", "2–4 weeks after", "Not met", "10 or more", "<b>22\u00a0%</b> the question"}


def test_a_question_that_is_filtered_out_is_not_marked() -> None:
    observed = [way for way in EVERY if way.estimand.missing is Missing.OBSERVED]
    assert not any(text["font"]["color"] == OURS for text in drawn(observed)["texts"])
    assert curve_words.own_place(observed, ASKED) == ""


def test_each_strip_has_a_mark_for_each_way_that_chose_it() -> None:
    strips = [trace for trace in drawn()["data"] if trace["mode"] == "lines"]
    marks = sum(len([x for x in trace["x"] if x is not None]) for trace in strips) // 2
    assert marks == 4 * len(EVERY)


def test_the_finding_describes_and_does_not_test() -> None:
    assert curve_words.title(EVERY, 0.7, ROUNDING).endswith("ways of counting reach 70\u00a0%")
    assert curve_words.title([], 0.7, ROUNDING) == "No way of counting reaches 70\u00a0%"


def test_how_many_ways_reach_the_claim_stands_beside_the_lowest_and_the_highest() -> None:
    reached, limits = curve_words.shares(EVERY, ROUNDING)["Number"]
    number = sum((way.rate.ratio or 0) >= 0.7 for way in EVERY)
    assert reached.startswith(f"{number} of {len(EVERY)} (")
    assert limits == ROUNDING.span(EVERY[0].rate.ratio or 0, EVERY[-1].rate.ratio or 0)
    assert curve_words.shares([], ROUNDING).empty


def test_the_table_has_every_way_the_highest_first() -> None:
    rows = curve_words.table(EVERY, "10 or more", ROUNDING)
    assert len(rows) == len(EVERY)
    assert rows.iloc[0]["Rate"] == ROUNDING.full(EVERY[-1].rate)


def test_a_way_is_said_in_one_line() -> None:
    way = next(way for way in EVERY if way.estimand == replace(ASKED, missing=Missing.OBSERVED))
    assert curve_words.said(way, "10 or more") == (
        "Response, 2–4 weeks after, missing: left out, baseline 10 or more"
    )
