"""Whose records have been kept as long as the clinic says, counted from the last contact.

The last contact is the latest day on which anything that stands was given, scored, begun or ended; of
somebody without any of these, also of somebody withdrawn, it is the day they were recorded.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from models.store.engine.asking import ask
from models.store.engine.database import reading
from models.store.engine.lookup import clinic, current
from models.store.record.merges import links
from models.tables.columns import day_of, moment_of

LAW: Final = (
    "How long a record must be kept, and from when on it may not be, is for the law of the clinic's place to "
    "say; of children, and of people in a study, it often says otherwise, which is not reckoned with here."
)
"""What every figure of this module comes with."""

_CARE: Final = (
    ("infusion", "max(c.given_at), max(c.given_on)"),
    ("score", "max(c.assessed_at), max(c.assessed_on)"),
    ("course", "NULL, max(coalesce(c.ended_on, c.started_on))"),
)
_TABLE: Final = {"score": "assessment"}
RECORDED: Final = "recorded"


class Contact(NamedTuple):
    """Somebody's last contact: the clinic's day, and what it was (infusion, score, course, recorded)."""

    patient_id: int
    number: str
    day: date
    was: str


class Due(NamedTuple):
    """Somebody whose record is kept no longer than it has been, since when."""

    contact: Contact
    since: date


class Retention(NamedTuple):
    """For how many years records are kept (`None`: nobody said), of how many people, and who is due."""

    years: int | None
    people: int
    due: list[Due]


def retention(engine: Engine, today: date) -> Retention:
    """Who is due on the clinic's day, the longest first; nobody until the clinic says how long it keeps."""
    with reading(engine) as connection:
        sql = f"SELECT c.keep_years FROM clinic c WHERE {current('clinic')}"  # noqa: S608
        ((years,),) = ask(connection, sql)
        known = contacts(connection)
    if years is None:
        return Retention(None, len(known), [])
    due = [Due(contact, _years_after(contact.day, years)) for contact in known]
    ended = sorted(
        (one for one in due if one.since <= today), key=lambda one: (one.since, one.contact.number)
    )
    return Retention(years, len(known), ended)


def contacts(connection: Connection) -> list[Contact]:
    """The last contact of everybody; of linked records, under the number they are read with."""
    _, zone = clinic(connection)
    known = links(connection)
    last: dict[int, tuple[date, str]] = {}
    for whose, day, was in _care(connection, zone):
        patient_id = known.get(whose, whose)
        if patient_id not in last or day > last[patient_id][0]:
            last[patient_id] = day, was
    newer = "SELECT 1 FROM patient n WHERE n.supersedes_id = c.id"
    sql = (
        "SELECT c.entity_id, c.mrn, f.recorded_at FROM patient c JOIN patient f ON f.id = c.entity_id "  # noqa: S608
        f"WHERE NOT EXISTS ({newer}) ORDER BY c.entity_id"
    )
    found = []
    for patient_id, number, recorded_at in ask(connection, sql):
        if patient_id in known:
            continue
        day, was = last.get(patient_id) or (moment_of(recorded_at).astimezone(zone).date(), RECORDED)
        found.append(Contact(patient_id, number, day, was))
    return found


def _care(connection: Connection, zone: ZoneInfo) -> Iterator[tuple[int, date, str]]:
    for was, latest in _CARE:
        table = _TABLE.get(was, was)
        sql = f"SELECT c.patient_id, {latest} FROM {table} c WHERE {current(table)} GROUP BY c.patient_id"  # noqa: S608
        for patient_id, moment, day in ask(connection, sql):
            if moment is not None:
                yield patient_id, moment_of(moment).astimezone(zone).date(), was
            if day is not None:
                yield patient_id, day_of(day), was


def _years_after(day: date, years: int) -> date:
    """The same day so many years later; of a 29 February the 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
