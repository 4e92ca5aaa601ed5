"""The hundred dots, the claim and the band; and what is drawn of too few."""

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts.claim.hero import hero, per_hundred
from dashboard.charts.parts import Parts, parts_of
from dashboard.charts.theme import GAP, INK, OURS, OURS_SOFT, PAPER, REST
from dashboard.charts.words import Rounding
from models.outcomes.counts.tally import Tally
from models.outcomes.proportions.rates import wilson
from models.outcomes.question.vocabulary import Missing, Outcome
from tests.support.figures import boxes, lines, outlines, words

CLAIM = Rounding(0.7)
MIXED = Parts(met=71, assumed=0, not_met=50, unseen=47)
TALLY = Tally(observed=121, met=71, completers=100, completers_met=60, missing=47, carried_met=10, pending=23)


def draw(parts: Parts) -> go.Figure:
    return hero(wilson(parts.met + parts.assumed, sum(parts)), parts, CLAIM)


def dots(figure: go.Figure) -> dict[tuple[str, str], int]:
    """How many dots of each symbol and colour, the rate's own aside."""
    return {(trace.marker.symbol, trace.marker.color): len(trace.x) for trace in figure.data[:4] if trace.x}


def test_filled_dots_were_scored_and_hollow_ones_were_not() -> None:
    assert dots(draw(MIXED)) == {("circle", OURS): 42, ("circle", REST): 30, ("circle-open", GAP): 28}


def test_those_assumed_to_have_met_the_outcome_are_hollow_in_our_colour() -> None:
    best_case = Parts(met=71, assumed=30, not_met=67, unseen=0)
    assert dots(draw(best_case)) == {("circle", OURS): 42, ("circle-open", OURS): 18, ("circle", REST): 40}


def test_columns_fill_from_the_left_so_that_their_edge_is_the_rate() -> None:
    responded = draw(MIXED).data[0]
    assert sorted(set(responded.x)) == [2.5, 7.5, 12.5, 17.5, 22.5, 27.5, 32.5, 37.5, 42.5]
    assert list(responded.x).count(42.5) == 2


def test_the_band_reaches_from_low_to_high_and_the_claim_stands_at_70() -> None:
    figure, rate = draw(MIXED), wilson(71, 168)
    (band,) = boxes(figure, OURS_SOFT)
    assert (band["x0"], band["x1"]) == (100 * rate.low, 100 * rate.high)
    assert {line["x0"] for line in lines(figure, INK)} == {70}


def test_the_numbers_stand_once_each_with_their_counts() -> None:
    assert words(draw(MIXED)) == [
        "70 % advertised",
        "42 responded",
        "30 did not",
        "28 not scored",
        "42 %",
        "71 of 168; 95 % CI 35–50 %",
        "0 %",
        "50",
        "100 %",
    ]


def test_small_neighbours_share_one_text() -> None:
    assert "11 did not, 7 not scored" in words(draw(Parts(139, 0, 19, 12)))


def test_under_twenty_people_there_is_a_hollow_dot_and_a_dotted_interval_but_no_hundred() -> None:
    figure = draw(Parts(10, 0, 4, 0))
    (dot,) = figure.data
    assert (dot.marker.color, dot.marker.line.color) == (PAPER, GAP)
    assert len(outlines(figure, "dot")) == 1
    assert "71 %" not in words(figure)
    assert "10 of 14; 95 % CI 45–88 %" in words(figure)


def test_of_nobody_there_is_no_dot_and_no_percentage() -> None:
    figure = draw(Parts(0, 0, 0, 0))
    assert not figure.data
    assert "no one yet" in words(figure)


parts = st.builds(Parts, *[st.integers(0, 5000)] * 4).filter(any)


@given(parts=parts, decimals=st.sampled_from([0, 1]))
def test_a_hundred_is_a_hundred_and_keeps_its_side_of_the_claim(parts: Parts, decimals: int) -> None:
    hundred, rate = per_hundred(parts, Rounding(0.7, decimals)), (parts.met + parts.assumed) / sum(parts)
    full = 100 * 10**decimals
    assert sum(hundred) == full
    assert min(hundred) >= 0
    assert (10 * (hundred.met + hundred.assumed) < 7 * full) == (rate < 0.7)
    assert (10 * (hundred.met + hundred.assumed) > 7 * full) == (rate > 0.7)


@pytest.mark.parametrize(
    ("missing", "outcome", "expected"),
    [
        (Missing.NON_RESPONDER, Outcome.RESPONSE, Parts(71, 0, 50, 47)),
        (Missing.WORST_CASE, Outcome.RESPONSE, Parts(71, 0, 50, 47)),
        (Missing.BEST_CASE, Outcome.RESPONSE, Parts(71, 47, 50, 0)),
        (Missing.LAST_CARRIED, Outcome.RESPONSE, Parts(71, 10, 50, 37)),
        (Missing.OBSERVED, Outcome.RESPONSE, Parts(71, 0, 50, 0)),
        (Missing.COMPLETERS, Outcome.RESPONSE, Parts(60, 0, 40, 0)),
        (Missing.WORST_CASE, Outcome.DETERIORATION, Parts(71, 47, 50, 0)),
        (Missing.BEST_CASE, Outcome.DETERIORATION, Parts(71, 0, 50, 47)),
    ],
)
def test_the_parts_of_a_rate_follow_its_strategy(missing: Missing, outcome: Outcome, expected: Parts) -> None:
    found = parts_of(TALLY, missing, outcome)
    assert found == expected
    assert (found.met + found.assumed, sum(found)) == TALLY.fraction(missing, outcome)
