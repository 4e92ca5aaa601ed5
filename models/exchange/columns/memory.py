"""What was made of a text is remembered, and why nothing could be: files say the same many times."""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, TypeVar

from models.exchange.sheets.sheet import Fault

Written = TypeVar("Written")
Made = TypeVar("Made")

REMEMBERED: Final = 50_000


class RejectedError(ValueError):
    """Nothing can be made of a text; with everything wrong in it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.reason for fault in self.faults))


class Refusal(NamedTuple):
    """The same, remembered: an error would keep the whole call that raised it."""

    faults: tuple[Fault, ...]


class Memory(dict[Written, Made | Refusal]):
    """What `make` made of each text, or why it could not; all of it is forgotten when it is too much."""

    def __init__(self, make: Callable[[Written], Made]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, written: Written) -> Made | Refusal:
        if len(self) >= REMEMBERED:
            self.clear()
        made: Made | Refusal
        try:
            made = self._make(written)
        except RejectedError as rejected:
            made = Refusal(rejected.faults)
        self[written] = made
        return made
