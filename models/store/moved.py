"""Which events were written for another place than the one they stand at."""

from collections.abc import Sequence
from typing import Any, Final

from models.store.audit import sealed

TRIED: Final = 40
"""So many events are tried at one another's places, of more it is only said that they do not fit."""


def moved(failing: Sequence[tuple[tuple[Any, ...], str]], key: bytes) -> dict[int, int]:
    """By its number, the number under which a failing event was sealed, where that can be found.

    Each comes with the seal that stands before it. One that fits its own number behind another's seal was
    left where it is: only what stands before it was moved.
    """
    seals = {previous for _, previous in failing} | {row[-1] for row, _ in failing}
    numbers = [row[0] for row, _ in failing]
    return {
        row[0]: origin
        for row, _ in failing
        for origin in numbers
        if any(sealed(key, (origin, *row[1:-1]), before) == row[-1] for before in seals)
    }
