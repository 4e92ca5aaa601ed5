"""`seventy extract`: the record as it may leave the clinic."""

import csv
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.cli.claim import answers
from models.exchange.deidentified.rules import Product
from models.store.record import write
from tests.support.builders import BY, NOW, infusion_facts, record_patient
from tests.support.canaries import TEXTS, record_canaries
from tests.support.clinics import invented
from tests.support.command import seventy
from tests.support.extracts import contents, rows
from tests.support.tampering import events

FILES = {"patients.csv", "courses.csv", "infusions.csv", "assessments.csv", "manifest.json", "README.txt"}


@pytest.fixture(name="clinic")
def _clinic(sqlite_engine: Engine, sqlite_url: str) -> str:
    invented(sqlite_engine, 60)
    return sqlite_url


def test_one_patient_is_said_as_one(sqlite_engine: Engine, sqlite_url: str, tmp_path: Path) -> None:
    someone = record_patient(sqlite_engine)
    write.record_infusion(sqlite_engine, infusion_facts(someone), by=BY, at=NOW)
    run = seventy("extract", "--product", "shifted", "--to", tmp_path / "out", db=sqlite_url)
    assert "holds 1 patient, 0 courses, 1 infusion, 0 assessments: " in run.out


@pytest.mark.parametrize("product", Product)
def test_each_product_is_a_folder_of_files_and_no_canary_is_in_it(
    sqlite_engine: Engine, sqlite_url: str, tmp_path: Path, product: Product
) -> None:
    record_canaries(sqlite_engine)
    agreed = ("--dua", "DUA-7") if product is Product.LIMITED else ()
    run = seventy("extract", "--product", product, *agreed, "--to", tmp_path / "out", db=sqlite_url)
    assert run.status == 0
    assert "5 patients, 4 courses, 8 infusions" in run.out
    assert "42 CFR Part 2" in run.err
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    told = [*contents(tmp_path / "out"), ("standard output", run.out), ("standard error", run.err)]
    for name, text in told:
        assert not [canary for canary in TEXTS if canary.casefold() in text.casefold()], name


def test_the_document_is_the_manifest(clinic: str, tmp_path: Path) -> None:
    run = seventy("extract", "--product", "shifted", "--to", tmp_path / "out", "--json", db=clinic)
    assert run.document == json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert run.document["label"] == "requires expert determination"


def test_the_summary_stands_beside_a_large_enough_extract(
    sqlite_engine: Engine, sqlite_url: str, tmp_path: Path
) -> None:
    invented(sqlite_engine, 240)
    run = seventy("extract", "--product", "safe-harbor", "--to", tmp_path / "out", "--json", db=sqlite_url)
    assert run.document["summary"]["withheld"] is False
    assert "summary.csv" in run.document["files"]
    shown = {cell for row in rows(tmp_path / "out", "summary") for cell in row.values()}
    assert not shown & {str(count) for count in range(1, 11)}


def test_two_extracts_one_after_the_other_cannot_be_joined(clinic: str, tmp_path: Path) -> None:
    for name in ("one", "other"):
        seventy("extract", "--product", "shifted", "--to", tmp_path / name, db=clinic)
    one, other = ({row["patient"] for row in rows(tmp_path / name, "patients")} for name in ("one", "other"))
    assert len(one) == len(other) == 60
    assert not one & other


@pytest.mark.parametrize("product", [Product.LIMITED, Product.SAFE_HARBOR])
def test_counted_again_from_an_extract_every_rate_is_the_clinics_own(
    clinic: str, tmp_path: Path, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing a rate rests on goes with the names; with the times of day only the rates of 24 hours do."""
    monkeypatch.setattr(answers, "now", lambda: datetime(2030, 1, 1, tzinfo=UTC))
    agreed = ("--dua", "DUA-7") if product is Product.LIMITED else ()
    seventy("extract", "--product", product, *agreed, "--to", tmp_path / "out", db=clinic)
    again = f"sqlite:///{tmp_path}/again.db"
    paths = [importable(tmp_path, name) for name in ("courses", "infusions", "assessments")]
    assert seventy("import", *paths, db=again).status == 0
    own, theirs = (rates(db, hours=product is Product.LIMITED) for db in (clinic, again))
    assert own == theirs
    assert len(own) == (960 if product is Product.LIMITED else 840)


def importable(folder: Path, name: str) -> Path:
    """A file of an extract with the headers an import knows, and days since some first dose as dates."""
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as text:
        lines = [
            [cell for column, value in row.items() for cell in as_recorded(column, value, row, name)]
            for row in rows(folder / "out", name)
        ]
        out = csv.writer(text)
        out.writerow([header for header, _ in lines[0]])
        out.writerows([[value for _, value in line] for line in lines])
    return path


def as_recorded(column: str, value: str, row: dict[str, str], name: str) -> list[tuple[str, str]]:
    day = "given_at" if name == "infusions" else "assessed_at"
    if column.endswith("day_since_first_dose"):
        header = column.replace("day_since_first_dose", "on") if name == "courses" else day
        return [(header, (date(2020, 1, 1) + timedelta(days=int(value))).isoformat() if value else "")]
    if column in {"given_on", "assessed_on"}:
        time = row[column.replace("_on", "_time")]
        return [(day, f"{value}T{time}" if time else value)]
    if column.endswith("_time"):
        return []
    return [("mrn" if column == "patient" else column, value)]


def rates(db: str, *, hours: bool) -> list[tuple[str, int, int, dict[str, int]]]:
    """Every rate of the grid, long after every window has closed."""
    run = seventy("grid", "--json", db=db)
    return [
        (one["question"]["window"], one["numerator"], one["denominator"], one["counts"])
        for one in run.document
        if hours or one["question"]["window"] != "h24"
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--product", "limited"), "--dua: a limited data set needs the number of its data use agreement"),
        (("--product", "safe-harbor", "--dua", "7"), "--dua: a data use agreement belongs to limited"),
        (("--product", "limited", "--dua", " "), "1 to 100 printable characters; got ' '"),
        (("--product", "anonymous"), "'safe-harbor', 'limited', 'shifted'"),
        ((), "--product"),
    ],
)
def test_what_may_not_be_asked_for_is_refused_in_words(
    clinic: str, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    run = seventy("extract", *options, "--to", tmp_path / "out", db=clinic)
    assert run.status == 2
    assert words in run.err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_there_is_left_alone(clinic: str, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    run = seventy("extract", "--product", "shifted", "--to", tmp_path / "out", db=clinic)
    assert run.status == 2
    assert f"--to {tmp_path / 'out'} is there already; name another folder" in run.err
    assert not list((tmp_path / "out").iterdir())


def test_a_folder_that_cannot_be_made_is_said(clinic: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    run = seventy("extract", "--product", "shifted", "--to", tmp_path / "file" / "out", db=clinic)
    assert run.status == 2
    assert "cannot be written" in run.err


def test_taking_an_extract_is_an_event(sqlite_engine: Engine, clinic: str, tmp_path: Path) -> None:
    run = seventy("extract", "--product", "shifted", "--to", tmp_path / "out", "--json", db=clinic)
    last = events(sqlite_engine)[-1]
    assert (last.action, last.subject) == ("export", "extract")
    assert json.loads(last.detail) == {"product": "shifted", "data_hash": run.document["data_hash"]}
