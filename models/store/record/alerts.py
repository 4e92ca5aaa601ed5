"""Safety alerts: written by the store from the raw answers, in the assessment's own transaction.

However an assessment came (a form, a file, a correction), its answer to the suicide item is held against the
patient's previous answer on the same scale: the last current one before it that was given.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, time, tzinfo
from functools import cache
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection

from models.scales.safety import AlertLevel
from models.store.audit.inserting import insert
from models.store.engine.asking import ask
from models.store.engine.lookup import among, current
from models.store.record.merges import Links, people
from models.tables.columns import day_of, moment_number

_PATIENTS_AT_ONCE = 20_000


class Alert(NamedTuple):
    """What an answer to the suicide item calls for, and whether it rose against the previous one."""

    level: AlertLevel
    worsening: bool


class Raised(NamedTuple):
    """An alert that a new assessment raises, before it is known whether it is worse than the last."""

    assessment_id: int
    level: AlertLevel
    patient_id: int
    scale: str


def store_alerts(
    connection: Connection, raised: Iterable[Raised], links: Links, zone: tzinfo, moment: int
) -> dict[int, Alert]:
    """Write the alerts of rows just inserted; by row id."""
    alerts: dict[int, Alert] = {}
    raised = sorted(raised, key=lambda one: one.patient_id)
    for start in range(0, len(raised), _PATIENTS_AT_ONCE):
        some = raised[start : start + _PATIENTS_AT_ONCE]
        worse = _worsened(connection, some, links, zone)
        alerts |= {one.assessment_id: Alert(one.level, one.assessment_id in worse) for one in some}
    rows = [(row_id, alert.level.value, alert.worsening, moment) for row_id, alert in sorted(alerts.items())]
    insert(connection, "safety_alert", ("assessment_id", "level", "worsening", "raised_at"), rows)
    return alerts


def _worsened(connection: Connection, raised: list[Raised], links: Links, zone: tzinfo) -> set[int]:
    """The rows among these whose answer is higher than the patient's previous one on the same scale."""
    answered = [one for one in raised if one.level is not AlertLevel.UNANSWERED]
    if not answered:
        return set()
    patients, bound = among(connection, "c.patient_id", people(links, [one.patient_id for one in answered]))
    scales, names = among(connection, "c.scale", {one.scale for one in answered})
    sql = (
        "SELECT c.patient_id, c.scale, c.assessed_at, c.assessed_on, c.id, c.suicide_item "  # noqa: S608
        f"FROM assessment c WHERE {patients} AND {scales} AND c.suicide_item IS NOT NULL "
        f"AND {current('assessment')}"
    )
    rows = ask(connection, sql, patient_id=bound, scale=names)
    begins = _beginnings(zone)
    answers = sorted(
        (links.get(patient, patient), scale, begins(on) if at is None else at, row_id, answer)
        for patient, scale, at, on, row_id, answer in rows
    )
    return set(_rises(answers)) & {one.assessment_id for one in answered}


def _rises(answers: list[tuple[int, str, int, int, int]]) -> Iterator[int]:
    """Rows whose answer is higher than the one before it, of the same patient and scale."""
    for _, series in groupby(answers, key=lambda row: row[:2]):
        previous: int | None = None
        for *_, row_id, answer in series:
            if previous is not None and answer > previous:
                yield row_id
            previous = answer


def _beginnings(zone: tzinfo) -> Callable[[int], int]:
    """A day as the moment it begins in the clinic's zone: where a date without a time stands in order."""

    @cache
    def begins(day: int) -> int:
        return moment_number(datetime.combine(day_of(day), time(), zone).astimezone(UTC))

    return begins
