"""Which of many rows were changed, by the sums over a square of them."""

from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.store.rows.marks import FEWEST, Located, checks, located, marks_of

KEY = b"k" * 32


def rows(count: int) -> list[bytes]:
    return [f"row {number}".encode() for number in range(count)]


def after_changing(count: int, *changed: int) -> Located | None:
    before = rows(count)
    after = [b"changed " + row if place in changed else row for place, row in enumerate(before)]
    return located(marks_of(checks(before, KEY)), checks(after, KEY))


def test_few_rows_have_no_marks_and_twenty_thousand_take_some_1500_characters() -> None:
    assert marks_of(checks(rows(FEWEST - 1), KEY)) == ""
    assert len(marks_of(checks(rows(20_000), KEY))) == 1513


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


@pytest.mark.parametrize("marks", ["", ":", "AAAA", "no base64 at all", marks_of(checks(rows(30), KEY))])
def test_marks_that_are_not_of_so_many_rows_tell_nothing(marks: str) -> None:
    assert located(marks, checks(rows(100), KEY)) is None


def test_rows_that_stand_as_they_were_are_not_named() -> None:
    assert after_changing(100) is None


def with_crc(row: bytes, wanted: int) -> bytes:
    """A row with four bytes after it so that its CRC-32 is the wanted one; each bit turns the same."""
    base = crc32(row + bytes(4))
    basis: dict[int, tuple[int, int]] = {}
    for bit in range(32):
        turns, bits = crc32(row + (1 << bit).to_bytes(4)) ^ base, 1 << bit
        while turns.bit_length() in basis:
            other = basis[turns.bit_length()]
            turns, bits = turns ^ other[0], bits ^ other[1]
        basis[turns.bit_length()] = turns, bits
    rest, tail = wanted ^ base, 0
    while rest:
        turns, bits = basis[rest.bit_length()]
        rest, tail = rest ^ turns, tail ^ bits
    return row + tail.to_bytes(4)


def test_rows_made_to_name_another_do_so_by_marks_without_a_key_and_then_it_is_not_proven() -> None:
    """Row 0 is off by as much as rows 1 and 10 are off the other way: lines 0 and 1, columns 0 and 1."""
    before, off = rows(100), 77
    forged = list(before)
    for place, by in ((0, off), (1, -off), (10, -off)):
        forged[place] = with_crc(b"forged", (crc32(before[place]) + by) % (1 << 32))
    without = marks_of(checks(before, None)).removeprefix(":")
    assert located(without, checks(forged, None)) == Located([11], exactly=True, proven=False)
    found = located(marks_of(checks(before, KEY)), checks(forged, KEY))
    assert found is not None
    assert set(found.places) >= {0, 1, 10}
    assert found.proven
