"""Tables as Polars frames, a million rows at a time.

The database writes rows as CSV and Polars reads them: no value is ever a Python object, which took more than
twice as long. Moments become the clinic's days and seconds of the day for a whole column at once.
"""

from collections.abc import Collection, Iterable
from typing import Any, Final, NamedTuple

import polars as pl
from sqlalchemy import Connection

from models.store.engine.database import driver_of, is_sqlite
from models.store.engine.lookup import current
from models.store.record.merges import Links

_ROWS_AT_ONCE: Final = 50_000
_SECONDS_A_DAY: Final = 86_400


class Column(NamedTuple):
    """A column of a frame: its name, what it is in the table, its type; `free` text may hold commas."""

    name: str
    sql: str
    kind: Any
    free: bool = False


def _moment(at: str, on: str) -> tuple[Column, ...]:
    return Column("day", f"c.{on}", pl.Int32), Column("instant", f"c.{at} / 1000000", pl.Int64)


COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "patient": (
        Column("patient_id", "c.entity_id", pl.Int64),
        Column("mrn", "c.mrn", pl.String, free=True),
        Column("given_name", "c.given_name", pl.String, free=True),
        Column("family_name", "c.family_name", pl.String, free=True),
        Column("birth_date", "c.birth_date", pl.Int32),
        Column("sex", "c.sex", pl.String),
        Column("part2", "CAST(c.part2 AS INTEGER)", pl.Int8),
        Column("part2_consent_until", "c.part2_consent_until", pl.Int32),
    ),
    "course": (
        Column("course_id", "c.entity_id", pl.Int64),
        Column("patient_id", "c.patient_id", pl.Int64),
        Column("started_day", "c.started_on", pl.Int32),
        Column("indication", "c.indication", pl.String),
        Column("planned_infusions", "c.planned_infusions", pl.Int32),
        Column("failed_trials_episode", "c.failed_trials_episode", pl.Int32),
        Column("failed_trials_lifetime", "c.failed_trials_lifetime", pl.Int32),
        Column("clinician", "c.clinician", pl.String, free=True),
        Column("site", "c.site", pl.String, free=True),
        Column("ended_day", "c.ended_on", pl.Int32),
        Column("end_reason", "c.end_reason", pl.String),
    ),
    "infusion": (
        Column("infusion_id", "c.entity_id", pl.Int64),
        Column("patient_id", "c.patient_id", pl.Int64),
        *_moment("given_at", "given_on"),
        Column("route", "c.route", pl.String),
        Column("dose_mg", "c.dose_mg", pl.Float64),
        Column("weight_kg", "c.weight_kg", pl.Float64),
        Column("minutes", "c.minutes", pl.Int32),
        Column("clinician", "c.clinician", pl.String, free=True),
    ),
    "assessment": (
        Column("assessment_id", "c.entity_id", pl.Int64),
        Column("row_id", "c.id", pl.Int64),
        Column("patient_id", "c.patient_id", pl.Int64),
        Column("scale", "c.scale", pl.String, free=True),
        *_moment("assessed_at", "assessed_on"),
        Column("timing", "c.timing", pl.String),
        Column("recall_days", "c.recall_days", pl.Int32),
        Column("mode", "c.mode", pl.String),
        Column("status", "c.status", pl.String),
        Column("total", "c.total", pl.Int32),
        Column("suicide_item", "c.suicide_item", pl.Int32),
    ),
}


def read_frame(
    connection: Connection,
    table: str,
    *,
    after: int,
    until: int,
    known_at: int | None,
    zone: str,
    links: Links | None,
) -> pl.DataFrame:
    """The current rows of a table with `after < id <= until`, as known at a moment, in the order recorded.

    What is recorded for a patient retired by one of these links has its survivor's id.
    """
    at_once = _ROWS_AT_ONCE if is_sqlite(connection) else max(until - after, 1)
    blocks = (
        f"c.id > {first} AND c.id <= {min(first + at_once, until)}" for first in range(after, until, at_once)
    )
    frame = _read(connection, table, blocks, known_at, zone)
    if links and table != "patient":
        return frame.with_columns(pl.col("patient_id").replace(dict(links)))
    return frame


def read_rows_of(
    connection: Connection, table: str, patient_ids: Collection[int], *, known_at: int | None, zone: str
) -> pl.DataFrame:
    """The current rows of a table recorded for these patients, each under its own id."""
    listed = ", ".join(str(int(patient_id)) for patient_id in patient_ids)
    return _read(connection, table, [f"c.patient_id IN ({listed})"], known_at, zone)


def _read(
    connection: Connection, table: str, blocks: Iterable[str], known_at: int | None, zone: str
) -> pl.DataFrame:
    columns = COLUMNS[table]
    known = "" if known_at is None else f" AND c.recorded_at <= {known_at}"
    which = f"FROM {table} c WHERE {{}} AND {current(table, known_at=known_at)}{known}"
    read = _sqlite_csv if is_sqlite(connection) else _postgres_csv
    schema = {column.name: column.kind for column in columns}
    rows = b"\n".join(filter(None, (read(connection, columns, which.format(block)) for block in blocks)))
    frame = (
        pl.read_csv(rows, has_header=False, schema=schema, encoding="utf8-lossy")
        if rows
        else pl.DataFrame(schema=schema)
    )
    if "scale" in schema:
        frame = frame.with_columns(pl.col("scale").cast(pl.Categorical))
    if "birth_date" in schema:
        days = pl.col("birth_date", "part2_consent_until").cast(pl.Date)
        frame = frame.with_columns(days, pl.col("part2").cast(pl.Boolean))
    return localised(frame, zone) if "instant" in schema else frame


def localised(frame: pl.DataFrame, zone: str) -> pl.DataFrame:
    """`day` and `second` of everything with a time, in the clinic's zone; a date without a time stays."""
    there = pl.from_epoch(pl.col("instant"), "s").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    local = there.dt.replace_time_zone(None).dt.epoch("s")
    timed = pl.col("instant").is_not_null()
    day = pl.when(timed).then((local // _SECONDS_A_DAY).cast(pl.Int32)).otherwise("day").alias("day")
    second = (local % _SECONDS_A_DAY).cast(pl.Int32).alias("second")
    front = list(frame.columns[: frame.columns.index("day") + 1])
    rest = [name for name in frame.columns if name not in {*front, "second"}]
    return frame.with_columns(day, second).select(*front, "second", *rest)


def _sqlite_csv(connection: Connection, columns: tuple[Column, ...], rows: str) -> bytes:
    places = ",".join("%s" for _ in columns)
    row = f"format('{places}', {', '.join(_cell(column) for column in columns)})"
    sql = f"SELECT CAST(group_concat({row}, char(10) ORDER BY c.id) AS BLOB) {rows}"
    return connection.exec_driver_sql(sql).scalar_one() or b""


def _cell(column: Column) -> str:
    if column.free:
        said = f"""'"' || replace({column.sql}, '"', '""') || '"'"""
    elif column.kind is pl.Float64:
        said = f"format('%!.17g', {column.sql})"
    else:
        return column.sql
    return f"CASE WHEN {column.sql} IS NULL THEN '' ELSE {said} END"


def _postgres_csv(connection: Connection, columns: tuple[Column, ...], rows: str) -> bytes:
    listed = ", ".join(column.sql for column in columns)
    sql = f"COPY (SELECT {listed} {rows} ORDER BY c.id) TO STDOUT (FORMAT csv)"
    with driver_of(connection).cursor() as cursor, cursor.copy(sql) as copy:
        return b"".join(bytes(block) for block in copy)
