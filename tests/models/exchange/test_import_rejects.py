"""The rejects file: rows as they came, each with its reason, and importable when they are mended."""

import csv
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from models.exchange.columns.mapping import read_mapping
from models.exchange.imports.intake import Recorder, import_plan
from models.exchange.imports.plan import plan
from models.exchange.imports.reading import Place
from models.exchange.imports.receipt import Receipt
from models.exchange.imports.rejects import RejectsError
from models.exchange.imports.told_rows import MOST_LISTED
from models.scales import all_scales
from models.store.record.read import record
from models.tables.facts import Setting

PLACE = Place(Setting(date(2026, 7, 1), ZoneInfo("UTC"), all_scales()), ZoneInfo("UTC"))

Write = Callable[..., Path]
Bring = Callable[..., Receipt]


@pytest.fixture(name="bring")
def _bring(sqlite_engine: Engine, tmp_path: Path) -> Bring:
    """Imports files, with their rejects in rejects.csv."""

    def bring(*paths: Path, mapping: Path | None = None) -> Receipt:
        planned = plan(paths, read_mapping(mapping) if mapping else None)
        recorder = Recorder("a test", datetime(2026, 7, 1, 12, tzinfo=UTC), reads_patients=True)
        return import_plan(sqlite_engine, planned, PLACE, recorder, rejects=tmp_path / "rejects.csv")

    return bring


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.reader(text))


def test_rows_stand_as_they_came_with_the_reason_in_a_last_column(
    bring: Bring, text_file: Write, tmp_path: Path
) -> None:
    path = text_file(
        "s.csv",
        'MRN;Scale;Assessed At;Total;Note\n007;PHQ-9;2026-03-03;99;"Zoë; ""so-so"""\n8;PHQ-9;2026-03-03;9;\n',
    )
    receipt = bring(path)
    assert receipt.rejects == [tmp_path / "rejects.csv"]
    assert rows(tmp_path / "rejects.csv") == [
        ["MRN", "Scale", "Assessed At", "Total", "Note", "reason"],
        ["007", "PHQ-9", "2026-03-03", "99", 'Zoë; "so-so"', "Total: PHQ-9 runs from 0 to 27; got 99"],
    ]


def test_mended_rejects_are_imported_and_those_still_wrong_are_rejected_again(
    bring: Bring, text_file: Write, tmp_path: Path, sqlite_engine: Engine
) -> None:
    bring(text_file("s.csv", "mrn,scale,assessed_at,total\n7,phq9,2026-03-03,99\n8,phq9,2026-03-03,98\n"))
    rejects = tmp_path / "rejects.csv"
    rejects.write_text(rejects.read_text(encoding="utf-8-sig").replace(",99,", ",9,"), encoding="utf-8-sig")
    receipt = bring(rejects)
    assert receipt.counts["assessments"].new == 1
    assert record(sqlite_engine).assessments["total"].to_list() == [9]
    assert [row[:4] for row in rows(rejects)] == [
        ["mrn", "scale", "assessed_at", "total"],
        ["8", "phq9", "2026-03-03", "98"],
    ]
    assert rows(rejects)[0].count("reason") == 1


def test_nothing_in_a_rejects_file_runs_in_a_spreadsheet_and_all_of_it_comes_back(
    bring: Bring, text_file: Write, tmp_path: Path, sqlite_engine: Engine
) -> None:
    names = ["=HYPERLINK(1)", "+1", "-2", "@SUM(A1)", "'=1", "'tis", " =1", "O'Brien"]
    content = "".join(f'{number},"{name}",robot\n' for number, name in enumerate(names, start=1))
    bring(text_file("p.csv", f"mrn,family_name,sex\n{content}"))
    rejects = tmp_path / "rejects.csv"
    assert [row[1] for row in rows(rejects)[1:]] == [
        *("'=HYPERLINK(1)", "'+1", "'-2", "'@SUM(A1)", "''=1", "'tis", "' =1", "O'Brien"),
    ]
    rejects.write_text(rejects.read_text(encoding="utf-8-sig").replace("robot", "f"), encoding="utf-8-sig")
    assert bring(rejects).counts["patients"].new == len(names)
    stored = record(sqlite_engine).patients.sort("mrn")["family_name"].to_list()
    assert stored == [name.strip() for name in names]


def test_a_row_of_another_width_stands_as_it_came_and_stays_refused_until_mended(
    bring: Bring, text_file: Write, tmp_path: Path
) -> None:
    bring(text_file("s.csv", "mrn,given_at,route\n7,2026-03-03,iv,extra\n8,2026-03-03\n"))
    long, short = rows(tmp_path / "rejects.csv")[1:]
    assert long[:4] == ["7", "2026-03-03", "iv", "extra"]
    assert short[:2] == ["8", "2026-03-03"]
    assert bring(tmp_path / "rejects.csv").counts["infusions"].rejected == 2


