"""What the audit trail tells of a person, taken from it so that it can still be checked.

An event is sealed over all its columns, its details among them, and the seal of the event before. Of a person
who is erased the details go (names before and after, scores, answers, reasons); who did what to which row,
when and from where stays, and so does the seal, so that the event after it still follows on. The seal itself
can then no longer be made again. In its stead the erasure, an event sealed like any other, holds a digest of
what is left of every event it cut. A seal or digest that did not fit before is not made to fit: such an event
stays a finding.

A digest of rows that holds one of the person's is taken from its event too, and the rows that are left of it
are digested anew in the erasure (`left`), as told by the event that wrote them; but only where the old digest
was right. Of a person alone no digest without a key stays: names, birth dates and scores could be guessed and
held against it. So of an import that wrote nothing of anybody else the name and the hash of its file go too,
and of each further import of the same file.
"""

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from models.store.audit.events import BEFORE_THE_FIRST, COLUMNS, canonical, sealed, told_in
from models.store.audit.key import key_of
from models.store.engine.asking import ask, tell
from models.store.rows.digests import Span, checks_of, digest
from models.store.rows.marks import marks_of
from models.store.trail.record_check import Told, holds, rows_in, told_by

ACTION: Final = "erasure"
IMPORT: Final = "import"
ERASED: Final = "erased"
"""In the details of an event that was cut: the number of the erasure that did it."""

OF_PEOPLE: Final = ("patient", "course", "infusion", "assessment")
"""Tables whose spans say of whom an import wrote; what else it wrote hangs on these."""

_AT_ONCE: Final = 20_000
_ID, _ACTION, _PATIENT, _DETAIL = (COLUMNS.index(name) for name in ("id", "action", "patient_id", "detail"))

EventRow = tuple[Any, ...]


def is_sound(key: bytes, row: EventRow, previous: str, known: Mapping[int, str]) -> bool:
    """Whether an event is as it was sealed, or as an erasure left it."""
    if row[_ID] in known and remains(row) == known[row[_ID]]:
        return True
    return bool(sealed(key, row[:-1], previous) == row[-1])


def vouched(connection: Connection) -> dict[int, str]:
    """By the number of each event that was cut, the digest of what the last erasure left of it."""
    rows = ask(connection, "SELECT detail FROM audit_event WHERE action = :action ORDER BY id", action=ACTION)
    known: dict[int, str] = {}
    for (detail,) in rows:
        try:
            known |= {int(number): str(left) for number, left in told_in(detail)["events"]}
        except (ValueError, TypeError, KeyError):
            continue  # tampered with, and found by its own seal
    return known


