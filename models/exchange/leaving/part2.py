"""What 42 CFR Part 2 asks of whatever leaves: the patient's written consent, and a notice beside the rows."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from models.store.record.read import Record

NOTICE: Final = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
"""The notice that accompanies a disclosure, in the words of 42 CFR 2.32(a)(2)."""


class Permitted(NamedTuple):
    """The record without patients under Part 2 whose consent does not hold.

    `left_out` says how many these are, `consenting` how many under Part 2 are in it.
    """

    record: Record
    left_out: int
    consenting: int


def permitted(record: Record, on: date) -> Permitted:
    """What of a record may leave in an extract of that day; a consent holds on its last day too."""
    consents = (pl.col("part2_consent_until") >= on).fill_null(value=False)
    staying = record.patients.filter(pl.col("part2") & ~consents).select("patient_id")
    consenting = record.patients.filter(pl.col("part2") & consents).height
    if staying.is_empty():
        return Permitted(record, 0, consenting)

    def without(rows: pl.DataFrame) -> pl.DataFrame:
        return rows.join(staying, on="patient_id", how="anti", maintain_order="left")

    rest = replace(
        record,
        patients=without(record.patients),
        courses=without(record.courses),
        infusions=without(record.infusions),
        assessments=without(record.assessments),
    )
    return Permitted(rest, staying.height, consenting)


def notice_of(record: Record, patient_ids: Collection[int] | None = None) -> str | None:
    """The notice, if one of these patients is under Part 2, or anybody in the record."""
    flagged = record.patients.filter("part2")["patient_id"]
    if patient_ids is not None:
        flagged = flagged.filter(flagged.is_in(list(patient_ids)))
    return None if flagged.is_empty() else NOTICE
