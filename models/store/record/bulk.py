"""Many rows in one transaction, for files and for an invented clinic: all of them are stored, or none.

With `dry_run` everything is done and then undone, so that its counts are exactly those of the real thing.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Engine

from models.store.audit.events import Event, append
from models.store.engine.asking import ask
from models.store.engine.database import writing
from models.store.engine.lookup import current
from models.store.record.adding import Adding, Conflict, Loaded, Progress, Refused
from models.store.record.early import Early, early
from models.store.rows.kinds import ASSESSMENT, COURSE, INFUSION, PATIENT
from models.tables.facts import AssessmentFacts, CourseFacts, InfusionFacts, PatientFacts

__all__ = ["Conflict", "Loaded", "Loading", "Refused", "loading"]


class Loading:
    """One open load. Patients come first: everything else names them by their entity id.

    `detail` is what its event tells besides its rows.
    """

    def __init__(self, adding: Adding) -> None:
        self._adding = adding
        self.connection = adding.connection
        self.detail = adding.detail

    def raised(self) -> int:
        """How many alerts it raises so far."""
        return self._adding.raised

    def patient_ids(self) -> dict[str, int]:
        """The entity id of every current patient, by number."""
        sql = f"SELECT c.mrn, c.entity_id FROM patient c WHERE {current('patient')}"  # noqa: S608
        return dict(ask(self._adding.connection, sql))

    def survivor_of(self, patient_id: int) -> int:
        """Under whom a patient's record is read."""
        return self._adding.links.get(patient_id, patient_id)

    def patients(self, facts: Sequence[PatientFacts], progress: Progress | None = None) -> Loaded:
        """Record patients; `progress` hears how many of these are done."""
        return self._adding.add(PATIENT, facts, progress=progress)

    def courses(self, facts: Sequence[CourseFacts], progress: Progress | None = None) -> Loaded:
        """Record courses."""
        return self._adding.add(COURSE, facts, progress=progress)

    def infusions(self, facts: Sequence[InfusionFacts], progress: Progress | None = None) -> Loaded:
        """Record infusions, in any order."""
        return self._adding.add(INFUSION, facts, progress=progress)

    def early(self, facts: Sequence[InfusionFacts]) -> dict[int, Early]:
        """By their place, the infusions that are before every course of their patient, unconfirmed."""
        return early(self._adding, facts)

    def assessments(self, facts: Sequence[AssessmentFacts], progress: Progress | None = None) -> Loaded:
        """Record assessments with their items; alerts follow when the load ends."""
        return self._adding.add(ASSESSMENT, facts, progress=progress)


@contextmanager
def loading(engine: Engine, *, by: str, at: datetime, dry_run: bool = False) -> Iterator[Loading]:
    """A load in one transaction; its alerts are written when the block ends."""
    with one_load(engine, by=by, at=at, dry_run=dry_run) as adding:
        yield Loading(adding)


@contextmanager
def one_load(engine: Engine, *, by: str, at: datetime, dry_run: bool) -> Iterator[Adding]:
    """The transaction of a load, whatever is done in it; one event tells of all its rows."""
    with _no_collecting(), writing(engine) as connection:
        adding = Adding(connection, by=by, at=at, brings_back=False)
        yield adding
        adding.finish()
        if dry_run:
            connection.rollback()
        else:
            append(connection, [Event("import", detail=adding.detail)], by=by, at=at)


@contextmanager
def _no_collecting() -> Iterator[None]:
    """A load makes millions of things that live until they are written: no use in looking for garbage."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
