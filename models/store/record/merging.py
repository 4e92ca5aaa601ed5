"""Two records of one person linked, once somebody has seen what does not agree in them and says why."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import polars as pl
from sqlalchemy import Connection, Engine

from models.outcomes.derivation.courses import assign_courses
from models.store.audit.change_events import Change
from models.store.audit.inserting import insert
from models.store.audit.reasons import reason_of
from models.store.engine.database import reading
from models.store.engine.errors import NotFoundError
from models.store.engine.lookup import Stored, clinic, current, find, next_id
from models.store.record.correct import SHORTEST
from models.store.record.frames import read_rows_of
from models.store.record.merges import Links, links, people
from models.store.record.saving import Saved, adding
from models.store.rows.kinds import MERGED, PATIENT, VERSION
from models.tables.columns import day_of
from models.tables.facts import FactsError, Problem

UNKNOWN: Final = (None, "unknown")
MOST_NAMED: Final = 3


class _Side(NamedTuple):
    """One of the two records: its number, what is known of the patient, and all that is theirs as frames."""

    number: str
    patient: dict[str, object]
    courses: pl.DataFrame
    infusions: pl.DataFrame
    assessments: pl.DataFrame


def conflicts(engine: Engine, keep: int, retire: int) -> tuple[Problem, ...]:
    """What does not agree in two patients' records (entity ids).

    Those that `confirm` are for a person to decide. Any other keeps them from being linked. `NotFoundError`
    for somebody who is not in the record.
    """
    with reading(engine) as connection:
        return tuple(_conflicts(connection, keep, retire, links(connection)))


def merge_patients(  # noqa: PLR0913
    engine: Engine,
    keep: int,
    retire: int,
    *,
    by: str,
    at: datetime,
    why: str,
    confirmed: Collection[Problem] = (),
    save_key: str | None = None,
) -> Saved:
    """Read everything recorded for `retire` as `keep`'s from now on; nothing is moved, and it can be undone.

    `why` has ten characters or more. `FactsError` names what does not agree, or keeps them from being linked,
    and was not among what somebody `confirmed`.
    """
    reason = reason_of(why, SHORTEST)
    with adding(engine, "merge", by=by, at=at) as writer:
        connection = writer.connection
        again = "c.save_key = :key OR (c.survivor_id = :keep AND c.retired_id = :retire AND {})"
        stands = find(
            connection,
            MERGED,
            again.format(current("merged_patient")),
            key=save_key,
            keep=keep,
            retire=retire,
        )
        if stands:
            return Saved(stands[-1].id, stands[-1].entity_id, already=True, alert=None)
        found = [each for each in _conflicts(connection, keep, retire, writer.links) if each not in confirmed]
        if found:
            raise FactsError(found)
        new, pair = next_id(connection, MERGED.name), (keep, retire)
        version = (new, new, writer.stamp.moment, by, None, False, reason, save_key)
        insert(connection, MERGED.name, (*VERSION, *MERGED.columns), [(*version, *pair)])
        writer.changes.append(Change.of(MERGED, new, new, after=(pair, {}), reason=reason))
        return Saved(new, new, already=False, alert=None)


def _conflicts(connection: Connection, keep: int, retire: int, known: Links) -> Iterator[Problem]:
    stored = {patient_id: _patient(connection, patient_id) for patient_id in {keep, retire, *known.values()}}
    numbers = {patient_id: str(PATIENT.told(each.row)["mrn"]) for patient_id, each in stored.items()}
    if keep == retire:
        yield _never(f"No. {numbers[keep]} is one record: name the number of the other one.")
        return
    if known.get(retire) == keep:
        return
    chained = list(_chains(keep, retire, numbers, known))
    if chained:
        yield from chained
        return
    zone = clinic(connection)[1].key
    kept, other = (
        _side(connection, stored[patient_id], people(known, [patient_id]), zone)
        for patient_id in (keep, retire)
    )
    yield from _other_person(kept, other)
    yield from _twice(kept, other)
    yield from _overlapping(kept, other)
    yield from _same_day(kept, other)
    yield from _two_scores(kept, other)


def _chains(keep: int, retire: int, numbers: dict[int, str], known: Links) -> Iterator[Problem]:
    """There are no chains: whoever is read with another record keeps nobody."""
    if keep in known:
        right = numbers[known[keep]]
        yield _never(f"No. {numbers[keep]} is read with No. {right} already: merge into No. {right}.")
    if retire in known:
        yield _never(
            f"No. {numbers[retire]} is read with No. {numbers[known[retire]]} already: undo that first."
        )
    if retire in known.values():
        yield _never(
            f"Another record is read with No. {numbers[retire]}: keep No. {numbers[retire]} here, or undo "
            "that first and merge each by itself."
        )


def _other_person(kept: _Side, other: _Side) -> Iterator[Problem]:
    for field, words in (("birth_date", "Born"), ("sex", "Sex")):
        one, two = kept.patient[field], other.patient[field]
        if one != two and one not in UNKNOWN and two not in UNKNOWN:
            yield _ask(field, f"{words}: {one} in No. {kept.number}, {two} in No. {other.number}.")


def _twice(kept: _Side, other: _Side) -> Iterator[Problem]:
    """What would count twice, and must be withdrawn on one side before."""
    starts = kept.courses.join(other.courses, on="started_day", how="semi")
    if starts.height:
        yield _never(
            f"Both have a course begun on {_days(starts['started_day'])}. Only one can be right: withdraw "
            "or correct the other first."
        )
    same = kept.infusions.join(other.infusions, on=("day", "second"), how="semi", nulls_equal=True)
    if same.height:
        yield _never(
            f"Both have an infusion at the same moment, on {_days(same['day'])}. It would count twice: "
            "withdraw it in one of the two first."
        )


def _overlapping(kept: _Side, other: _Side) -> Iterator[Problem]:
    for start, end in _spans(kept):
        for from_, to in _spans(other):
            if start <= to and from_ <= end and start != from_:
                yield _ask(
                    "courses",
                    f"Courses overlap: {day_of(start)} to {day_of(end)} in No. {kept.number}, "
                    f"{day_of(from_)} to {day_of(to)} in No. {other.number}. Infusions will belong to the "
                    "recorded course that began last before them.",
                )


def _same_day(kept: _Side, other: _Side) -> Iterator[Problem]:
    same = kept.infusions.join(other.infusions, on="day", how="semi")
    if same.height:
        yield _ask("infusions", f"Both have an infusion on {_days(same['day'])}. Both will count.")


def _two_scores(kept: _Side, other: _Side) -> Iterator[Problem]:
    """Two scores of one moment: both stay, and which of them counts where is the rule of every window."""
    one, two = (side.assessments.with_columns(pl.col("scale").cast(pl.String)) for side in (kept, other))
    both = one.join(two, on=("scale", "day", "second"), nulls_equal=True)
    differing = both.filter(pl.col("total") != pl.col("total_right")).sort("day", "scale")
    for row in differing.iter_rows(named=True):
        yield _ask(
            "assessments",
            f"Two {row['scale']} scores of one moment, {day_of(row['day'])}: {row['total']} in "
            f"No. {kept.number}, {row['total_right']} in No. {other.number}. Both stay. In a window the one "
            "recorded first counts, as a baseline the one recorded last, carried forward the higher.",
        )


def _spans(side: _Side) -> list[tuple[int, int]]:
    """First and last day of each course: its start or first infusion, its end or last infusion."""
    assigned = assign_courses(side.courses, side.infusions)
    given = assigned.infusions.group_by("course_id").agg(first=pl.col("day").min(), last=pl.col("day").max())
    spans = assigned.courses.join(given, on="course_id", how="left").select(
        start=pl.min_horizontal("started_day", "first"),
        end=pl.max_horizontal("started_day", "last", "ended_day"),
    )
    return sorted(spans.iter_rows())


def _side(connection: Connection, stored: Stored, ids: set[int], zone: str) -> _Side:
    told = PATIENT.told(stored.row)
    frames = (
        read_rows_of(connection, table, ids, known_at=None, zone=zone).with_columns(
            patient_id=pl.lit(stored.entity_id, pl.Int64)
        )
        for table in ("course", "infusion", "assessment")
    )
    return _Side(str(told["mrn"]), told, *frames)


def _patient(connection: Connection, patient_id: int) -> Stored:
    found = find(connection, PATIENT, f"c.entity_id = :patient AND {current('patient')}", patient=patient_id)
    if not found:
        raise NotFoundError("patient")
    return found[0]


def _days(days: pl.Series) -> str:
    """`2026-01-12, 2026-01-15 and 4 more`."""
    every: Sequence[int] = days.unique().sort().to_list()
    named = ", ".join(str(day_of(day)) for day in every[:MOST_NAMED])
    return f"{named} and {len(every) - MOST_NAMED} more" if len(every) > MOST_NAMED else named


def _ask(field: str, words: str) -> Problem:
    return Problem(field, None, "one person", words, confirm=True)


def _never(words: str) -> Problem:
    return Problem("retire", None, "two records that can be one person's", words)