def remains(row: EventRow) -> str:
    """The digest of an event as it stands, its seal included."""
    return hashlib.sha256(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


class _Found(NamedTuple):
    """An event that tells of the person, or whose digests hold their rows."""

    row: EventRow
    sound: bool
    whole: bool  # all its details are the person's


class TrailOf:
    """The events that tell of a person: found before the rows go, cut once they are gone."""

    def __init__(
        self, connection: Connection, patient_ids: Collection[int], rows: Mapping[str, Sequence[int]]
    ) -> None:
        self._connection, self._patients = connection, frozenset(patient_ids)
        self._rows = {table: sorted(ids) for table, ids in rows.items()}
        self._subjects = {f"{table} {row_id}" for table, ids in rows.items() for row_id in ids}
        self._found: list[_Found] = []
        self._touched: list[Told] = []
        self._right: set[Told] = set()
        self._files: set[str] = set()
        self._wrote_nothing: list[_Found] = []
        self._key, known, previous = key_of(connection), vouched(connection), BEFORE_THE_FIRST
        for row in _events(connection):
            self._look_at(row, sound=is_sound(self._key, row, previous, known))
            previous = row[-1]
        self._found += [each for each in self._wrote_nothing if _files_of(each.row) <= self._files]

    def cut(self, erasure: int) -> dict[str, list[list[Any]]]:
        """Take the details away; what the erasure has to tell: `events` that were cut, and rows `left`."""
        left, events = [], []
        for told in self._touched:
            span = told.span
            if told in self._right:
                rows = rows_in(self._connection, span)
                marks = marks_of(checks_of(rows, span.width, self._key))
                span = span._replace(rows=len(rows), sha256=digest(rows, span.width), marks=marks)
            else:
                span = span._replace(marks="")
            if span.rows:
                left.append([told.event, *span.told()])
        for row, sound, whole in self._found:
            detail = canonical(self._left_of(row, erasure, whole=whole))
            tell(
                self._connection,
                "UPDATE audit_event SET detail = :detail WHERE id = :id",
                detail=detail,
                id=row[_ID],
            )
            if sound:
                events.append([row[_ID], remains((*row[:_DETAIL], detail, *row[_DETAIL + 1 :]))])
        return {"events": events, "left": left}

    def _look_at(self, row: EventRow, *, sound: bool) -> None:
        spans = [*told_by(row[_ID], row[_DETAIL])]
        touched = [told for told in spans if self._touches(told.span)]
        whole = row[_ACTION] != ACTION and (row[_PATIENT] in self._patients or self._is_told(row[_DETAIL]))
        if row[_ACTION] == IMPORT and not spans and _files_of(row):
            self._wrote_nothing.append(_Found(row, sound, whole=True))
        if row[_ACTION] == IMPORT and touched and all(self._has_all(told.span) for told in spans):
            self._files |= _files_of(row)
            whole = True
        if touched or (whole and row[_DETAIL] != "{}"):
            self._found.append(_Found(row, sound, whole))
        self._touched += touched
        self._right |= {told for told in touched if holds(told.span, rows_in(self._connection, told.span))}

    def _left_of(self, row: EventRow, erasure: int, *, whole: bool) -> dict[str, Any]:
        told = told_in(row[_DETAIL])
        try:
            rows = [each for each in told.get("rows") or () if not self._touches(Span(*each))]
            left = [each for each in told.get("left") or () if not self._touches(Span(*each[1:]))]
        except (ValueError, TypeError):
            return {ERASED: erasure}  # tampered with, and found by its own seal
        kept = {} if whole else {name: said for name, said in told.items() if name not in {"rows", "left"}}
        return {
            **kept,
            ERASED: erasure,
            **({"rows": rows} if rows else {}),
            **({"left": left} if left else {}),
        }

    def _touches(self, span: Span) -> bool:
        """Whether one of the person's rows lies in a span."""
        ids = self._rows.get(span.table, ())
        place = bisect_left(ids, span.first)
        return place < len(ids) and ids[place] <= span.last

    def _has_all(self, span: Span) -> bool:
        """Whether every row of a span is the person's, or of a table in which nothing is anybody's alone."""
        if span.table not in OF_PEOPLE:
            return True
        ids = self._rows.get(span.table, ())
        return bisect_right(ids, span.last) - bisect_left(ids, span.first) == span.rows

    def _is_told(self, detail: str) -> bool:
        """Whether a change of one of the person's rows is told, whoever's it was then."""
        if '"before":' not in detail:
            return False
        told = told_in(detail)
        try:
            return any(not self._subjects.isdisjoint(told.get(side) or ()) for side in ("before", "after"))
        except TypeError:
            return False


def _files_of(row: EventRow) -> set[str]:
    """The hashes of the files an import tells of."""
    try:
        return {str(each["sha256"]) for each in told_in(row[_DETAIL])["files"]}
    except (TypeError, KeyError):
        return set()  # cut before, or tampered with and found by its own seal


def _events(connection: Connection) -> Iterator[EventRow]:
    listed, after = ", ".join(COLUMNS), 0
    sql = f"SELECT {listed} FROM audit_event WHERE id > :after ORDER BY id LIMIT {_AT_ONCE}"  # noqa: S608
    while rows := ask(connection, sql, after=after):
        yield from (tuple(row) for row in rows)
        after = rows[-1][_ID]
