"""Proving anew who one is, in a real browser: there and back, with what was typed and what was wanted."""

from pathlib import Path
from time import sleep

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from dashboard.signin.visits import FRESH
from models.store.record import read, write
from models.store.trail.entries import entries
from tests.browser.conftest import Served
from tests.browser.test_signing_in import PASSWORD, linked, set_up, sign_in, window
from tests.support.browsing import choose_patient, heading, open_page, settle, turn_to
from tests.support.builders import BY, NOW, record_patient, score_facts
from tests.support.clinics import invented

TEN_MINUTES = 10 * 60 * 1_000_000
REASON = "this is somebody else's score"


def time_passes(served: Served) -> None:
    """The proof of everybody signed in is ten minutes old."""
    with served.engine.begin() as connection:
        sql = text("UPDATE auth_session SET proved_at = proved_at - :span")
        connection.execute(sql, {"span": TEN_MINUTES})
    sleep(2 * FRESH.total_seconds())  # what the gate saw of a session may be as old as `FRESH`


def prove(page: Page, code: str, password: str = PASSWORD) -> None:
    expect(page.locator("h1")).to_have_text("Is it you?")
    page.get_by_label("Password of bo").fill(password)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="It is me").click()


def test_a_score_is_withdrawn_and_a_list_taken_after_a_proof_and_nothing_is_lost(
    served: Served, chromium: Browser
) -> None:
    invented(served.engine, 60)
    ruth = record_patient(served.engine, "R1043", given_name="Ruth", family_name="Adler")
    write.record_assessment(served.engine, score_facts(ruth, 21, day=0), by=BY, at=NOW)
    scores = read.record(served.engine).assessments.height
    with window(chromium) as page:
        codes = set_up(page, linked(served))
        sign_in(page, codes[0])
        open_page(page, served.address, "patient")
        choose_patient(page, "R1043")
        time_passes(served)
        page.get_by_text("All scores (1)").click()
        page.get_by_role("button", name="Withdraw").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Why").fill(REASON)
        dialog.get_by_role("button", name="Withdraw").click()
        dialog.get_by_role("link", name="Prove it is me").click()
        prove(page, codes[1], "a guess of somebody's")
        expect(page.get_by_role("alert")).to_have_text("Password or code is not right.")
        prove(page, codes[1])
        page.locator("h1").get_by_text("Adler, Ruth").wait_for()
        settle(page)
        assert page.url == f"{served.address}/patient"
        expect(dialog.get_by_label("Why")).to_have_value(REASON)
        assert read.record(served.engine).assessments.height == scores
        dialog.get_by_role("button", name="Withdraw").click()
        settle(page)
        assert read.record(served.engine).assessments.height == scores - 1
        turn_to(page, "Claim")
        page.get_by_text("List the ").click()
        settle(page)
        time_passes(served)
        page.get_by_role("link", name="Download this list").click()
        prove(page, codes[2])
        page.locator("h1").wait_for()
        settle(page)
        assert page.url == f"{served.address}/claim"
        with page.expect_download() as download:
            page.get_by_role("link", name="Download this list").click()
        assert '"met"' in Path(download.value.path()).read_text(encoding="utf-8")
        (withdrawn,) = [entry for entry in entries(served.engine) if entry.action == "withdraw"]
        assert (withdrawn.by, withdrawn.address) == ("bo", "127.0.0.1")
        told = [entry.action for entry in entries(served.engine)]
        proofs = [action for action in told if action in {"prove again", "refuse proof", "export"}]
        assert proofs == ["export", "prove again", "prove again", "refuse proof"]


def test_whoever_presses_twice_proves_it_once_and_stays_signed_in(served: Served, chromium: Browser) -> None:
    """Twice told, the answer with the new cookie would be dropped for one that refuses the used code."""
    with window(chromium) as page:
        codes = set_up(page, linked(served))
        sign_in(page, codes[0])
        page.goto(f"{served.address}/account/prove?back=/record")
        page.get_by_label("Password of bo").fill(PASSWORD)
        page.get_by_label("Code").fill(codes[1])
        page.get_by_role("button", name="It is me").dblclick(delay=20)
        heading(page, "Add the first patient")
    told = [entry.action for entry in entries(served.engine)]
    assert (told.count("prove again"), told.count("refuse proof")) == (1, 0)
