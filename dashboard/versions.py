"""Every version of everything of one patient, also what was corrected or withdrawn."""

from dashboard import data
from models.store.record import history


def versions_of(patient_id: int) -> history.History:
    """Every version of everything of one patient, also what was corrected or withdrawn."""
    return history.patient_history(data.engine(), patient_id)


def version_of(patient_id: int, kind: str, row_id: int) -> history.Version:
    """One of them."""
    return next(one for one in versions_of(patient_id) if (one.kind, one.id) == (kind, row_id))


def row_of(patient_id: int, kind: str, entity_id: int) -> int:
    """The version of a thing that stands now."""
    mine = (one for one in versions_of(patient_id) if (one.kind, one.entity_id) == (kind, entity_id))
    return next(one.id for one in mine if one.current)
