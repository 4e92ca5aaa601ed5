"""Every way into the record, one transaction each: facts in, `Saved` out, or an error that says why not.

`at` is the moment of recording, spoken by whoever holds the clock; `save_key` makes one row of a save
that comes twice.
"""

from datetime import datetime

from sqlalchemy import Connection, Engine

from models.store.audit.change_events import Change, changed
from models.store.audit.events import append
from models.store.audit.inserting import insert
from models.store.engine.asking import ask, ask_first
from models.store.engine.database import writing
from models.store.engine.errors import ConflictError
from models.store.engine.lookup import current, next_id, next_moment
from models.store.record.adding import Adding
from models.store.record.correct import (
    correct_assessment,
    correct_claim,
    correct_course,
    correct_infusion,
    correct_patient,
    undo_merge,
    void_assessment,
    void_claim,
    void_course,
    void_infusion,
    void_patient,
)
from models.store.record.early import early
from models.store.record.ledger import lock_question, note_look
from models.store.record.merging import merge_patients
from models.store.record.saving import Saved, adding, save_one
from models.store.rows.kinds import ASSESSMENT, CLAIM, COURSE, INFUSION, PATIENT, VERSION
from models.tables.facts import (
    AssessmentFacts,
    ClaimFacts,
    ClinicFacts,
    CourseFacts,
    FactsError,
    InfusionFacts,
    PatientFacts,
)
from models.tables.facts.problems import refused

__all__ = [
    "Saved",
    "add_clinic",
    "correct_assessment",
    "correct_claim",
    "correct_course",
    "correct_infusion",
    "correct_patient",
    "lock_question",
    "merge_patients",
    "note_look",
    "open_course",
    "record_assessment",
    "record_claim",
    "record_course",
    "record_infusion",
    "record_patient",
    "save_clinic",
    "undo_merge",
    "void_assessment",
    "void_claim",
    "void_course",
    "void_infusion",
    "void_patient",
]

_SETTINGS = tuple(ClinicFacts.model_fields)


def record_patient(
    engine: Engine, facts: PatientFacts, *, by: str, at: datetime, save_key: str | None = None
) -> Saved:
    """Record a patient; `ConflictError` when another one has the number."""
    with adding(engine, "record", by=by, at=at) as writer:
        return save_one(writer, PATIENT, facts, save_key)


def record_course(
    engine: Engine, facts: CourseFacts, *, by: str, at: datetime, save_key: str | None = None
) -> Saved:
    """Record a course as planned; `ConflictError` when another one started on that day."""
    with adding(engine, "record", by=by, at=at) as writer:
        return save_one(writer, COURSE, facts, save_key)


def record_infusion(
    engine: Engine, facts: InfusionFacts, *, by: str, at: datetime, save_key: str | None = None
) -> Saved:
    """Record an infusion. One before every course of its patient opens a course of its own: confirm that."""
    with adding(engine, "record", by=by, at=at) as writer:
        _refuse_before_courses(writer, facts)
        return save_one(writer, INFUSION, facts, save_key)


def record_assessment(
    engine: Engine, facts: AssessmentFacts, *, by: str, at: datetime, save_key: str | None = None
) -> Saved:
    """Record a score with its items and its alert, together or not at all."""
    with adding(engine, "record", by=by, at=at) as writer:
        return save_one(writer, ASSESSMENT, facts, save_key)


def record_claim(
    engine: Engine, facts: ClaimFacts, *, by: str, at: datetime, save_key: str | None = None
) -> Saved:
    """Record what the clinic advertises; `ConflictError` when the same words are on record otherwise."""
    with adding(engine, "record", by=by, at=at) as writer:
        return save_one(writer, CLAIM, facts, save_key)


def open_course(
    engine: Engine,
    course: CourseFacts,
    infusion: InfusionFacts,
    *,
    by: str,
    at: datetime,
    save_key: str | None = None,
) -> tuple[Saved, Saved]:
    """Record a course and the first infusion that opens it, together or not at all."""
    with adding(engine, "record", by=by, at=at) as writer:
        opened = save_one(writer, COURSE, course, save_key)
        _refuse_before_courses(writer, infusion)
        return opened, save_one(writer, INFUSION, infusion, save_key)


def save_clinic(
    engine: Engine, facts: ClinicFacts, *, by: str, at: datetime, begun: ClinicFacts | None = None
) -> Saved:
    """The clinic's settings as they now are; what they were stays in the record.

    Of whoever had `begun` with other ones, what they left alone stays as it stands now; `ConflictError` names
    what they changed and somebody else did meanwhile.
    """
    with writing(engine) as connection:
        if begun is not None:
            facts = _beside(connection, facts, begun)
        return add_clinic(connection, facts, by=by, at=at)


def add_clinic(connection: Connection, facts: ClinicFacts, *, by: str, at: datetime) -> Saved:
    """The same inside a transaction that is already open."""
    listed = ", ".join(_SETTINGS)
    sql = f"SELECT id, entity_id, {listed} FROM clinic c WHERE {current('clinic')}"  # noqa: S608
    found = ask_first(connection, sql)
    row = (facts.name or "", *(getattr(facts, name) for name in _SETTINGS[1:]))
    if found is not None and tuple(found[2:]) == row:
        return Saved(found[0], found[1], already=True, alert=None)
    new = next_id(connection, "clinic")
    entity_id, supersedes_id = (new, None) if found is None else (found[1], found[0])
    reason = None if found is None else "settings changed"
    version = (new, entity_id, next_moment(connection, at), by, supersedes_id, False, reason, None)
    insert(connection, "clinic", (*VERSION, *_SETTINGS), [(*version, *row)])
    after = dict(zip(_SETTINGS, row, strict=True))
    stood = () if found is None else zip(after.items(), found[2:], strict=True)
    before = {
        name: bool(old) if isinstance(value, bool) else old for (name, value), old in stood
    }  # a yes of SQLite is 1
    change = Change(f"clinic {new}", None, before or None, after)
    append(connection, [changed("settings", [change])], by=by, at=at)
    return Saved(new, entity_id, already=False, alert=None)


def _beside(connection: Connection, facts: ClinicFacts, begun: ClinicFacts) -> ClinicFacts:
    """Settings beside those that were changed since somebody began with others."""
    sql = f"SELECT id, entity_id, {', '.join(_SETTINGS)} FROM clinic c WHERE {current('clinic')}"  # noqa: S608
    row_id, entity_id, *values = ask(connection, sql)[0]
    stands = dict(zip(_SETTINGS, values, strict=True))
    stands |= {"name": stands["name"] or None, "demo": bool(stands["demo"])}
    given, before = ({name: getattr(each, name) for name in _SETTINGS} for each in (facts, begun))
    both = [name for name in _SETTINGS if len({given[name], before[name], stands[name]}) > 2]  # noqa: PLR2004
    if both:
        stored, yours = ({name: each[name] for name in both} for each in (stands, given))
        raise ConflictError("Another setting", stored, yours, row_id, entity_id)
    alone = [name for name in _SETTINGS if given[name] == before[name]]
    return facts.model_copy(update={name: stands[name] for name in alone})


def _refuse_before_courses(writer: Adding, facts: InfusionFacts) -> None:
    """Ask before an infusion stands before everything that was planned."""
    for found in early(writer, [facts]).values():
        allowed = f"usually on or after the start of the first course, {found.first_course_on}"
        ((field, title, day),) = facts.days(writer.zone)
        raise FactsError([refused(field, title, day, allowed, confirm=True)])
