"""The whole record as frames, and what was added to it since.

`record` reads everything once; `catch_up` reads only rows with a higher id than the last one seen. Nothing
else can be new, because nothing is ever changed and ids become visible in order. When two records are linked,
or a link is undone, the rows recorded for the retired patient alone change whose they are. Once a person was
erased, everything is read again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

import polars as pl
from sqlalchemy import Connection, Engine

from models.store.engine.asking import ask, ask_first
from models.store.engine.changes import data_version
from models.store.engine.database import reading
from models.store.engine.lookup import FRAMES, TABLES, current
from models.store.record.claims import ClaimVersion, Lock, Look, claims, locks, looks
from models.store.record.frames import localised, read_frame, read_rows_of
from models.store.record.history import (
    History,
    LastEntries,
    OpenAlert,
    Version,
    item_scores,
    last_entries,
    open_alerts,
    patient_history,
)
from models.store.record.merges import Links, links
from models.tables.columns import moment_number, moment_of
from models.tables.facts import ClinicFacts

__all__ = [
    "ClaimVersion",
    "History",
    "LastEntries",
    "Lock",
    "Look",
    "OpenAlert",
    "Record",
    "Version",
    "Watermark",
    "catch_up",
    "claims",
    "data_version",
    "item_scores",
    "last_entries",
    "locks",
    "looks",
    "open_alerts",
    "patient_history",
    "record",
]

_MANY_PIECES: Final = 64


class Watermark(NamedTuple):
    """The highest id seen in each table, of erasures, and of the clinic's own scales as they were kept."""

    clinic: int
    patient: int
    course: int
    infusion: int
    assessment: int
    merged_patient: int
    erasure: int
    kept_scale: int


@dataclass(frozen=True, eq=False)
class Record:
    """The current rows of everything, or what was current at `known_at`.

    Ids are entity ids. `day` counts days since 1970-01-01 in the clinic's zone, `second` the seconds of that
    day, `instant` UTC seconds since 1970; the last two are null where no time is known. Rows stand in the
    order in which they were recorded. `known_until` is the moment of the newest row seen: with `known_at` set
    to it, the same question has the same answer for ever.

    `patients` are people: one of several linked records, with the numbers of the others in `also`, whose
    courses, infusions and assessments stand under the same id. A person is under 42 CFR Part 2 (`part2`) by
    any of them, and consents (`part2_consent_until`) while all that are do. `everyone` has a row a record,
    and `links` the survivor of each that is retired.
    """

    clinic: ClinicFacts
    patients: pl.DataFrame
    courses: pl.DataFrame
    infusions: pl.DataFrame
    assessments: pl.DataFrame
    watermark: Watermark
    known_at: datetime | None
    known_until: datetime
    everyone: pl.DataFrame
    links: Links


def record(engine: Engine, *, known_at: datetime | None = None) -> Record:
    """Everything that is current, or was current at a moment."""
    with reading(engine) as connection:
        return _read(connection, known_at)


def catch_up(engine: Engine, seen: Record) -> Record:
    """The record with what was recorded since; the same object when nothing was."""
    known = None if seen.known_at is None else moment_number(seen.known_at)
    with reading(engine) as connection:
        marks, newest = _newest(connection, known)
        if marks == seen.watermark:
            return seen
        if marks.erasure != seen.watermark.erasure:  # rows are gone that no higher id tells of
            return _read(connection, seen.known_at)
        clinic = _clinic(connection, known)
        linked = (
            seen.links if marks.merged_patient == seen.watermark.merged_patient else links(connection, known)
        )
        news = _News(seen.watermark, marks, known, clinic.time_zone, seen.links, linked)
        everyone, courses, infusions, assessments = (
            _patched(connection, table, _moved(connection, table, frame, news), news)
            for table, frame in zip(
                FRAMES, (seen.everyone, seen.courses, seen.infusions, seen.assessments), strict=True
            )
        )
    if clinic.time_zone != seen.clinic.time_zone:
        infusions, assessments = (
            localised(infusions, clinic.time_zone),
            localised(assessments, clinic.time_zone),
        )
    as_before = everyone is seen.everyone and linked is seen.links
    patients = seen.patients if as_before else _people(everyone, linked)
    return Record(
        clinic, patients, courses, infusions, assessments, marks, seen.known_at, newest, everyone, linked
    )


def _read(connection: Connection, known_at: datetime | None) -> Record:
    known = None if known_at is None else moment_number(known_at)
    clinic = _clinic(connection, known)
    marks, newest = _newest(connection, known)
    linked = links(connection, known)
    everyone, courses, infusions, assessments = (
        read_frame(
            connection,
            table,
            after=0,
            until=getattr(marks, table),
            known_at=known,
            zone=clinic.time_zone,
            links=linked,
        )
        for table in FRAMES
    )
    patients = _people(everyone, linked)
    return Record(
        clinic, patients, courses, infusions, assessments, marks, known_at, newest, everyone, linked
    )


