"""The rate by quarter of window closure."""

from datetime import date

import pytest

from dashboard.charts.claim.quarter_words import Quarter, table, title
from dashboard.charts.claim.quarters import quarters
from dashboard.charts.theme import GAP, INK, OURS, OURS_SOFT, PAPER
from dashboard.charts.words import Rounding
from models.outcomes.proportions.rates import wilson
from tests.dashboard.charts.gallery import RECORDS, record_of
from tests.support.figures import boxes, lines, outlines, words

CLAIM = Rounding(0.7)
SIX = RECORDS["six quarters"]


def test_every_closed_quarter_has_its_interval_and_an_open_one_is_a_dotted_column() -> None:
    figure = quarters(SIX, CLAIM)
    assert len(boxes(figure, OURS_SOFT)) == 5
    assert len(outlines(figure, "dot")) == 1
    assert "23 still open" in words(figure)
    assert next(iter(figure.layout.xaxis.ticktext)) == "Q1\u00a020<br>n\u00a031"


def test_an_interval_lies_where_the_rate_says() -> None:
    (band,) = boxes(quarters(record_of((14, 31, 0)), CLAIM), OURS_SOFT)
    rate = wilson(14, 31)
    assert (band["y0"], band["y1"]) == (100 * rate.low, 100 * rate.high)


def test_the_claim_is_one_line_from_edge_to_edge() -> None:
    (claim,) = lines(quarters(SIX, CLAIM), INK)
    assert (claim["y0"], claim["y1"], claim["xref"]) == (70, 70, "paper")


@pytest.mark.parametrize(
    ("people", "face", "size", "written"),
    [(31, OURS, 11, "45 %"), (19, PAPER, 11, "8 of 19"), (4, PAPER, 7, "1 of 4")],
)
def test_the_fewer_the_people_the_fainter_the_dot(people: int, face: str, size: int, written: str) -> None:
    met = {31: 14, 19: 8, 4: 1}[people]
    figure = quarters(record_of((met, people, 0)), CLAIM)
    (dot,) = figure.data
    assert (dot.marker.color, dot.marker.size) == (face, size)
    assert (dot.marker.line.color == GAP) == (people < 20)
    assert written in words(figure)


def test_of_many_quarters_the_last_twelve_are_drawn_and_all_are_in_the_table() -> None:
    record = RECORDS["forty quarters"]
    assert len(quarters(record, CLAIM).data) == 12
    assert len(table(record, CLAIM)) == 40


def test_the_year_stands_once_where_quarters_crowd() -> None:
    names = list(quarters(RECORDS["twelve quarters"], CLAIM).layout.xaxis.ticktext)
    assert names[:5] == ["Q1<br>30<br>2020", "Q2<br>30", "Q3<br>30", "Q4<br>30", "Q1<br>30<br>2021"]


def test_a_gap_in_the_record_is_an_empty_place() -> None:
    assert [trace.x[0] for trace in quarters(record_of((14, 31, 0), (0, 0, 0), (13, 29, 0)), CLAIM).data] == [
        0,
        2,
    ]


@pytest.mark.parametrize(
    ("record", "finding"),
    [
        (SIX, "No quarter reached 70 %"),
        (record_of((25, 30, 0), (26, 30, 0)), "Every quarter reached 70 %"),
        (record_of((25, 30, 0), (6, 30, 0), (7, 30, 0)), "1 of 3 quarters reached 70 %"),
        (record_of((21, 30, 0), (3, 3, 0)), "Q1 20 reached 70 %"),
        (record_of((6, 30, 0)), "Q1 20 did not reach 70 %"),
        (record_of((6, 30, 0), (7, 30, 0), (3, 3, 0)), "No quarter with 20 people or more reached 70 %"),
        (record_of((3, 3, 0)), "No quarter has 20 people yet"),
        ([], "No quarter has 20 people yet"),
    ],
)
def test_the_title_judges_only_quarters_with_enough_people(record: list[Quarter], finding: str) -> None:
    assert title(record, CLAIM).replace("\u00a0", " ") == finding


def test_the_table_says_who_is_still_open() -> None:
    (row,) = table([Quarter(date(2026, 4, 1), wilson(0, 0), 23)], CLAIM).to_numpy().tolist()
    assert row == ["Q2\u00a026", "no one yet", 23]
