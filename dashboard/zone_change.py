"""What another time zone would do to the days of a record."""

from typing import NamedTuple

import polars as pl

from models.store.record.frames import localised
from models.store.record.read import Record


class Moved(NamedTuple):
    """How many infusions and scores would fall on another day, of how many."""

    infusions: int
    of_infusions: int
    assessments: int
    of_assessments: int


def moved_by(record: Record, zone: str) -> Moved:
    """Count them. What is recorded without a time stays on its date."""
    infusions, assessments = record.infusions, record.assessments
    return Moved(_moved(infusions, zone), infusions.height, _moved(assessments, zone), assessments.height)


def _moved(frame: pl.DataFrame, zone: str) -> int:
    return int((frame["day"] != localised(frame, zone)["day"]).sum())
