"""Bad input, rows 33, 34 and 38: files of any size and any name, as a browser sends them."""

import io
import random
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from models.exchange.browser.received import receive
from models.exchange.imports.intake import Recorder, import_plan
from models.exchange.imports.plan import plan
from models.exchange.imports.reading import Place
from models.exchange.sheets.confined import open_confined
from models.exchange.sheets.limits import BROWSER, Limits, TooLargeError
from models.exchange.sheets.opening import open_file
from models.exchange.sheets.sheet import UnreadableFileError
from models.store.record import read
from tests.catalogue.conftest import Send
from tests.support.builders import BY, NOW, SETTING
from tests.support.command import counts, seventy
from tests.support.workbooks import repacked

SCORES = "mrn,scale,assessed_at,total"
HEADER = SCORES.split(",")
ROW = "1,phq9,2025-03-03,9"

Book = Callable[..., Path]


class Endless(io.RawIOBase):
    """A sender that never stops; `sent` are the bytes that were taken from it."""

    sent = 0

    def read(self, size: int = -1, /) -> bytes:
        self.sent += size
        return b"x" * size


@pytest.mark.catalogue(row=33)
def test_row_33_a_browsers_file_is_cut_off_at_ten_megabytes_announced_or_not(tmp_path: Path) -> None:
    sender = Endless()
    with pytest.raises(TooLargeError, match="larger than the 10 MB a browser may send"):
        receive("s.csv", sender, tmp_path, declared=1_000_000_000)  # type: ignore[arg-type]
    assert sender.sent == 0
    with pytest.raises(TooLargeError, match="`seventy import` on the command line reads files of any size"):
        receive("s.csv", sender, tmp_path, declared=5)  # type: ignore[arg-type]
    assert 10_000_000 < sender.sent < 10_200_000
    assert list(tmp_path.iterdir()) == []


@pytest.mark.catalogue(row=33)
def test_row_33_a_browsers_file_is_not_opened_beyond_ten_megabytes_nor_read_beyond_its_rows(
    tmp_path: Path, sqlite_engine: Engine
) -> None:
    path = tmp_path / "s.csv"
    with path.open("wb") as large:
        large.truncate(BROWSER.size + 1)
    with pytest.raises(TooLargeError, match="larger than the 10 MB"):
        plan([path], limits=BROWSER)

    path.write_text(f"{SCORES}\n" + f"{ROW}\n" * 3)
    place = Place(SETTING, ZoneInfo("UTC"))
    enough, too_few = Limits(rows=3), Limits(rows=2)
    with pytest.raises(TooLargeError, match="has more than the 2 rows a browser may send"):
        import_plan(
            sqlite_engine, plan([path], limits=too_few), place, Recorder(BY, NOW, reads_patients=True)
        )
    assert read.record(sqlite_engine).assessments.is_empty()
    import_plan(sqlite_engine, plan([path], limits=enough), place, Recorder(BY, NOW, reads_patients=True))
    assert read.record(sqlite_engine).assessments.height == 1
    assert BROWSER.rows == 50_000


@pytest.mark.catalogue(row=33)
def test_row_33_the_command_line_reads_files_of_any_size(send: Send) -> None:
    note = "n" * 200
    rows = "".join(f"{number},phq9,2025-03-03,9,{note}\n" for number in range(50_001))
    assert len(rows) > BROWSER.size
    run = send("s.csv", f"{SCORES},note\n{rows}")
    assert (run.status, counts(run, "assessments")["new"]) == (0, 50_001)


NOISE = random.Random(70).randbytes(1_000_000)  # noqa: S311 - does not compress, so the ratio stays low
BOMBS = {
    "unpacks to more than 100 times its size": {"xl/a.xml": b"0" * 40_000_000},
    "MB, more than the 50 MB allowed": {"xl/a.xml": b"0" * 60_000_000, "xl/b.xml": NOISE},
    "parts, more than the 200 allowed": {f"xl/{number}.xml": b"" for number in range(200)},
}


