"""From lines of text to entries that may be stored, or the reasons why not.

The record's own rules are asked once for every different number, moment and content, not once a row: a
million PHQ-9 totals hold 28 different contents.
"""

from collections.abc import Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Final, NamedTuple

from models.exchange.columns.memory import Memory, Refusal
from models.exchange.columns.view import cells
from models.exchange.imports.checking import DATED, Checker
from models.exchange.sheets.sheet import Fault, Line
from models.tables.facts import Facts, PatientFacts

PYDANTICS_OWN: Final = ("__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")


CELLS: Final = attrgetter("cells")
FAULT: Final = attrgetter("fault")


class Entry(NamedTuple):
    """One row that may be stored: whose, when (where its facts do not say it themselves), and what."""

    line: Line
    mrn: str
    moment: datetime | date | None
    facts: Facts

    def placed(self, patient_id: int, at_name: str | None) -> Facts:
        """The facts of this row: its own patient and moment in the place of the stand-ins.

        Each of them was checked. They are put into a copy made by hand, because pydantic's own way of copying
        costs more than reading the row did.
        """
        own: dict[str, object] = {"patient_id": patient_id}
        if at_name is not None:
            timed = isinstance(self.moment, datetime)
            own[at_name] = self.moment if timed else None
            own[DATED[at_name]] = None if timed else self.moment
        facts = object.__new__(type(self.facts))
        object.__setattr__(facts, "__dict__", {**self.facts.__dict__, **own})
        for slot in PYDANTICS_OWN:
            object.__setattr__(facts, slot, getattr(self.facts, slot))
        return facts

    def patient(self) -> PatientFacts:
        """Whose row it is: with all the file says of the patient, if it is a file of patients."""
        if isinstance(self.facts, PatientFacts):
            return self.facts.model_copy(update={"mrn": self.mrn})
        return PatientFacts(mrn=self.mrn)


class Rejected(NamedTuple):
    """One row that may not, everything wrong in it, and for how many entries it stood.

    `unheard` counts those of them whose answer about suicide is above 0, `mrn` is the patient number it has.
    """

    line: Line
    faults: tuple[Fault, ...]
    entries: int = 1
    unheard: int = 0
    mrn: str | None = None


class EntryReader:
    """Reads lines of one sheet through one view, and remembers what the same texts came to before."""

    def __init__(self, checker: Checker) -> None:
        self._checker, view = checker, checker.view
        self._mrns, self._mrn_of = Memory(checker.mrn), view.cell("mrn")
        self._moments, self._moment_of = Memory(checker.moment), view.cell(view.layout.moment)
        self._contents = Memory(checker.content)
        self._content_of = cells(tuple(view.columns[name] for name in checker.content_fields))
        self._own, self._own_of = bool(view.own), cells(view.own)

    def read(self, line: Line) -> Entry | Rejected | None:
        """What a line without a fault holds; nothing for a time-point whose cells are all empty."""
        if self._own and not any(self._own_of(line.cells)):
            return None
        mrn = self._mrns[self._mrn_of(line.cells)]
        moment = self._moments[self._moment_of(line.cells)]
        facts = self._contents[self._content_of(line.cells)]
        if isinstance(mrn, str) and isinstance(facts, Facts) and not isinstance(moment, Refusal):
            return Entry(line, mrn, moment, facts)
        refusals = (part for part in (mrn, moment, facts) if isinstance(part, Refusal))
        faults = tuple(fault for refusal in refusals for fault in refusal.faults)
        return Rejected(line, faults, unheard=self.unheard(line.cells), mrn=self.number(line.cells))

    def number(self, row: list[str]) -> str | None:
        """The patient number of a refused row; none where it is no number, or cells may have moved."""
        if len(row) != len(self._checker.view.header.names):
            return None
        mrn = self._mrns[self._mrn_of(row)]
        return mrn if isinstance(mrn, str) else None

    def unheard(self, row: list[str]) -> int:
        """Whether a row that is refused, or came damaged, holds an answer about suicide above 0: 0 or 1."""
        missing = len(self._checker.view.header.names) - len(row)
        return int(self._checker.speaks(self._content_of([*row, *[""] * missing])))

    def read_all(self, lines: Sequence[Line]) -> list[Entry] | None:
        """All lines at once, if nothing is wrong in any of them; `None` where one has to look at each.

        The same answers as `read` gives, several times as fast, and most files are right in most places.
        """
        if self._own or any(map(FAULT, lines)):
            return None
        rows = list(map(CELLS, lines))
        mrns = list(map(self._mrns.__getitem__, map(self._mrn_of, rows)))
        moments = list(map(self._moments.__getitem__, map(self._moment_of, rows)))
        facts = list(map(self._contents.__getitem__, map(self._content_of, rows)))
        if Refusal in {*map(type, mrns), *map(type, moments), *map(type, facts)}:
            return None
        return list(map(Entry, lines, mrns, moments, facts))  # type: ignore[arg-type]


def read_lines(readers: Sequence[EntryReader], lines: Sequence[Line]) -> tuple[list[Entry], list[Rejected]]:
    """Everything some lines hold, through each of the views of their sheet."""
    if len(readers) == 1:
        entries = readers[0].read_all(lines)
        if entries is not None:
            return entries, []
    found = [read_line(readers, line) for line in lines]
    return [entry for entries, _ in found for entry in entries], [refused for _, refused in found if refused]


def read_line(readers: Sequence[EntryReader], line: Line) -> tuple[list[Entry], Rejected | None]:
    """Everything a line holds, through each view of its sheet; what is wrong in it is said at once."""
    if line.fault is not None:
        unheard = sum(reader.unheard(line.cells) for reader in readers)
        return [], Rejected(line, (line.fault,), unheard=unheard, mrn=readers[0].number(line.cells))
    found = [reader.read(line) for reader in readers]
    entries = [each for each in found if isinstance(each, Entry)]
    refused = [each for each in found if isinstance(each, Rejected)]
    if not refused:
        return entries, None
    faults = dict.fromkeys(fault for each in refused for fault in each.faults)
    unheard = sum(each.unheard for each in refused)
    return entries, Rejected(line, tuple(faults), len(refused), unheard, refused[0].mrn)
