"""The files of an extract, and what their manifest says of them."""

import csv
import hashlib
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from models.exchange.deidentified.products import extract
from models.exchange.deidentified.request import AgreementError, FolderError, Request
from models.exchange.deidentified.rules import Product
from models.exchange.deidentified.writing import as_csv, write_extract
from models.store.record.read import Record
from tests.support.canaries import BIRTHS, SCORED
from tests.support.extracts import AGREEMENT, Written, dice, leaving, request_of, rows


@pytest.mark.parametrize("product", Product)
def test_the_manifest_says_what_it_is_and_its_hashes_are_those_of_the_files(
    written: Written, product: Product
) -> None:
    folder = written(product)
    document = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.csv")}
    assert document["product"] == product
    assert document["files"] == files
    joined = json.dumps(dict(sorted(files.items())), separators=(",", ":"))
    assert document["data_hash"] == hashlib.sha256(joined.encode()).hexdigest()
    assert document["rows"] == {name: len(rows(folder, name)) for name in document["rows"]}
    assert document["rows"]["assessments"] == len(BIRTHS) * (len(SCORED) + 1) + 2
    assert document["data_use_agreement"] == (AGREEMENT if product is Product.LIMITED else None)
    assert "None was kept" in document["mapping"]
    assert document["removed"]
    readme = (folder / "README.txt").read_text(encoding="utf-8")
    for said in (document["title"], document["label"], document["data_hash"], *document["files"]):
        assert said in readme
    assert "same sex" in document["warnings"][-1]


def test_shifted_dates_are_labelled_for_what_they_are(written: Written) -> None:
    readme = (written(Product.SHIFTED) / "README.txt").read_text(encoding="utf-8")
    assert readme.startswith("Shifted dates: requires expert determination\n")
    assert "this is not Safe Harbor" in readme


def test_a_limited_data_set_needs_an_agreement_and_no_other_has_one() -> None:
    with pytest.raises(AgreementError, match="needs the number of its data use agreement"):
        Request(Product.LIMITED)
    with pytest.raises(AgreementError, match="belongs to limited, not to shifted"):
        Request(Product.SHIFTED, "7")
    for number in ("", "   ", "a\x00b", "7" * 101):
        with pytest.raises(AgreementError, match="1 to 100 printable characters"):
            Request(Product.LIMITED, number)
    assert Request(Product.LIMITED, " 7 ").agreement == "7"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0"])
def test_no_text_is_a_formula_to_a_spreadsheet_and_a_negative_number_stays_one(start: str) -> None:
    frame = pl.DataFrame({"text": [f"{start}cmd|' /C calc'!A0", "a=b", None], "day": [-7, 7, None]})
    read = list(csv.reader(io.StringIO(as_csv(frame).decode(), newline="")))
    assert read == [["text", "day"], [f"'{start}cmd|' /C calc'!A0", "-7"], ["a=b", "7"], ["", ""]]


def test_a_folder_that_is_there_is_never_written_into(canaries: Record, tmp_path: Path) -> None:
    made = extract(leaving(canaries), request_of(Product.SHIFTED), dice(1))
    (tmp_path / "there").mkdir()
    with pytest.raises(FolderError, match="is there already"):
        write_extract(tmp_path / "there", made, canaries, None, year=2026)
    assert not list((tmp_path / "there").iterdir())


def test_an_extract_is_written_whole_or_not_at_all(
    canaries: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = extract(leaving(canaries), request_of(Product.SHIFTED), dice(1))
    written: list[Path] = []

    def full(self: Path, content: bytes) -> int:
        written.append(self)
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        return len(content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(FolderError, match="cannot be written: No space left on device"):
        write_extract(tmp_path / "new" / "extract", made, canaries, None, year=2026)
    assert not list((tmp_path / "new").iterdir())


@pytest.mark.parametrize("product", Product)
def test_no_file_tells_the_day_on_which_it_was_made(written: Written, product: Product) -> None:
    """An archive of the folder would: the day is an offset's, of whoever is still treated on it."""
    folder = written(product)
    year = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["year_made"]
    second_day = datetime(year, 1, 2, tzinfo=UTC).timestamp()
    assert {path.stat().st_mtime for path in (folder, *folder.iterdir())} == {second_day}


def test_it_says_that_two_extracts_of_the_same_patients_are_matched(written: Written) -> None:
    readme = " ".join((written(Product.SHIFTED) / "README.txt").read_text(encoding="utf-8").split())
    assert "Whoever holds two extracts can match the rows of a patient by weights, doses and scores" in readme
    assert "can work out weekdays from the intervals" in readme


def test_only_its_maker_may_read_it(written: Written) -> None:
    folder = written(Product.LIMITED)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
