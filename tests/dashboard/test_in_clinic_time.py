"""What is sent, shown or handed over tells moments in the clinic's time, and names its zone."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from dashboard import notices
from dashboard.components.page.pages import Page
from dashboard.notices import Notice
from dashboard.signin import breaking
from dashboard.signin.places import way_to_break
from models.access.roles import Role
from models.store.record import write
from models.tables.facts import ClinicFacts
from tests.support.builders import BY, NOW, after, patient_facts
from tests.support.command import seventy
from tests.support.pages import opened, said
from tests.support.way_in import WayIn, ready_account

ZONE = "America/New_York"


def move(engine: Engine) -> None:
    write.save_clinic(engine, ClinicFacts(time_zone=ZONE), by=BY, at=NOW)


def test_a_whole_record_to_read(record: Engine, begun: str, tmp_path: Path) -> None:
    move(record)
    write.record_patient(record, patient_facts("1043"), by=BY, at=after(1))
    file = tmp_path / "1043.html"
    assert seventy("patient", "1043", "--to", file, db=begun).status == 0
    page = file.read_text("utf-8")
    assert f"Times are those of {ZONE}." in page
    assert re.search(r"<p>Made [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}\. Times", page)
    assert f"Recorded 2026-06-01 08:01 by {BY}." in page
    assert "UTC" not in page


def test_ones_own_sessions(record: Engine) -> None:
    move(record)
    ready_account(record)
    way = WayIn(record)
    assert way.sign_in().status_code == 303
    page = way.page("/account").text
    assert re.search(
        rf"since 01 Jun 2026 08:[0-9]{{2}} {ZONE}, last used 01 Jun 2026 08:[0-9]{{2}} {ZONE}", page
    )


def test_the_notice_of_a_broken_glass(record: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    move(record)
    told = list[Notice]()
    monkeypatch.setattr(breaking, "tell", lambda _, notice, **__: told.append(notice))
    way = WayIn(record)
    ready_account(record, role=Role.MANAGER)
    assert way.sign_in().status_code == 303
    way.post(way_to_break("/clinic"), reason="called in crisis")
    (notice,) = told
    assert notice.zone == ZoneInfo(ZONE)
    assert re.fullmatch(f"2026-06-01 08:[0-9]{{2}} {ZONE}", notice.document["at"])
    assert re.fullmatch(f"2026-06-01 09:[0-9]{{2}} {ZONE}", notice.document["until"])
    assert notice.document["event"] == notices.BROKEN


def test_what_a_statement_was_known_at(demo: Engine) -> None:
    page = said(opened(Page.WORDS, role=Role.MANAGER)).replace("\\", "")
    assert re.search(r"As of .*, known at .*, [0-9]{2}:[0-9]{2} America/New_York\.", page)
