"""Which of many rows were changed: a few sums beside the one digest that says that some were.

Of every row a number is taken, with the key of the trail. The rows are laid out in a square, and the numbers
of each of its lines and columns are summed: where a line and a column are off by the same, a row was changed.
Twenty thousand rows take some 1,500 characters. Whether anything was changed is for the digest alone to say;
these only say where. Nobody without the key knows what to change in other rows, so that another is named.

Events of before sum CRC-32s, which need no key: what those name is only likely.
"""

import struct
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from math import isqrt
from typing import Final, NamedTuple
from zlib import crc32

FEWEST: Final = 20
"""Of fewer rows, told of together, there are none."""
KEYED: Final = ":"
"""What marks begin with that were made with a key; it is no letter of the others."""
_BYTES: Final = 4
_MODULUS: Final = 1 << 8 * _BYTES


class Located(NamedTuple):
    """The places of rows that were changed; unless `exactly`, some of these were, or others between them.

    Unless it is `proven`, somebody may have changed others so that these are named.
    """

    places: list[int]
    exactly: bool
    proven: bool = True


def checks(written: Sequence[bytes], key: bytes | None) -> list[int]:
    """A number for each row as it is written out; without a key the one of before."""
    if key is None:
        return list(map(crc32, written))
    begun = blake2b(digest_size=_BYTES, key=key, person=b"seventy marks")
    numbers = []
    for row in written:
        each = begun.copy()
        each.update(row)
        numbers.append(int.from_bytes(each.digest()))
    return numbers


def is_keyed(marks: str) -> bool:
    """Whether marks were made with a key."""
    return marks.startswith(KEYED)


def marks_of(numbers: Sequence[int]) -> str:
    """The sums over rows in this order, of numbers taken with a key; empty for few."""
    if len(numbers) < FEWEST:
        return ""
    sums = list(_sums(numbers))
    return KEYED + b64encode(struct.pack(f">{len(sums)}I", *sums)).decode()


def located(marks: str, numbers: Sequence[int]) -> Located | None:
    """Which of the rows that stand are not those the marks were made of; `None` where these cannot tell.

    As many rows have to stand as there were.
    """
    sums = list(_sums(numbers))
    try:
        told = struct.unpack(f">{len(sums)}I", b64decode(marks.removeprefix(KEYED), validate=True))
    except (ValueError, struct.error):  # of another number of rows, or tampered with
        return None
    off = [(stands - was) % _MODULUS for stands, was in zip(sums, told, strict=True)]
    side = _side(len(numbers))
    lines = {place: by for place, by in enumerate(off[:-side]) if by}
    columns = {place: by for place, by in enumerate(off[-side:]) if by}
    if not lines or not columns:
        return None
    crossings, exactly = _crossings(lines, columns)
    places = sorted(line * side + column for line, column in crossings)
    within = [place for place in places if place < len(numbers)]
    return Located(within, exactly and within == places, is_keyed(marks))


def _crossings(lines: dict[int, int], columns: dict[int, int]) -> tuple[list[tuple[int, int]], bool]:
    """Where lines and columns that are off meet in a changed row, and whether that is sure."""
    found: list[tuple[int, int]] = []
    single = {by for by, often in Counter(lines.values()).items() if often == 1}
    single &= {by for by, often in Counter(columns.values()).items() if often == 1}
    if len(lines) > 1 and len(columns) > 1:
        at_line, at_column = ({by: place for place, by in each.items()} for each in (lines, columns))
        found = [(at_line[by], at_column[by]) for by in single]
        lines = {place: by for place, by in lines.items() if by not in single}
        columns = {place: by for place, by in columns.items() if by not in single}
    rest = [(line, column) for line in lines for column in columns]
    sure = min(len(lines), len(columns)) == 1 or not (lines or columns)
    return [*found, *rest], sure


def _sums(numbers: Sequence[int]) -> Iterator[int]:
    """Those of the lines of a square, and then those of its columns."""
    side = _side(len(numbers))
    for start in range(0, len(numbers), side):
        yield sum(numbers[start : start + side]) % _MODULUS
    for start in range(side):
        yield sum(numbers[start::side]) % _MODULUS


def _side(count: int) -> int:
    return isqrt(count - 1) + 1