def test_a_wide_row_is_rejected_once_with_every_reason_and_its_good_scores_are_kept(
    bring: Bring, text_file: Write, tmp_path: Path, sqlite_engine: Engine
) -> None:
    mapping = text_file(
        "wide.toml",
        """
        [[table]]
        reads = "assessments"
        constants = { scale = "phq9" }
        day_0 = 2026-03-03
        time_points = [
          { day = 0, columns = { total = "start" } },
          { day = 7, columns = { total = "week1" } },
          { day = 14, columns = { total = "week2" } },
        ]
        """,
    )
    receipt = bring(text_file("w.csv", "mrn,start,week1,week2\n7,21,28,x\n"), mapping=mapping)
    count = receipt.counts["assessments"]
    assert (count.read, count.new, count.rejected) == (3, 1, 2)
    (row,) = rows(tmp_path / "rejects.csv")[1:]
    assert row[:4] == ["7", "21", "28", "x"]
    assert row[4].startswith("week1: PHQ-9 runs from 0 to 27; got 28; week2: ")
    assert record(sqlite_engine).assessments["total"].to_list() == [21]


def test_rejects_of_several_files_stand_side_by_side(bring: Bring, text_file: Write, tmp_path: Path) -> None:
    scores = text_file("scores.csv", "mrn,scale,assessed_at,total\n7,phq9,2026-03-03,99\n")
    doses = text_file("doses.csv", "mrn,given_at,dose_mg\n7,2026-03-03,-1\n")
    receipt = bring(scores, doses)
    assert {path.name for path in receipt.rejects} == {"rejects-doses-csv.csv", "rejects-scores-csv.csv"}
    assert not (tmp_path / "rejects.csv").exists()


def test_nothing_rejected_writes_no_file(bring: Bring, text_file: Write, tmp_path: Path) -> None:
    assert bring(text_file("p.csv", "mrn,sex\n7,f\n")).rejects == []
    assert not (tmp_path / "rejects.csv").exists()


def test_only_their_owner_can_read_rejected_rows(bring: Bring, text_file: Write, tmp_path: Path) -> None:
    bring(text_file("p.csv", "mrn,sex\n7,robot\n"))
    assert stat.S_IMODE((tmp_path / "rejects.csv").stat().st_mode) == 0o600


def test_of_a_great_many_rejections_the_first_are_listed_and_all_are_written(
    bring: Bring, text_file: Write, tmp_path: Path
) -> None:
    receipt = bring(text_file("p.csv", "mrn,sex\n" + "7,robot\n" * (MOST_LISTED + 500)))
    assert receipt.counts["patients"].rejected == MOST_LISTED + 500
    assert len(receipt.rejections) == MOST_LISTED
    assert len(rows(tmp_path / "rejects.csv")) == 1 + MOST_LISTED + 500


BAD = "mrn,given_at\n,2026-03-03\n"


@pytest.mark.parametrize(
    "content",
    [b"SQLite format 3\x00" + b"\x00" * 4096, b"", BAD.encode(), "\ufeffmrn,reason,total\n".encode()],
    ids=["a database", "an empty file", "an export", "a file whose reason is not last"],
)
def test_nothing_but_an_earlier_rejects_file_is_ever_replaced(
    bring: Bring, text_file: Write, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "rejects.csv").write_bytes(content)
    with pytest.raises(RejectsError, match="something other than rejected rows"):
        bring(text_file("bad.csv", BAD))
    assert (tmp_path / "rejects.csv").read_bytes() == content


def test_a_folder_or_a_dangling_link_is_not_replaced_either(
    bring: Bring, text_file: Write, tmp_path: Path
) -> None:
    (tmp_path / "rejects.csv").symlink_to(tmp_path / "nowhere")
    with pytest.raises(RejectsError, match="is no file"):
        bring(text_file("bad.csv", BAD))


def test_rejects_of_an_earlier_import_give_way_to_those_of_this_one(
    bring: Bring, text_file: Write, tmp_path: Path
) -> None:
    bad = text_file("bad.csv", BAD)
    bring(bad)
    before = (tmp_path / "rejects.csv").read_bytes()
    bring(bad)
    assert (tmp_path / "rejects.csv").read_bytes() == before


def test_names_made_of_several_sheets_are_looked_at_too(
    bring: Bring, text_file: Write, tmp_path: Path
) -> None:
    (tmp_path / "rejects-bad-csv.csv").write_text("precious")
    with pytest.raises(RejectsError, match="rejects-bad-csv"):
        bring(text_file("bad.csv", BAD), text_file("worse.csv", BAD))
    assert (tmp_path / "rejects-bad-csv.csv").read_text() == "precious"


def test_a_dry_run_leaves_the_rejects_file_it_reads_as_it_is(
    sqlite_engine: Engine, bring: Bring, text_file: Write, tmp_path: Path
) -> None:
    bring(text_file("bad.csv", BAD))
    rejects = tmp_path / "rejects.csv"
    recorder = Recorder("a test", datetime(2026, 7, 1, 12, tzinfo=UTC), reads_patients=True)
    with pytest.raises(RejectsError, match="dry run"):
        import_plan(sqlite_engine, plan([rejects]), PLACE, recorder, dry_run=True, rejects=rejects)
