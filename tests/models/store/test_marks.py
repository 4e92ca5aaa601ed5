"""Which of many rows were changed, by the sums over a square of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.store.marks import FEWEST, Located, checks, located, marks_of


def rows(count: int) -> list[bytes]:
    return [f"row {number}".encode() for number in range(count)]


def after_changing(count: int, *changed: int) -> Located | None:
    before = rows(count)
    after = [b"changed " + row if place in changed else row for place, row in enumerate(before)]
    return located(marks_of(checks(before)), checks(after))


def test_few_rows_have_no_marks_and_twenty_thousand_take_some_1500_characters() -> None:
    assert marks_of(checks(rows(FEWEST - 1))) == ""
    assert len(marks_of(checks(rows(20_000)))) == 1512


@given(st.integers(FEWEST, 400), st.data())
def test_one_changed_row_is_always_the_one_that_is_named(count: int, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, count - 1))
    assert after_changing(count, place) == Located([place], exactly=True)


@given(st.integers(FEWEST, 400), st.data())
def test_whatever_was_changed_lies_among_what_is_named(count: int, data: st.DataObject) -> None:
    changed = data.draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=30))
    found = after_changing(count, *changed)
    assert found is not None
    assert set(found.places) >= changed
    assert not found.exactly or set(found.places) == changed


def test_rows_apart_and_rows_that_follow_one_another_in_a_line_are_named_exactly() -> None:
    assert after_changing(100, 3, 25, 99) == Located([3, 25, 99], exactly=True)
    assert after_changing(100, 40, 41, 42) == Located([40, 41, 42], exactly=True)
    assert after_changing(100, 5, 15, 25) == Located([5, 15, 25], exactly=True)


def test_of_rows_that_cross_it_is_said_that_only_some_were_changed() -> None:
    assert after_changing(100, 3, 4, 13) == Located([3, 4, 13, 14], exactly=False)


@pytest.mark.parametrize("marks", ["", "AAAA", "no base64 at all", marks_of(checks(rows(30)))])
def test_marks_that_are_not_of_so_many_rows_tell_nothing(marks: str) -> None:
    assert located(marks, checks(rows(100))) is None


def test_rows_that_stand_as_they_were_are_not_named() -> None:
    assert after_changing(100) is None
