"""The desk where read rows are handed to the store, and what came of each is written down."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from models.exchange.columns.layout import ASSESSMENTS, COURSES, INFUSIONS, LAYOUTS, PATIENTS
from models.exchange.imports.checking import AT
from models.exchange.imports.entries import Entry
from models.exchange.imports.plan import Reading
from models.exchange.imports.reading import Batch
from models.exchange.imports.receipt import Receipt
from models.exchange.imports.rejects import Rejects
from models.exchange.imports.told_rows import Contradiction, EarlyInfusion, Place, Rejection
from models.exchange.imports.unheard import speaks
from models.exchange.sheets.sheet import Fault, Line
from models.store.record.bulk import Loaded
from models.store.record.filling import Filling
from models.tables.facts import AssessmentFacts, Facts, InfusionFacts, match_key

NOT_TOLD: Final = "This cannot be, by what is recorded of this patient."
ANOTHER: Final = "another value"


class Desk:
    """Stores batches in one open load. A number nobody has makes a patient.

    Whoever imports and may not read patients is not told what is recorded of one, only that it differs.
    """

    def __init__(self, load: Filling, receipt: Receipt, rejects: Rejects, *, tells_recorded: bool) -> None:
        self._load, self._tells_recorded = load, tells_recorded
        self._receipt = receipt
        self._rejects = rejects
        self._patient_ids = load.patient_ids()
        self._stood = frozenset(self._patient_ids.values())
        self._alike: dict[str, list[str]] = {}
        for mrn in self._patient_ids:
            self._alike.setdefault(match_key(mrn), []).append(mrn)
        self._doors: dict[str, Callable[[list[Any]], Loaded]] = {
            COURSES.table: load.courses,
            INFUSIONS.table: load.infusions,
            ASSESSMENTS.table: load.assessments,
        }

    def take(self, batch: Batch) -> None:
        """Store what may be stored of a batch, and note the rest."""
        reading = batch.reading
        count = self._receipt.counts[reading.table]
        rows = len(batch.entries) + sum(rejected.entries for rejected in batch.rejected)
        count.read += rows
        self._receipt.rows[reading.sheet.name, reading.table] += rows
        for rejected in batch.rejected:
            count.rejected += rejected.entries
            self._reject(reading, rejected.line, rejected.faults, rejected.mrn, rejected.unheard)
        entries = self._told_apart(reading, batch.entries)
        if entries:
            self._note(reading, entries, self._store(reading, entries))

    def _told_apart(self, reading: Reading, entries: list[Entry]) -> list[Entry]:
        """The entries of which it is clear whose they are: a number may be written in more than one way.

        One that reads like those of two patients, and is written like neither, is nobody's.
        """
        written = {entry.mrn: entry.line for entry in entries if entry.mrn not in self._patient_ids}
        unclear = {}
        for mrn in written:
            alike = self._alike.get(match_key(mrn), [])
            own = {self._patient_ids[each] for each in alike}
            one = own if len(own) == 1 else {self._load.survivor_of(each) for each in own}
            if len(one) == 1:
                self._patient_ids[mrn] = one.pop()
            elif alike:
                unclear[mrn] = f"{mrn} may be {' or '.join(alike)}: merge these patients, or write it exactly"
        if not unclear:
            return entries
        for entry in entries:
            if entry.mrn in unclear:
                self._receipt.counts[reading.table].rejected += 1
                heading = reading.views[0].heading("mrn")
                fault = Fault(heading, entry.mrn, unclear[entry.mrn])
                self._reject(reading, entry.line, [fault], entry.mrn, speaks(entry.facts))
        return [entry for entry in entries if entry.mrn not in unclear]

    def _store(self, reading: Reading, entries: list[Entry]) -> Loaded:
        table = reading.table
        if table == PATIENTS.table:
            patients = [entry.patient() for entry in entries]
            loaded = self._load.patients(patients)
            self._complete(table, patients, loaded)
            self._know((entry.mrn for entry in entries), loaded)
            return loaded
        self._make_patients(reading, entries)
        at_name = LAYOUTS[table].moment
        facts: list[Any] = [entry.placed(self._patient_ids[entry.mrn], at_name) for entry in entries]
        loaded = self._doors[table](facts)
        self._complete(table, facts, loaded)
        if table == INFUSIONS.table:
            self._question(reading, entries, facts, loaded)
        return loaded

    def _question(
        self, reading: Reading, entries: list[Entry], facts: Sequence[InfusionFacts], loaded: Loaded
    ) -> None:
        """The new infusions before every course, of which a form would ask: all courses are stored by now."""
        found = self._load.early([facts[place] for place in loaded.added])
        for nth, (day, first_course_on) in found.items():
            place = loaded.added[nth]
            patient_id, stood = facts[place].patient_id, facts[place].patient_id in self._stood
            self._receipt.question(
                EarlyInfusion(
                    reading.sheet.name,
                    entries[place].line.number,
                    entries[place].mrn,
                    day,
                    first_course_on if self._tells_recorded or not stood else None,
                    patient_id if stood else None,
                )
            )

    def _complete(self, table: str, facts: Sequence[Facts], loaded: Loaded) -> None:
        if loaded.conflicts:
            self._receipt.counts[table].completed += self._load.fill_in(table, facts, loaded)

    def _make_patients(self, reading: Reading, entries: list[Entry]) -> None:
        unknown = {entry.mrn: entry for entry in entries if entry.mrn not in self._patient_ids}
        if not unknown:
            return
        loaded = self._load.patients([entry.patient() for entry in unknown.values()])
        self._know(unknown, loaded)
        self._receipt.counts[PATIENTS.table].new += loaded.new
        self._receipt.new[reading.sheet.path] += loaded.new

    def _know(self, mrns: Iterable[str], loaded: Loaded) -> None:
        """Whose these numbers are from now on, and whoever's is written otherwise."""
        for mrn, patient_id in zip(mrns, loaded.entity_ids, strict=True):
            if patient_id is not None and mrn not in self._patient_ids:
                self._patient_ids[mrn] = patient_id
                self._alike.setdefault(match_key(mrn), [mrn])

    def _note(self, reading: Reading, entries: list[Entry], loaded: Loaded) -> None:
        """What the store made of them, and why it did not make more."""
        count = self._receipt.counts[reading.table]
        count.new += loaded.new
        self._receipt.new[reading.sheet.path] += loaded.new
        count.already_there += loaded.already
        count.conflicting += len(loaded.conflicts)
        count.rejected += len(loaded.refused)
        for refused in loaded.refused:
            faults = tuple(
                Fault(
                    reading.views[0].heading(AT.get(problem.field, problem.field)),
                    str(problem.value) if self._tells_recorded else "",
                    problem.message if self._tells_recorded else NOT_TOLD,
                )
                for problem in refused.problems
            )
            entry = entries[refused.index]
            whose = self._recorded(entry.mrn)
            self._reject(reading, entry.line, faults, entry.mrn, speaks(entry.facts), whose)
        for conflict in loaded.conflicts:
            entry = entries[conflict.index]
            if "suicide_item" in conflict.given:
                self._unheard(reading, entry.line, entry.mrn, speaks(entry.facts))
            stored, given = (_as_read(side, entry.facts) for side in (conflict.stored, conflict.given))
            self._receipt.contradict(
                Contradiction(
                    reading.sheet.name,
                    entry.line.number,
                    reading.table,
                    entry.mrn,
                    stored if self._tells_recorded else dict.fromkeys(stored, ANOTHER),
                    given,
                    self._recorded(entry.mrn),
                )
            )

    def _recorded(self, mrn: str) -> int | None:
        """Who stood in the record under this number before the import."""
        patient_id = self._patient_ids.get(mrn)  # none of one made in this batch, written otherwise
        return patient_id if patient_id in self._stood else None

    def _unheard(self, reading: Reading, line: Line, mrn: str | None, answers: int) -> None:
        whose = mrn if self._tells_recorded else None
        self._receipt.unheard.add(Place(reading.sheet.name, line.number, whose), answers)

    def _reject(
        self,
        reading: Reading,
        line: Line,
        faults: Iterable[Fault],
        mrn: str | None,
        unheard: int,
        patient_id: int | None = None,
    ) -> None:
        self._unheard(reading, line, mrn, unheard)
        for fault in faults:
            self._receipt.reject(Rejection(reading.sheet.name, line.number, *fault, patient_id))
        self._rejects.add(reading.sheet, line, [_with_column(fault) for fault in faults])


def _with_column(fault: Fault) -> str:
    """A reason as it stands in the rejects file, where no column beside it says what it is about."""
    return f"{fault.column}: {fault.reason}" if fault.column else fault.reason


def _as_read(values: Mapping[str, Any], facts: Facts) -> Mapping[str, Any]:
    """Columns of a row with its total, if it has one, as people read it."""
    if not isinstance(facts, AssessmentFacts) or values.get("total") is None:
        return values
    return {**values, "total": facts.scale.score(values["total"])}
