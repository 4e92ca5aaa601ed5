"""Which events a patient is among without being the one they are about: a list that was read, an import.

A list tells whom it showed as `patients`: ids, and of three or more that follow one another the first and the
last, `[1, "5-240"]`. An import tells no patient, but the rows it wrote (`models.store.rows.digests`).
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection

from models.store.audit.events import told_in
from models.store.engine.asking import ask
from models.store.engine.lookup import FRAMES, among
from models.store.rows.digests import Span
from models.store.trail.record_check import told_by

_FEWEST: Final = 3
"""From how many ids on that follow one another their first and last are told."""

_OF_NOBODY: Final = (
    "SELECT id, detail FROM audit_event WHERE detail LIKE :erased OR "
    "(patient_id IS NULL AND (detail LIKE :listed OR detail LIKE :wrote))"
)


def compact(patient_ids: Iterable[int]) -> list[int | str]:
    """Patients as a list tells them: `[1, "5-240"]`, in the order of their ids."""
    runs: list[list[int]] = []
    for patient_id in sorted(set(patient_ids)):
        if runs and patient_id == runs[-1][1] + 1:
            runs[-1][1] = patient_id
        else:
            runs.append([patient_id, patient_id])
    told: list[int | str] = []
    for first, last in runs:
        many = last - first + 1 >= _FEWEST
        told += [f"{first}-{last}"] if many else range(first, last + 1)
    return told


def events_with(connection: Connection, patient_ids: Collection[int]) -> set[int]:
    """The numbers of the events that tell of one of these patients in a list, or wrote a row of theirs.

    Rows that stood beside an erased person's are told by the erasure, and count for the event that wrote.
    """
    rows = {table: _rows_of(connection, table, patient_ids) for table in FRAMES}
    patterns = {"erased": '%"left":%', "listed": '%"patients":[%', "wrote": '%"rows":%'}
    found: set[int] = set()
    for number, detail in ask(connection, _OF_NOBODY, **patterns):
        if _lists(detail, patient_ids):
            found.add(number)
        found |= {told.event for told in told_by(number, detail) if _holds(told.span, rows)}
    return found


def _rows_of(connection: Connection, table: str, patient_ids: Collection[int]) -> Sequence[int]:
    whose, bound = among(
        connection, "entity_id" if table == "patient" else "patient_id", patient_ids, name="ids"
    )
    return [row[0] for row in ask(connection, f"SELECT id FROM {table} WHERE {whose} ORDER BY id", ids=bound)]  # noqa: S608


def _holds(span: Span, rows: Mapping[str, Sequence[int]]) -> bool:
    ids = rows.get(span.table, ())
    place = bisect_left(ids, span.first)
    return place < len(ids) and ids[place] <= span.last


def _lists(detail: str, patient_ids: Collection[int]) -> bool:
    """Whether one of these patients is among those told; a detail that makes no sense tells of nobody."""
    if '"patients":[' not in detail:
        return False
    try:
        spans = [str(each).partition("-") for each in told_in(detail)["patients"]]
        ranges = [(int(first), int(last or first)) for first, _, last in spans]
    except (ValueError, TypeError, KeyError):
        return False
    return any(first <= patient_id <= last for first, last in ranges for patient_id in patient_ids)
