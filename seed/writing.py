"""An invented clinic into an empty record, through the doors a real one takes: facts checked, then stored."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final

import polars as pl
from sqlalchemy import Engine

from models.scales import all_scales
from models.store.record.bulk import Loaded, loading
from models.store.record.write import correct_assessment, save_clinic
from models.tables.facts import (
    AssessmentFacts,
    ClinicFacts,
    CourseFacts,
    Facts,
    InfusionFacts,
    PatientFacts,
    Setting,
)
from seed.practice import NAME, ZONE
from seed.record import InventedClinic
from seed.slips import as_first_typed

BY: Final = "Demo"
AT_ONCE: Final = 50_000
"""A million assessments then need no more room than so many."""

Values = dict[str, Any]
Progress = Callable[[int], object]


class NotEmptyError(ValueError):
    """The record an invented clinic was to be written into has patients already."""


def write(engine: Engine, clinic: InventedClinic, at: datetime, progress: Progress | None = None) -> None:
    """Record an invented clinic, marked as a demo, in an empty record.

    All of it is stored in one transaction; then its slips are corrected. `progress` hears of every so many
    further rows, of `clinic.rows` in all. Raises `NotEmptyError`, and changes nothing, where patients are.
    """
    with loading(engine, by=BY, at=at, dry_run=True) as look:
        if look.patient_ids():
            raise NotEmptyError("An invented clinic needs an empty record; this one has patients.")
    setting = Setting(today=at.astimezone(ZONE).date(), zone=ZONE, scales=all_scales())
    demo = {"name": NAME, "time_zone": ZONE.key, "demo": True}
    save_clinic(engine, ClinicFacts.check(demo, setting), by=BY, at=at)
    tell = progress or (lambda _further: None)

    def checked(facts: type[Facts], rows: Iterable[Values]) -> Iterator[Facts]:
        return (facts.check(row, setting) for row in rows)

    with loading(engine, by=BY, at=at) as load:
        people = checked(PatientFacts, clinic.patients.iter_rows(named=True))
        patient_ids = _store(load.patients, people, tell)
        courses, infusions = (_of(frame, patient_ids) for frame in (clinic.courses, clinic.infusions))
        _store(load.courses, checked(CourseFacts, courses), tell)
        _store(load.infusions, checked(InfusionFacts, infusions), tell)
        typed = as_first_typed(clinic.assessments, clinic.item_scores, clinic.slips)
        row_ids = _store(load.assessments, checked(AssessmentFacts, _scores(*typed, patient_ids)), tell)

    slips = clinic.slips.sort("assessment")
    mistyped = clinic.assessments.filter(pl.col("assessment").is_in(slips["assessment"].implode()))
    meant = checked(AssessmentFacts, _scores(mistyped, clinic.item_scores, patient_ids))
    for slip, facts in zip(slips.iter_rows(named=True), meant, strict=True):
        why = f"Item {slip['item']} was typed as {slip['typed']}; the form says {slip['meant']}"
        correct_assessment(engine, row_ids[slip["assessment"]], facts, by=BY, at=at, why=why)


def _store(record: Callable[[Sequence[Any]], Loaded], facts: Iterator[Facts], tell: Progress) -> list[int]:
    """Record all of these and give their ids in order."""
    ids: list[int] = []
    while some := list(islice(facts, AT_ONCE)):
        loaded = record(some)
        if loaded.new < len(some):
            raise RuntimeError(f"{len(some) - loaded.new} invented rows could not be stored")
        ids += [row_id for row_id in loaded.ids if row_id is not None]
        tell(len(some))
    return ids


def _of(frame: pl.DataFrame, patient_ids: Sequence[int]) -> Iterator[Values]:
    """Rows by column, with the patient's id in the record for the row number in the frame."""
    for row in frame.iter_rows(named=True):
        row["patient_id"] = patient_ids[row.pop("patient")]
        yield row


def _scores(
    assessments: pl.DataFrame, item_scores: pl.DataFrame, patient_ids: Sequence[int]
) -> Iterator[Values]:
    """Assessments as facts name them: with their answers, or the total where that is all there is."""
    answers = item_scores.group_by("assessment", maintain_order=True).agg("item", "score")
    answered = assessments.join(answers, on="assessment", how="left", maintain_order="left")
    for row in _of(answered.drop("assessment", "scale_version", "status"), patient_ids):
        items, scores = row.pop("item"), row.pop("score")
        if items is not None:
            row |= {"items": dict(zip(items, scores, strict=True)), "total": None, "suicide_item": None}
        yield row
