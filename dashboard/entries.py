"""What is typed on its way into the record: checked, stored, corrected, withdrawn."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from typing import Final, NamedTuple

from dashboard import data
from models.exchange.moments import MomentError, in_zone
from models.outcomes.answer import Answer
from models.outcomes.estimand import Estimand
from models.store import write
from models.store.claims import Lock
from models.store.errors import BusyError, StoreError
from models.tables.facts import (
    AssessmentFacts,
    ClaimFacts,
    ClinicFacts,
    CourseFacts,
    Facts,
    FactsError,
    InfusionFacts,
    PatientFacts,
    Problem,
    Setting,
)

Values = Mapping[str, object]
"""What was typed in a form, field by field, as the facts of its kind take it."""


class Kind(NamedTuple):
    """A kind of thing that is recorded: how it is checked, stored, corrected and withdrawn."""

    name: str
    facts: type[Facts]
    record: Callable[..., write.Saved]
    correct: Callable[..., write.Saved]
    void: Callable[..., write.Saved]


PATIENT: Final = Kind(
    "patient", PatientFacts, write.record_patient, write.correct_patient, write.void_patient
)
COURSE: Final = Kind("course", CourseFacts, write.record_course, write.correct_course, write.void_course)
INFUSION: Final = Kind(
    "infusion", InfusionFacts, write.record_infusion, write.correct_infusion, write.void_infusion
)
ASSESSMENT: Final = Kind(
    "assessment", AssessmentFacts, write.record_assessment, write.correct_assessment, write.void_assessment
)

CLAIM: Final = Kind("claim", ClaimFacts, write.record_claim, write.correct_claim, write.void_claim)


def moment_fields(field: str, day: date | None, clock: time | None) -> dict[str, object]:
    """A day, and its time if that is known, as facts take them; a time the clocks skipped is refused."""
    if day is None or clock is None:
        return {f"{field}_at": None, f"{field}_on": day}
    try:
        return {f"{field}_at": in_zone(datetime.combine(day, clock), data.zone()), f"{field}_on": None}
    except MomentError as error:
        words = f"{clock:%H:%M} on {day} {error}"
        raise FactsError([Problem(f"{field}_at", clock, "a time of that day", words)]) from None


def store(kind: Kind, values: Values, *, by: str, save_key: str) -> write.Saved:
    """Check what was typed and store it."""
    facts = kind.facts.check(values, _setting())
    with _alarming(facts):
        return kind.record(data.engine(), facts, by=by, at=data.now(), save_key=save_key)


def open_course(course: Values, infusion: Values, *, by: str, save_key: str) -> write.Saved:
    """Store an infusion together with the course it opens."""
    first = InfusionFacts.check(infusion, _setting())
    started_on = next(day for _, _, day in first.days(data.zone()))
    opened = CourseFacts.check({**course, "started_on": started_on}, _setting())
    return write.open_course(data.engine(), opened, first, by=by, at=data.now(), save_key=save_key)[1]


def correct(kind: Kind, row_id: int, values: Values, *, why: str, by: str, save_key: str) -> write.Saved:
    """Store what is right in the place of a row, which stays in the record."""
    facts = kind.facts.check(values, _setting())
    with _alarming(facts):
        return kind.correct(data.engine(), row_id, facts, by=by, at=data.now(), why=why, save_key=save_key)


def withdraw(kind: Kind, row_id: int, *, why: str, by: str) -> write.Saved:
    """Take a row out of everything that is counted; it stays in the record."""
    return kind.void(data.engine(), row_id, by=by, at=data.now(), why=why)


def save_clinic(values: Values, *, by: str) -> write.Saved:
    """Store the clinic's settings; whether it is a demo is not for a form to say."""
    facts = ClinicFacts.check({**values, "demo": data.clinic().demo}, _setting())
    return write.save_clinic(data.engine(), facts, by=by, at=data.now())


def lock_question(question: Estimand, *, claim: int | None, why: str, by: str) -> write.Saved:
    """Fix the question the clinic is judged by from now on; earlier locks stay visible."""
    lock = write.lock_question(data.engine(), question, claim=claim, by=by, at=data.now(), reason=why)
    return write.Saved(lock.id, lock.id, already=False, alert=None)


def note_look(lock: Lock, answer: Answer) -> None:
    """Count that the locked question's answer was looked at; a record that is busy is not kept waiting."""
    rate = answer.rate
    with suppress(BusyError):
        write.note_look(
            data.engine(),
            lock.id,
            as_of=answer.as_of,
            numerator=rate.numerator,
            denominator=rate.denominator,
            at=data.now(),
        )


@contextmanager
def _alarming(facts: Facts) -> Iterator[None]:
    """What keeps answers from being stored says what alert they raise."""
    try:
        yield
    except (FactsError, StoreError) as refusal:
        if isinstance(facts, AssessmentFacts):
            refusal.alert = facts.alert
        raise


def _setting() -> Setting:
    return Setting(today=data.today(), zone=data.zone(), scales=data.scales())
