"""Two records that may be one person's: who the other one is, and what does not agree in them."""

from dashboard import data
from models.store.record import history, merging
from models.tables.facts import FactsError


def numbered(typed: str) -> list[tuple[int, str]]:
    """The patients with this number, however it is written: entity id, and number as it was first typed."""
    return history.patients_numbered(data.engine(), typed)


def number_of(patient_id: int) -> str:
    """The number of one record, retired or not; empty where it is not there any more."""
    everyone = data.record().everyone
    return str(next(iter(everyone.filter(everyone["patient_id"] == patient_id)["mrn"]), ""))


def is_one_person(patient_id: int, other_id: int) -> bool:
    """Whether two records are read as one already."""
    links = data.record().links
    return links.get(patient_id, patient_id) == links.get(other_id, other_id)


def disagreement(keep: int, retire: int) -> FactsError | None:
    """What does not agree in two records, or keeps them from being linked."""
    found = merging.conflicts(data.engine(), keep, retire)
    return FactsError(found) if found else None
