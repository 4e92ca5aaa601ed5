"""Which records are of one person: links between patients, and everybody's rows read as one person's.

A link moves nothing. Rows keep the patient they were recorded for; whoever reads them asks here whose they
count as. There are no chains: a survivor is never retired.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import Connection

from models.store.engine.asking import ask
from models.store.engine.lookup import among, current
from models.store.rows.kinds import PATIENT, Key, Kind, Row
from models.tables.facts import match_key

Links = Mapping[int, int]
"""The survivor of each retired patient, by entity ids."""

_OTHERWISE: Final = {
    "sqlite": "length(CAST(c.mrn AS BLOB)) <> length(c.mrn)",
    "postgresql": '(octet_length(c.mrn) <> length(c.mrn) OR lower(c.mrn) <> lower(c.mrn COLLATE "C"))',
}
"""Numbers whose lower case is not what they are matched by: a few, looked at one by one.

Where a server's language is Turkish, so is its lower case, and those with an I are among them.
"""


def links(connection: Connection, known_at: int | None = None) -> dict[int, int]:
    """The links that stand, or stood at a moment."""
    known = "" if known_at is None else f" AND c.recorded_at <= {known_at}"
    which = f"{current('merged_patient', known_at=known_at)}{known}"
    sql = f"SELECT c.retired_id, c.survivor_id FROM merged_patient c WHERE {which} ORDER BY c.id"  # noqa: S608
    return dict(ask(connection, sql))


def people(links: Links, patient_ids: Iterable[int]) -> set[int]:
    """These patients and all who are one person with one of them."""
    wanted = {links.get(patient_id, patient_id) for patient_id in patient_ids}
    return wanted | {retired for retired, survivor in links.items() if survivor in wanted}


def person(connection: Connection, patient_id: int) -> set[int]:
    """A patient and all who are one person with them."""
    return people(links(connection), [patient_id])


def key_of(kind: Kind, row: Row, links: Links) -> Key:
    """What makes two rows the same thing: of a linked patient, the person's key."""
    key = kind.key(row)
    return (links.get(key[0], key[0]), *key[1:]) if links and kind.is_of_patients else key


def current_keys(connection: Connection, kind: Kind, rows: Iterable[Row], links: Links) -> dict[Key, int]:
    """The current row under each of these rows' own keys and under its person's, and maybe of some others.

    Where two stand that read as one (two numbers alike, two scores of one moment that a link brought
    together), each stands under its own key, and the one recorded first under that of both.
    """
    found: list[tuple[int, Row]] = []
    given = list(rows)
    listed = ", ".join(f"c.{column}" for column in kind.columns[: kind.leading])
    for condition, values in _narrowed(connection, kind, given, links):
        sql = f"SELECT c.id, {listed} FROM {kind.name} c WHERE {condition} AND {current(kind.name)}"  # noqa: S608
        found += [(row[0], tuple(row[1:])) for row in ask(connection, sql, **values)]
    own = {kind.own_key(row): row_id for row_id, row in found}
    if kind is not PATIENT and not links:
        return own
    shared: dict[Key, int] = {}
    for row_id, row in sorted(found):
        shared.setdefault(key_of(kind, row, links), row_id)
    return shared | own


def gone_keys(connection: Connection, kind: Kind, rows: Iterable[Row], links: Links) -> dict[Key, int]:
    """The entity that stood under each of these rows' keys once, and maybe still does, or was withdrawn."""
    listed = ", ".join(f"c.{column}" for column in kind.columns[: kind.leading])
    found: dict[Key, int] = {}
    for condition, values in _narrowed(connection, kind, list(rows), links):
        sql = (
            f"SELECT c.entity_id, {listed} FROM {kind.name} newer "  # noqa: S608
            f"JOIN {kind.name} c ON c.id = newer.supersedes_id WHERE {condition} ORDER BY newer.id"
        )
        found |= {key_of(kind, tuple(row[1:]), links): row[0] for row in ask(connection, sql, **values)}
    return found


def numbered(connection: Connection, mrn: str) -> list[tuple[int, str]]:
    """Whoever has this number, however it is written: entity id and number as typed.

    One that is written exactly so is the only one.
    """
    key, otherwise = match_key(mrn), _OTHERWISE[connection.dialect.name]
    sql = (
        "SELECT c.entity_id, c.mrn FROM patient c "  # noqa: S608
        f"WHERE (lower(c.mrn) = :mrn OR {otherwise}) AND {current('patient')}"
    )
    alike = {row[0]: row[1] for row in ask(connection, sql, mrn=key) if match_key(row[1]) == key}
    return [each for each in alike.items() if each[1] == mrn] or sorted(alike.items())


def alike(connection: Connection) -> list[list[str]]:
    """Numbers that read alike and are not one person's: an older version let them stand."""
    known = links(connection)
    sql = f"SELECT c.entity_id, c.mrn FROM patient c WHERE {current('patient')} ORDER BY c.entity_id"  # noqa: S608
    found: dict[str, dict[int, str]] = {}
    for patient, mrn in ask(connection, sql):
        found.setdefault(match_key(mrn), {}).setdefault(known.get(patient, patient), mrn)
    return [[*numbers.values()] for numbers in found.values() if len(numbers) > 1]


def _narrowed(
    connection: Connection, kind: Kind, rows: list[Row], links: Links
) -> Iterable[tuple[str, dict[str, object]]]:
    """The conditions that find these rows' keys by an index, and what to bind."""
    parts = list(zip(*map(kind.key, rows), strict=True))
    if kind is PATIENT:
        clinic, bound = among(connection, "c.clinic_id", set(parts[0]))
        texts, keys = among(connection, "lower(c.mrn)", set(parts[1]), name="mrn")
        yield f"{clinic} AND {texts}", {"clinic_id": bound, "mrn": keys}
        yield f"{clinic} AND {_OTHERWISE[connection.dialect.name]}", {"clinic_id": bound}
        return
    narrowed, values = [], {}
    for column, wanted in zip(kind.found_by, map(set, parts), strict=False):
        every = people(links, wanted) if column == "patient_id" and links else wanted
        condition, values[column] = among(connection, f"c.{column}", every)
        narrowed.append(condition)
    if kind.happened and len(rows) == 1:  # the index to its end; of many rows that would be every pair
        narrowed.append(f"{kind.happened} = :happened")
        (values["happened"],) = parts[-1]
    yield " AND ".join(narrowed), values
