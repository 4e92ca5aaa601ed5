"""What is typed on its way into the record: checked, stored, corrected, withdrawn."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time
from typing import Final, NamedTuple, TypeVar

from dashboard import data
from dashboard.identity import acting
from models.access.roles import Right
from models.exchange.columns.moments import CameTwiceError, MomentError, in_zone
from models.outcomes.answers.answer import Answer
from models.outcomes.question.estimand import Estimand
from models.store.engine.errors import BusyError, StoreError
from models.store.record import write
from models.store.record.claims import Lock
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

SomeFacts = TypeVar("SomeFacts", bound=Facts)


class Kind(NamedTuple):
    """A kind of thing that is recorded: who may, and how it is checked, stored, corrected and withdrawn.

    `taken_back` is the right to withdraw one.
    """

    name: str
    right: Right
    taken_back: Right
    facts: type[Facts]
    record: Callable[..., write.Saved]
    correct: Callable[..., write.Saved]
    void: Callable[..., write.Saved]


MAY: Final = (Right.RECORD, Right.WITHDRAW)
PATIENT: Final = Kind(
    "patient", *MAY, PatientFacts, write.record_patient, write.correct_patient, write.void_patient
)
COURSE: Final = Kind(
    "course", *MAY, CourseFacts, write.record_course, write.correct_course, write.void_course
)
INFUSION: Final = Kind(
    "infusion",
    *MAY,
    InfusionFacts,
    write.record_infusion,
    write.correct_infusion,
    write.void_infusion,
)
ASSESSMENT: Final = Kind(
    "assessment",
    *MAY,
    AssessmentFacts,
    write.record_assessment,
    write.correct_assessment,
    write.void_assessment,
)

CLAIM: Final = Kind(
    "claim",
    Right.QUESTION,
    Right.QUESTION,
    ClaimFacts,
    write.record_claim,
    write.correct_claim,
    write.void_claim,
)


def moment_fields(
    field: str, day: date | None, clock: time | None, *, is_second: bool | None
) -> dict[str, object]:
    """A day, and its time if that is known, as facts take them; a time that is no one moment as its problem.

    `is_second` says which of the two a time was that the clocks showed twice.
    """
    if day is None or clock is None:
        return {f"{field}_at": None, f"{field}_on": day}
    try:
        local = in_zone(datetime.combine(day, clock), data.zone(), is_second=is_second)
        return {f"{field}_at": local.astimezone(UTC), f"{field}_on": None}
    except CameTwiceError:
        why = "came twice, as the clocks were put back; choose the first or the second"
    except MomentError as error:
        why = str(error)
    except OverflowError:
        why = "lies beyond any calendar"
    words = f"{clock:%H:%M} on {day} {why}"
    return {f"{field}_at": Problem(f"{field}_at", clock, "a time of that day", words)}


def both_moments(day: date | None, clock: time | None) -> tuple[datetime, datetime] | None:
    """The two moments at which the clocks showed that time, if there were two."""
    if day is not None and clock is not None:
        try:
            in_zone(datetime.combine(day, clock), data.zone())
        except CameTwiceError as twice:
            return twice.moments
        except MomentError:
            pass  # a time the clocks skipped: said when it is saved
    return None


def store(kind: Kind, values: Values, *, save_key: str) -> write.Saved:
    """Check what was typed and store it; `FactsError` and `StoreError` say why it was not."""
    facts = kind.facts.check(values, _setting())
    with _alarming(facts):
        return kind.record(data.engine(), facts, by=acting(kind.right), at=data.now(), save_key=save_key)


def open_course(course: Values, infusion: Values, *, save_key: str) -> write.Saved:
    """Store an infusion together with the course it opens; what is wrong in both is said at once."""
    setting = _setting()
    first, problems = _checked(InfusionFacts, infusion, setting)
    started_on = setting.today if first is None else next(day for _, _, day in first.days(setting.zone))
    opened, more = _checked(CourseFacts, {**course, "started_on": started_on}, setting)
    if first is None or opened is None:
        raise FactsError([*problems, *more])
    return write.open_course(
        data.engine(), opened, first, by=acting(Right.RECORD), at=data.now(), save_key=save_key
    )[1]


def correct(kind: Kind, row_id: int, values: Values, *, why: str, save_key: str) -> write.Saved:
    """Store what is right in the place of a row, which stays in the record."""
    facts = kind.facts.check(values, _setting())
    with _alarming(facts):
        return kind.correct(
            data.engine(), row_id, facts, by=acting(kind.right), at=data.now(), why=why, save_key=save_key
        )


def withdraw(kind: Kind, row_id: int, *, why: str) -> write.Saved:
    """Take a row out of everything that is counted; it stays in the record."""
    return kind.void(data.engine(), row_id, by=acting(kind.taken_back), at=data.now(), why=why)


def merge(keep: int, retire: int, *, why: str, confirmed: Collection[Problem], save_key: str) -> write.Saved:
    """Read another record as this person's from now on; what does not agree in them was confirmed."""
    return write.merge_patients(
        data.engine(),
        keep,
        retire,
        by=acting(Right.RECORD),
        at=data.now(),
        why=why,
        confirmed=confirmed,
        save_key=save_key,
    )


def undo_merge(row_id: int, *, why: str, save_key: str) -> write.Saved:
    """Two records are two people's again; `row_id` is the link's."""
    return write.undo_merge(
        data.engine(), row_id, by=acting(Right.RECORD), at=data.now(), why=why, save_key=save_key
    )


def save_clinic(values: Values, begun: ClinicFacts) -> write.Saved:
    """Store the clinic's settings, `begun` with these; whether it is a demo is not for a form to say."""
    facts = ClinicFacts.check({**values, "demo": data.clinic().demo}, _setting())
    return write.save_clinic(data.engine(), facts, by=acting(Right.CLINIC), at=data.now(), begun=begun)


def lock_question(question: Estimand, *, claim: int | None, why: str) -> write.Saved:
    """Fix the question the clinic is judged by from now on; earlier locks stay visible."""
    lock = write.lock_question(
        data.engine(), question, claim=claim, by=acting(Right.QUESTION), at=data.now(), reason=why
    )
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


def _checked(
    kind: type[SomeFacts], values: Values, setting: Setting
) -> tuple[SomeFacts | None, tuple[Problem, ...]]:
    try:
        return kind.check(values, setting), ()
    except FactsError as wrong:
        return None, wrong.problems


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
    clinic = data.clinic()
    return Setting(data.today(), clinic.zone, data.scales(), clinic.weight_unit)
