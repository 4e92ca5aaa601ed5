"""Whose number was named to a command."""

from sqlalchemy import Engine

from dashboard.cli.answering import UsageError
from models.store.record.history import patients_numbered, survivor_of


def patient_of(engine: Engine, argument: str, number: str) -> int:
    """The patient (entity id) with this number, however it is written; `UsageError` if that is not clear.

    Where two have numbers that read alike and are one person, it is the one the other is read with.
    """
    found = patients_numbered(engine, number)
    if not found:
        raise UsageError(f"{argument} {number!r} is nobody's in this record")
    if len(found) == 1:
        return found[0][0]
    one = {survivor_of(engine, patient_id) for patient_id, _ in found}
    if len(one) > 1:
        alike = " or ".join(repr(mrn) for _, mrn in found)
        raise UsageError(f"{argument} {number!r} may be {alike}; write it exactly so")
    return one.pop()
