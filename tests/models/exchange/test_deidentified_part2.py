"""Of patients under 42 CFR Part 2 only those are in an extract who consent on its day, and it says so."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import SystemRandom
from typing import Any, Final

import polars as pl
import pytest
from sqlalchemy import Engine

from models.exchange.deidentified.products import extract
from models.exchange.deidentified.rules import Product
from models.exchange.deidentified.writing import write_extract
from models.exchange.leaving.part2 import NOTICE, Permitted, notice_of, permitted
from models.store.record.read import Record, record
from tests.models.exchange.test_deidentified_summary import summed_up
from tests.support.builders import NOW
from tests.support.canaries import weight
from tests.support.clinics import invented
from tests.support.extracts import leaving, request_of, rows

TODAY: Final = NOW.date()
LEFT_OUT: Final = "patients_under_part_2_without_consent"


def marked(frames: Record, *, of: Any, until: date | None) -> Record:
    """The record with these patients under Part 2 and their consent."""
    theirs = pl.col("patient_id").is_in(of)
    consent = pl.when(theirs).then(pl.lit(until, dtype=pl.Date)).alias("part2_consent_until")
    return replace(frames, patients=frames.patients.with_columns(consent, part2=theirs))


def written(folder: Path, product: Product, may_leave: Permitted) -> dict[str, Any]:
    made = extract(may_leave, request_of(product, suicide_items=True), SystemRandom())
    write_extract(folder, made, may_leave.record, None, year=2026)
    document: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return document


@pytest.mark.parametrize("product", Product)
@pytest.mark.parametrize("until", [None, date(2020, 1, 1), TODAY - timedelta(days=1)])
def test_nothing_of_a_patient_without_a_consent_that_holds_is_in_any_file(
    canaries: Record, tmp_path: Path, product: Product, until: date | None
) -> None:
    """Never given or taken back, long expired, or expired yesterday; the first canary is known by weight."""
    may_leave = leaving(marked(canaries, of=[1], until=until))
    folder = tmp_path / "out"
    document = written(folder, product, may_leave)
    assert weight(0) not in {float(row["weight_kg"]) for row in rows(folder, "infusions")}
    assert document["rows"] == {
        "patients": canaries.patients.height - 1,
        **{
            name: getattr(canaries, name).filter(pl.col("patient_id") != 1).height
            for name in ("courses", "infusions", "assessments")
        },
    }
    readme = (folder / "README.txt").read_text(encoding="utf-8")
    assert document["left_out"][LEFT_OUT] is None
    assert "patients under part 2 without consent: withheld, 1 to 10" in readme
    assert NOTICE not in document["warnings"]
    assert any("were left out for want of a consent" in warning for warning in document["warnings"])


@pytest.mark.parametrize("product", Product)
@pytest.mark.parametrize("until", [TODAY, date(2027, 1, 31)])
def test_with_a_consent_that_holds_the_rows_are_in_it_and_the_notice_beside_them(
    canaries: Record, tmp_path: Path, product: Product, until: date
) -> None:
    document = written(tmp_path / "out", product, leaving(marked(canaries, of=[1], until=until)))
    assert weight(0) in {float(row["weight_kg"]) for row in rows(tmp_path / "out", "infusions")}
    assert document["left_out"][LEFT_OUT] == 0
    assert NOTICE in document["warnings"]
    assert NOTICE in (tmp_path / "out" / "README.txt").read_text(encoding="utf-8")


def test_without_such_patients_there_is_neither_notice_nor_number(canaries: Record, tmp_path: Path) -> None:
    document = written(tmp_path / "out", Product.LIMITED, leaving(canaries))
    assert document["left_out"][LEFT_OUT] == 0
    assert not any("want of a consent" in each or NOTICE in each for each in document["warnings"])


@pytest.mark.parametrize(("many", "told"), [(10, None), (11, 11)])
def test_how_many_were_left_out_is_said_of_11_or_more(
    canaries: Record, tmp_path: Path, many: int, told: int | None
) -> None:
    one = canaries.patients.head(1)
    crowd = pl.concat([one.with_columns(patient_id=pl.lit(100 + n, pl.Int64)) for n in range(many)])
    frames = replace(canaries, patients=pl.concat([canaries.patients, crowd]))
    may_leave = leaving(marked(frames, of=crowd["patient_id"].to_list(), until=None))
    assert may_leave.left_out == many
    document = written(tmp_path / "out", Product.SAFE_HARBOR, may_leave)
    assert document["left_out"][LEFT_OUT] == told
    assert document["rows"]["patients"] == canaries.patients.height


def test_the_summary_counts_as_if_they_had_never_been_there(sqlite_engine: Engine) -> None:
    clinic = record(invented(sqlite_engine, 240))
    everybody = summed_up(clinic)
    some = clinic.patients["patient_id"].to_list()[::4]
    may_leave = permitted(marked(clinic, of=some, until=None), TODAY)
    without = ~pl.col("patient_id").is_in(some)
    never = replace(
        clinic,
        **{
            name: getattr(clinic, name).filter(without)
            for name in ("patients", "courses", "infusions", "assessments")
        },
    )
    table = summed_up(may_leave.record)
    assert table == summed_up(never) != everybody
    assert table.shown is not None
    assert not any(0 < cell < 11 for row in table.shown for cell in row if cell is not None)


def test_a_list_has_the_notice_if_one_of_those_in_it_is_under_part_2(canaries: Record) -> None:
    frames = marked(canaries, of=[2], until=TODAY)
    assert [notice_of(frames), notice_of(frames, [1, 2]), notice_of(frames, [1, 3])] == [NOTICE, NOTICE, None]
    assert (notice_of(canaries), notice_of(canaries, [1])) == (None, None)
