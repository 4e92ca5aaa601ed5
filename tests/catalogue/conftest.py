"""Bad input on its way in by each door: a file sent to the real command, and the pages of a record."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.components.page.pages import Page
from models.store.record import read
from tests.dashboard.conftest import record
from tests.support.builders import record_patient
from tests.support.command import Run, seventy
from tests.support.databases import connected
from tests.support.pages import opened, press, type_in

__all__ = ["record"]

Send = Callable[..., Run]
Stored = Callable[[], read.Record]
Adding = Callable[..., AppTest]


@pytest.fixture(name="db")
def _db(_begun: Path, begun: str, tmp_path: Path) -> str:
    """A record in which nothing is recorded yet, beside the one the pages show."""
    return f"sqlite:///{shutil.copy(_begun / 'record.db', tmp_path / 'sent.db')}"


@pytest.fixture(name="send")
def _send(db: str, tmp_path: Path) -> Send:
    """Writes a file and imports it: `send("p.csv", "mrn,…")`; `mapping` is the text of a mapping file."""

    def send(
        name: str, content: str | bytes, *options: str | Path, encoding: str = "utf-8", mapping: str = ""
    ) -> Run:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        if mapping:
            (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
            options = (*options, "--mapping", tmp_path / "mapping.toml")
        return seventy("import", path, *options, "--json", db=db)

    return send


@pytest.fixture(name="send_row")
def _send_row(send: Send) -> Send:
    """The same of a header and one row; what is said of the row, nothing of one that is stored."""

    def send_row(header: str, row: str, *options: str, mapping: str = "") -> list[str]:
        run = send("rows.csv", f"{header}\n{row}\n", *options, mapping=mapping)
        reasons = [each["reason"] for each in run.document["rejections"]]
        assert run.status == (1 if reasons else 0)
        assert all(each["line"] == 2 for each in run.document["rejections"])
        return reasons

    return send_row


@pytest.fixture(name="stored")
def _stored(db: str) -> Stored:
    """What the database holds."""

    def stored() -> read.Record:
        with connected(db) as engine:
            return read.record(engine)

    return stored


@pytest.fixture(name="book")
def _book(tmp_path: Path) -> Callable[..., Path]:
    """Writes a workbook of one sheet; `after` may change it before it is saved."""

    def write(rows: Sequence[Sequence[Any]], after: Callable[[Workbook], None] | None = None) -> Path:
        workbook = Workbook()
        for row in rows:
            workbook.active.append(list(row))
        if after:
            after(workbook)
        workbook.save(tmp_path / "book.xlsx")
        return tmp_path / "book.xlsx"

    return write


@pytest.fixture(name="add_patient")
def _add_patient(record: Engine) -> Adding:
    """Fills in the form of a new patient and presses Add."""

    def add(**typed: Any) -> AppTest:
        page = press(opened(Page.RECORD), "New patient")
        for field, value in typed.items():
            page = type_in(page, "text_input", field, str(value))
        return press(page, "Add")

    return add


@pytest.fixture(name="ruth")
def _ruth(record: Engine) -> int:
    """A patient in the record the pages show."""
    return record_patient(record, "1043", given_name="Ruth", family_name="Adler")


@pytest.fixture(name="recording")
def _recording(ruth: int) -> AppTest:
    """Her page for a PHQ-9."""
    return opened(Page.RECORD, patient_id=ruth)
