"""The server or its record goes away under an open page and comes back: words, and what was typed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import Engine

from dashboard.components.forms.begun_anew import GONE
from models.access.keys import AUDIT, Keys, key_file
from models.store.engine.database import open_engine
from models.store.moves.migrate import start
from tests.browser.conftest import PATIENCE, SEVENTY, Served, free_port, wait_for
from tests.support.browsing import choose_patient, heading, open_page, settle
from tests.support.builders import NOW, record_patient
from tests.support.databases import put_key
from tests.support.postgres import FAST, NoServerError, Server, own_server
from tests.support.reading import only_score, patient

DIGITS: Final = "Nine digits from paper"
ANOTHER_STREAMLIT: Final = """
import importlib.metadata as installed
version = installed.version
installed.version = lambda name: "1.67.99" if name == "streamlit" else version(name)
"""
STANDS: Final = 11_000
"""Milliseconds after which a page that came back stands, and is loaded anew by a person alone."""
FORGOTTEN: Final = 35
"""Seconds after which Streamlit has forgotten a page that lost its socket; it is told to after 30."""


class Program:
    """`seventy serve` on a record, to be ended and begun again at the same address."""

    def __init__(self, database: str, log: Path) -> None:
        put_key()
        self.engine = open_engine(database, audit_key=Keys.read(key_file()).derive(AUDIT))
        start(self.engine, at=NOW)
        self.log, self.port = log, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._command = [str(SEVENTY), "serve", "--headless", "--backup-every", "0"]
        self._command += ["--port", str(self.port), "--db", database]
        self.begin()

    def begin(self, **environment: str) -> None:
        with self.log.open("ab") as said:
            self._process = subprocess.Popen(
                self._command, stdout=said, stderr=said, env=os.environ | environment
            )
        wait_for(f"{self.address}/healthz")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(timeout=PATIENCE)

    def half_filled(self, context: BrowserContext) -> tuple[Page, int]:
        """A page on which somebody answered a PHQ-9 and has not saved it, and the patient."""
        one = record_patient(self.engine, "1043", given_name="Ruth", family_name="Adler")
        Served(self.address, "", self.engine, self.log).sign_in(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        open_page(page, self.address)
        choose_patient(page, "adler")
        page.get_by_role("textbox", name=DIGITS).fill("213210210")
        page.keyboard.press("Enter")
        settle(page)
        return page, one


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """On an SQLite record."""
    running = Program(f"sqlite:///{tmp_path}/clinic.db", tmp_path / "log.txt")
    yield running
    running.kill()
    running.engine.dispose()


@pytest.fixture
def server() -> Iterator[Server]:
    """A PostgreSQL server of this test's own, to be stopped."""
    try:
        with own_server(FAST) as made:
            yield made
    except NoServerError as why:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(why))


def banner(page: Page) -> Locator:
    """What our own script says over a page."""
    return page.locator("body > [role=alert]")


def in_page(page: Page) -> Locator:
    return page.get_by_test_id("stMain")


def saved_once(page: Page, engine: Engine, one: int) -> None:
    """Save what still stands in the form; it is in the record once."""
    heading(page, "PHQ-9 for Ruth Adler")
    expect(page.get_by_test_id("stMetricValue")).to_have_text("12")
    page.get_by_role("button", name="Save").click()
    expect(in_page(page)).to_contain_text("PHQ-9 stored")
    assert only_score(engine, one).total == 12


@pytest.mark.postgres
def test_what_was_typed_outlives_a_database_that_is_away_for_longer_than_a_page_is_kept(
    server: Server, page: Page, tmp_path: Path
) -> None:
    program = Program(server.url, tmp_path / "log.txt")
    try:
        window, one = program.half_filled(page.context)
        program.engine.dispose()
        server.stop()
        expect(banner(window)).to_contain_text("cannot reach its record")
        expect(banner(window)).to_contain_text("What stands here is kept")
        expect(window.get_by_role("dialog")).to_have_count(0)
        expect(window.get_by_role("button", name="Save")).to_be_disabled()
        window.wait_for_timeout(1000 * FORGOTTEN)
        server.start()
        expect(banner(window)).to_have_count(0)
        settle(window)
        saved_once(window, program.engine, one)
        assert "Adler" not in program.log.read_text()
    finally:
        program.kill()
        program.engine.dispose()


def test_a_program_that_is_killed_and_begun_anew_says_what_is_gone_and_what_is_not(
    program: Program, page: Page
) -> None:
    window, one = program.half_filled(page.context)
    program.kill()
    expect(banner(window)).to_contain_text("does not answer")
    expect(banner(window)).to_contain_text("note it down")
    expect(window.get_by_role("dialog")).to_have_count(0)
    expect(window.get_by_test_id("stMetricValue")).to_have_text("12")
    program.begin()
    expect(in_page(window)).to_contain_text(GONE)
    expect(banner(window)).to_have_count(0)
    heading(window, "Who is it?")
    window.get_by_role("button", name="I have read this").click()
    expect(in_page(window)).not_to_contain_text(GONE)
    assert patient(program.engine, one).assessments == ()
    assert "Adler" not in program.log.read_text()


def test_a_page_that_finds_another_version_of_streamlit_says_what_is_gone(
    program: Program, page: Page, tmp_path: Path
) -> None:
    window, one = program.half_filled(page.context)
    program.kill()
    expect(banner(window)).to_contain_text("does not answer")
    window.evaluate("window.wasOpenBefore = true")
    (tmp_path / "sitecustomize.py").write_text(ANOTHER_STREAMLIT)
    program.begin(PYTHONPATH=os.pathsep.join([str(tmp_path), *sys.path]))
    expect(in_page(window)).to_contain_text(GONE)
    assert window.evaluate("window.wasOpenBefore") is None
    heading(window, "Who is it?")
    window.get_by_role("button", name="I have read this").click()
    expect(in_page(window)).not_to_contain_text(GONE)
    window.wait_for_timeout(STANDS)
    window.reload()
    heading(window, "Who is it?")
    settle(window)
    expect(in_page(window)).not_to_contain_text(GONE)
    assert patient(program.engine, one).assessments == ()


def test_a_page_that_is_opened_anew_was_not_there_before(program: Program, page: Page) -> None:
    window, _ = program.half_filled(page.context)
    program.kill()
    program.begin()
    open_page(window, program.address)
    heading(window, "Who is it?")
    expect(in_page(window)).not_to_contain_text(GONE)
