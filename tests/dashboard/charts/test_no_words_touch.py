"""The page decides how wide a figure is: its words must find room from a phone to a wide screen."""

from datetime import date
from itertools import combinations

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.charts.claim.changes import changes_of
from dashboard.charts.claim.flow import Step, flow
from dashboard.charts.claim.hero import hero
from dashboard.charts.claim.quarters import quarters
from dashboard.charts.claim.rates import rates
from dashboard.charts.claim.waterfall import waterfall
from dashboard.charts.parts import Parts
from dashboard.charts.patient.course import Course, Infusion, Span
from dashboard.charts.patient.trajectory import trajectory
from dashboard.charts.theme import NARROWEST
from dashboard.charts.words import Rounding
from tests.dashboard.charts.gallery import SCALES, figures, harm_and_benefit, panel, rate_of, record_of
from tests.support.figures import extents

WIDTHS = (NARROWEST, 528, 1018)
EVERY = figures()

counts = st.one_of(st.integers(0, 30), st.integers(0, 200), st.integers(0, 40_000))
claims = st.sampled_from([0.7, 0.5, 0.95, 0.05])
quarterly = st.tuples(
    st.integers(0, 100), st.sampled_from([0, 3, 15, 30, 200, 9000]), st.sampled_from([0, 0, 5])
)
few = settings(max_examples=40, deadline=None)


def check_words(figure: go.Figure) -> None:
    for width in WIDTHS:
        written = extents(figure, width)
        touching = [(a.words, b.words) for a, b in combinations(written, 2) if a.touches(b)]
        outside = [each.words for each in written if each.left < -2 or each.right > width + 2]
        assert (touching, outside) == ([], []), f"at {width} px"


@pytest.mark.parametrize("figure", EVERY.values(), ids=EVERY.keys())
def test_no_words_touch_or_leave_a_figure(figure: go.Figure) -> None:
    check_words(figure)


@few
@given(
    parts=st.builds(Parts, met=counts, assumed=st.just(0) | counts, not_met=counts, unseen=counts),
    claim=claims,
)
def test_no_words_touch_whatever_a_rate_is_made_of(parts: Parts, claim: float) -> None:
    rate = rate_of(parts)
    rounding = Rounding.beside(claim, [rate])
    check_words(hero(rate, parts, rounding, did="recovered reliably"))
    check_words(rates(harm_and_benefit(parts), rounding))
    check_words(
        flow([Step("No score before the first infusion", parts.met)], parts, did="recovered reliably")
    )


@few
@given(record=st.lists(quarterly, min_size=1, max_size=14), claim=claims)
def test_no_words_touch_whatever_the_quarters_were(record: list[tuple[int, int, int]], claim: float) -> None:
    drawn = record_of(*((people * share // 100, people, pending) for share, people, pending in record))
    check_words(quarters(drawn, Rounding.beside(claim, [quarter.rate for quarter in drawn])))


@few
@given(
    moved=st.lists(st.tuples(st.integers(1, 27), st.none() | st.integers(0, 27)), max_size=60),
    scale=st.sampled_from(["phq9", "madrs", "pcl5"]),
)
def test_no_words_touch_however_people_changed(moved: list[tuple[int, int | None]], scale: str) -> None:
    frame = pd.DataFrame(moved, columns=["baseline", "endpoint"], dtype="float64")
    check_words(waterfall(changes_of(frame, SCALES[scale]), SCALES[scale], one_by_one=True))


@st.composite
def courses(draw: st.DrawFn) -> Course:
    scale = SCALES[draw(st.sampled_from(["phq9", "gad7", "madrs", "pcl5", "promis_depression", "sidas"]))]
    totals = st.integers(scale.low, scale.high)
    days = sorted(draw(st.sets(st.integers(1, 400), min_size=1, max_size=14)))
    scores = [(-0.5, draw(totals)), *((day, draw(totals)) for day in days)]
    given_on = sorted(draw(st.sets(st.integers(0, 200), max_size=12)))
    doses = st.sampled_from([None, 0.5, 0.55, 0.6])
    return Course(
        date(2026, 1, 12),
        panel(scale.id, *scores, baseline=-0.5, endpoint=draw(st.sampled_from(days))),
        infusions=tuple(Infusion(day, number, draw(doses)) for number, day in enumerate(given_on, 1)),
        window=draw(st.sampled_from([None, Span(31, 48), Span(14, 31, is_open=True), Span(0, 2)])),
    )


@few
@given(course=courses(), reading=st.sampled_from(["day", "date", "infusion"]))
def test_no_words_touch_whatever_the_course(course: Course, reading: str) -> None:
    check_words(trajectory(course, reading=reading))