@pytest.mark.catalogue(row=34)
@pytest.mark.parametrize(("why", "members"), BOMBS.items(), ids=["ratio", "size", "members"])
def test_row_34_a_workbook_that_declares_too_much_is_refused_before_it_is_unpacked(
    tmp_path: Path, db: str, why: str, members: dict[str, bytes]
) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with ZipFile(bomb, "w", ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": b"", **members}.items():
            archive.writestr(name, content)
    run = seventy("import", bomb, "--json", db=db)
    assert run.status == 1
    assert why in run.document["error"]
    with pytest.raises(UnreadableFileError, match=why):
        open_file(bomb, limits=BROWSER)


@pytest.mark.catalogue(row=34)
def test_row_34_a_browsers_workbook_is_read_by_another_process_to_the_same_rows(book: Book) -> None:
    path = book([HEADER, [1, "phq9", date(2025, 3, 3), 9], ["2", "phq9", "2025-03-03", "=1+1"]])
    (here,), (there,) = open_file(path), open_file(path, limits=BROWSER)
    assert list(there.lines(lambda _: None)) == list(here.lines(lambda _: None))
    assert (there.name, there.header, there.described) == (here.name, here.header, here.described)
    assert there.is_typed


@pytest.mark.catalogue(row=34)
@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (Limits(seconds=0.01), "takes more than 0.01 seconds or"),
        (Limits(memory=25_000_000), "or 25 MB of memory to read"),
        (Limits(text=1_000), "holds more text than any table"),
        (Limits(rows=10), "has more than the 10 rows a browser may send"),
    ],
)
def test_row_34_that_process_may_take_so_much_and_no_more(book: Book, limits: Limits, why: str) -> None:
    path = book([HEADER, *(["1", "phq9", "2025-03-03", number % 28] for number in range(500))])
    with pytest.raises(TooLargeError, match=why):
        open_confined(path, limits)


@pytest.mark.catalogue(row=34)
def test_row_34_one_text_that_is_repeated_without_end_is_refused(book: Book) -> None:
    """A hundred kilobytes of cells that all say the same text, which the workbook holds once."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    listed = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'.encode()

    def say_it_again(name: str, part: bytes) -> bytes:
        said_by_place = part.replace(b't="n"', b't="s"') if "sheet1" in name else part
        return said_by_place.replace(b"</Types>", listed)

    path = repacked(book([HEADER, *([[0] * 4] * 500)]), say_it_again)
    with ZipFile(path, "a", ZIP_DEFLATED) as archive:
        space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{space}"><si><t>{"x" * 30_000}</t></si></sst>')
    with pytest.raises(TooLargeError, match="holds more text than any table"):
        open_confined(path, BROWSER)


@pytest.mark.catalogue(row=38)
@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\roe\scores.csv", "scores.csv"),
        ("/etc/shadow.csv", "shadow.csv"),
        ("x" * 300 + ".xlsx", "x" * 60 + ".xlsx"),
        ("Zoë's scores (1).csv", "Zoës scores (1).csv"),
        ("scores\u202evsc.exe", "scoresvsc.exe"),
        ("a\0b\n\x1b[31m.csv", "ab31m.csv"),
        (".htaccess", "htaccess"),
        ("..", "file"),
        ("", "file"),
        ("<img src=x>.csv", "img srcx.csv"),
    ],
)
def test_row_38_a_files_own_name_says_nothing_about_where_it_goes(
    tmp_path: Path, sent: str, shown: str
) -> None:
    first, second = (receive(sent, io.BytesIO(b"mrn"), tmp_path) for _ in range(2))
    assert first.name == second.name == shown
    assert first.parent != second.parent
    assert {first.parent.parent, second.parent.parent} == {tmp_path}
    assert first.read_bytes() == b"mrn"
    assert stat.S_IMODE(first.stat().st_mode) == 0o600


@pytest.mark.catalogue(row=38)
def test_row_38_what_was_received_is_imported_under_the_name_shown(
    tmp_path: Path, sqlite_engine: Engine
) -> None:
    path = receive("../march.csv", io.BytesIO(f"{SCORES}\n{ROW}\n".encode()), tmp_path)
    recorder = Recorder(BY, datetime(2026, 6, 1, tzinfo=UTC), reads_patients=True)
    planned = plan([path], limits=BROWSER)
    receipt = import_plan(sqlite_engine, planned, Place(SETTING, ZoneInfo("UTC")), recorder)
    assert receipt.as_json()["files"][0]["file"] == "march.csv"
    assert receipt.counts["assessments"].new == 1
