"""One patient's record with everything in it, also what was corrected or withdrawn: who, when and why."""

from datetime import datetime, time, tzinfo
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine

from models.scales.safety import AlertLevel
from models.store.engine.asking import ask
from models.store.engine.database import reading
from models.store.engine.lookup import Stored, among, clinic, current, find, items_of
from models.store.record.alerts import Alert
from models.store.record.merges import links, numbered, people, person
from models.store.rows.kinds import ASSESSMENT, INFUSION, KINDS, MERGED, PATIENT, Kind
from models.tables.columns import moment_of


class Version(NamedTuple):
    """One row as it was recorded. `values` are its columns; an assessment has its `items` among them.

    `current`: neither superseded nor withdrawn. `reason` says why it supersedes `supersedes_id`.
    """

    kind: str
    id: int
    entity_id: int
    supersedes_id: int | None
    voided: bool
    recorded_at: datetime
    recorded_by: str
    reason: str | None
    current: bool
    alert: Alert | None
    values: dict[str, Any]


History = list[Version]


class LastEntries(NamedTuple):
    """What stands last: the infusion, and the assessment of each scale."""

    infusion: dict[str, Any] | None
    assessments: dict[str, dict[str, Any]]


class OpenAlert(NamedTuple):
    """An alert of an answer that stands. `assessment_id` is the row, `patient_id` the patient's entity."""

    assessment_id: int
    patient_id: int
    scale: str
    level: AlertLevel
    worsening: bool
    raised_at: datetime


def patient_history(engine: Engine, patient_id: int) -> History:
    """Every version of everything of one person, kind by kind, in the order recorded.

    What was recorded for patients who are this person as well is among it, and last every link of theirs.
    """
    with reading(engine) as connection:
        ids = person(connection, patient_id)
        return [version for kind in (*KINDS, MERGED) for version in _versions(connection, kind, ids)]


def patients_numbered(engine: Engine, mrn: str) -> list[tuple[int, str]]:
    """Whoever has this number, however it is written: see `merges.numbered`."""
    with reading(engine) as connection:
        return numbered(connection, mrn)


def survivor_of(engine: Engine, patient_id: int) -> int:
    """Under whom a patient's record is read: another one's if they were merged, else their own."""
    with reading(engine) as connection:
        return links(connection).get(patient_id, patient_id)


def link_of(engine: Engine, survivor_id: int, retired_id: int) -> int | None:
    """The row of the link that stands between two patients; `None` if there is none."""
    which = "c.survivor_id = :survivor AND c.retired_id = :retired"
    with reading(engine) as connection:
        found = find(
            connection,
            MERGED,
            f"{which} AND {current('merged_patient')}",
            survivor=survivor_id,
            retired=retired_id,
        )
    return found[0].id if found else None


def last_entries(engine: Engine, patient_id: int) -> LastEntries:
    """What was entered last of a patient, by when it happened."""
    with reading(engine) as connection:
        _, zone = clinic(connection)
        ids = person(connection, patient_id)
        infusions, assessments = (
            [version.values for version in _versions(connection, kind, ids) if version.current]
            for kind in (INFUSION, ASSESSMENT)
        )
    infusions.sort(key=lambda values: _when(values, "given", zone))
    assessments.sort(key=lambda values: _when(values, "assessed", zone))
    by_scale = {values["scale"]: values for values in assessments}
    return LastEntries(infusions[-1] if infusions else None, by_scale)


def item_scores(engine: Engine, row_id: int) -> dict[int, int]:
    """The answers of one version of an assessment, by item; empty for a total alone."""
    with reading(engine) as connection:
        return items_of(connection, [row_id]).get(row_id, {})


def open_alerts(
    engine: Engine, *, patient_id: int | None = None, limit: int | None = None
) -> list[OpenAlert]:
    """Alerts of answers that stand, the newest first; nothing says yet that one has been looked at."""
    whose, bound = "", {}
    most = "" if limit is None else " LIMIT :most"
    with reading(engine) as connection:
        known = links(connection)
        if patient_id is not None:
            condition, bound["patient_id"] = among(connection, "c.patient_id", people(known, [patient_id]))
            whose = f" AND {condition}"
        sql = (
            "SELECT c.id, c.patient_id, c.scale, a.level, a.worsening, a.raised_at "  # noqa: S608
            "FROM safety_alert a JOIN assessment c ON c.id = a.assessment_id "
            f"WHERE {current('assessment')}{whose} ORDER BY a.assessment_id DESC{most}"
        )
        rows = ask(connection, sql, **bound, **({"most": limit} if most else {}))
    return [
        OpenAlert(
            row_id,
            known.get(patient, patient),
            scale,
            AlertLevel(level),
            bool(worsening),
            moment_of(raised_at),
        )
        for row_id, patient, scale, level, worsening, raised_at in rows
    ]


def _versions(connection: Connection, kind: Kind, patient_ids: set[int]) -> History:
    column = {PATIENT: "c.entity_id", MERGED: "c.survivor_id"}.get(kind, "c.patient_id")
    whose, bound = among(connection, column, patient_ids)
    if kind is MERGED:
        retired, _ = among(connection, "c.retired_id", patient_ids, name="survivor_id")
        whose = f"({whose} OR {retired})"
    rows = find(connection, kind, whose, **{column.rpartition(".")[2]: bound})
    if not rows:
        return []
    ids = [row.id for row in rows]
    superseded = _superseded(connection, kind, ids)
    items = items_of(connection, ids) if kind is ASSESSMENT else {}
    alerts = _alerts(connection, ids) if kind is ASSESSMENT else {}
    return [_version(kind, row, row.id in superseded, items.get(row.id), alerts.get(row.id)) for row in rows]


def _version(
    kind: Kind,
    row: Stored,
    superseded: bool,  # noqa: FBT001
    items: dict[int, int] | None,
    alert: Alert | None,
) -> Version:
    values = kind.told(row.row)
    if kind is ASSESSMENT:
        values["items"] = items or {}
    return Version(
        kind.name,
        row.id,
        row.entity_id,
        row.supersedes_id,
        bool(row.voided),
        moment_of(row.recorded_at),
        row.recorded_by,
        row.reason,
        not superseded and not row.voided,
        alert,
        values,
    )


def _superseded(connection: Connection, kind: Kind, ids: list[int]) -> set[int]:
    """Which of these rows a later one replaced, whoever's patient that one is about."""
    which, bound = among(connection, "supersedes_id", ids)
    sql = f"SELECT supersedes_id FROM {kind.name} WHERE {which}"  # noqa: S608
    return {row[0] for row in ask(connection, sql, supersedes_id=bound)}


def _alerts(connection: Connection, ids: list[int]) -> dict[int, Alert]:
    which, bound = among(connection, "assessment_id", ids)
    sql = f"SELECT assessment_id, level, worsening FROM safety_alert WHERE {which}"  # noqa: S608
    rows = ask(connection, sql, assessment_id=bound)
    return {row_id: Alert(AlertLevel(level), bool(worsening)) for row_id, level, worsening in rows}


def _when(values: dict[str, Any], what: str, zone: tzinfo) -> datetime:
    """Where something stands in order; a date without a time is the start of its day."""
    at: datetime | None = values[f"{what}_at"]
    return at or datetime.combine(values[f"{what}_on"], time(), zone)