class _News(NamedTuple):
    """What is to be read beyond what was seen, and whose everything was and is."""

    seen: Watermark
    marks: Watermark
    known_at: int | None
    zone: str
    before: Links
    links: Links


def _people(everyone: pl.DataFrame, linked: Links) -> pl.DataFrame:
    """One row a person: a retired record is told by its number, in `also` of the one it is read with."""
    if not linked:
        return everyone.with_columns(also=pl.lit(None, pl.String))
    retired = pl.col("patient_id").is_in(list(linked))
    numbers = (
        everyone.filter(retired)
        .with_columns(pl.col("patient_id").replace(dict(linked)))
        .group_by("patient_id", maintain_order=True)
        .agg(also=pl.col("mrn").str.join(", "))
    )
    people = everyone.filter(~retired).join(numbers, on="patient_id", how="left", maintain_order="left")
    whose = everyone.select(pl.col("patient_id").replace(dict(linked)), "part2", "part2_consent_until")
    consent = pl.col("part2_consent_until")
    of_all = pl.when(consent.is_not_null().all()).then(consent.min()).alias("part2_consent_until")
    flagged = whose.filter("part2").group_by("patient_id").agg(of_all, part2=pl.lit(value=True))
    return people.update(flagged, on="patient_id", include_nulls=True)


def _moved(connection: Connection, table: str, frame: pl.DataFrame, news: _News) -> pl.DataFrame:
    """The rows of patients who were linked or parted since, under the id they now are read with."""
    if table == "patient" or news.before is news.links:
        return frame
    either = {**news.before, **news.links}
    changed = {one: one for one in either if news.before.get(one) != news.links.get(one)}
    if not changed:
        return frame
    theirs = read_rows_of(connection, table, changed, known_at=news.known_at, zone=news.zone)
    now = theirs.select(f"{table}_id", now=pl.col("patient_id").replace({**changed, **news.links}))
    return (
        frame.join(now, on=f"{table}_id", how="left", maintain_order="left")
        .with_columns(patient_id=pl.coalesce("now", "patient_id"))
        .drop("now")
    )


def _patched(connection: Connection, table: str, frame: pl.DataFrame, news: _News) -> pl.DataFrame:
    after, until = getattr(news.seen, table), getattr(news.marks, table)
    if after == until:
        return frame
    known = "" if news.known_at is None else f" AND recorded_at <= {news.known_at}"
    replaced = ask(
        connection,
        f"SELECT entity_id FROM {table} WHERE id > :after AND supersedes_id IS NOT NULL{known}",  # noqa: S608
        after=after,
    )
    gone = pl.Series([row[0] for row in replaced], dtype=pl.Int64)
    if len(gone):
        frame = frame.filter(~pl.col(f"{table}_id").is_in(gone.implode()))
    new = read_frame(
        connection,
        table,
        after=after,
        until=until,
        known_at=news.known_at,
        zone=news.zone,
        links=news.links,
    )
    patched = pl.concat([frame, new], rechunk=False)
    return patched.rechunk() if patched.n_chunks() > _MANY_PIECES else patched


def _newest(connection: Connection, known_at: int | None) -> tuple[Watermark, datetime]:
    marks, newest = [], 0
    known = "" if known_at is None else f"WHERE recorded_at <= {known_at}"
    for table in TABLES:
        sql = f"SELECT id, recorded_at FROM {table} {known} ORDER BY id DESC LIMIT 1"  # noqa: S608
        found = ask_first(connection, sql) or (0, 0)
        marks.append(found[0])
        newest = max(newest, found[1])
    ((erasures,),) = ask(connection, "SELECT coalesce(max(id), 0) FROM erasure")
    seen = "" if known_at is None else f"WHERE kept_at <= {known_at}"
    sql = f"SELECT coalesce(max(id), 0), coalesce(max(kept_at), 0) FROM kept_scale {seen}"  # noqa: S608
    ((kept, kept_at),) = ask(connection, sql)
    return Watermark(*(*marks, erasures, kept)), moment_of(max(newest, kept_at))


def _clinic(connection: Connection, known_at: int | None) -> ClinicFacts:
    """The clinic's settings; before there were any, those of a new database."""
    known = "" if known_at is None else f" AND c.recorded_at <= {known_at}"
    fields = tuple(ClinicFacts.model_fields)
    sql = f"SELECT {', '.join(fields)} FROM clinic c WHERE {current('clinic', known_at=known_at)}{known}"  # noqa: S608
    found = ask_first(connection, sql)
    if found is None:
        return ClinicFacts()
    values = dict(zip(fields, found, strict=True))
    return ClinicFacts(**{**values, "name": values["name"] or None, "demo": bool(values["demo"])})
