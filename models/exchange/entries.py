"""From lines of text to entries that may be stored, or the reasons why not.

The record's own rules are asked once for every different number, moment and content, not once a row: a
million PHQ-9 totals hold 28 different contents.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Final, NamedTuple, TypeVar

from models.exchange.checking import Checker, RejectedError
from models.exchange.sheet import Fault, Line
from models.exchange.view import cells
from models.tables.facts import Facts

Written = TypeVar("Written")
Made = TypeVar("Made")
REMEMBERED: Final = 50_000


class Entry(NamedTuple):
    """One row that may be stored: whose, when (where its facts do not say it themselves), and what."""

    line: int
    mrn: str
    moment: datetime | date | None
    facts: Facts


class Rejected(NamedTuple):
    """One row that may not, and everything wrong in it."""

    line: Line
    faults: tuple[Fault, ...]


class Memory(dict[Written, Made | RejectedError]):
    """Remembers what was made of a text, or why nothing could be; forgets all when it is too much."""

    def __init__(self, make: Callable[[Written], Made]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, written: Written) -> Made | RejectedError:
        if len(self) >= REMEMBERED:
            self.clear()
        made: Made | RejectedError
        try:
            made = self._make(written)
        except RejectedError as refused:
            made = refused
        self[written] = made
        return made


class EntryReader:
    """Reads the lines of one sheet through one view, and remembers what the same texts came to before."""

    def __init__(self, checker: Checker) -> None:
        view = checker.view
        self._mrns, self._mrn_of = Memory(checker.mrn), view.cell("mrn")
        self._moments, self._moment_of = Memory(checker.moment), view.cell(view.layout.moment)
        self._contents = Memory(checker.content)
        self._content_of = cells(tuple(view.columns[name] for name in checker.content_fields))
        self._own, self._own_of = bool(view.own), cells(view.own)

    def read(self, lines: Iterable[Line]) -> Iterator[Entry | Rejected]:
        """What each line holds; nothing for a time-point whose cells are all empty."""
        for line in lines:
            if line.fault is not None:
                yield Rejected(line, (line.fault,))
            elif not self._own or any(self._own_of(line.cells)):
                yield self._entry(line)

    def _entry(self, line: Line) -> Entry | Rejected:
        mrn = self._mrns[self._mrn_of(line.cells)]
        moment = self._moments[self._moment_of(line.cells)]
        facts = self._contents[self._content_of(line.cells)]
        if isinstance(mrn, str) and isinstance(facts, Facts) and not isinstance(moment, RejectedError):
            return Entry(line.number, mrn, moment, facts)
        refusals = (part for part in (mrn, moment, facts) if isinstance(part, RejectedError))
        return Rejected(line, tuple(fault for refusal in refusals for fault in refusal.faults))
