"""What holds on every page in a real browser: nothing leaves, nothing leaks, everything fits."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

import dashboard
from models.store.record import write
from tests.browser.conftest import SEVENTY, Served, free_port, wait_for
from tests.support.browsing import choose_patient, heading, open_page, settle, turn_to
from tests.support.builders import BY, NOW, infusion_facts, record_patient, score_facts

EVIL = "![x](http://e.example/x.png) <img src=http://e.example/y.png> www.e.example a@e.example [z](http://z.example)"


def with_a_course(served: Served, **names: str) -> int:
    one = record_patient(served.engine, "1043", **names)
    write.record_infusion(served.engine, infusion_facts(one, 0), by=BY, at=NOW)
    for total, day in ((21, 0), (9, 21)):
        write.record_assessment(served.engine, score_facts(one, total, day=day), by=BY, at=NOW)
    return one


def test_nothing_is_asked_of_any_other_machine_and_no_address_names_a_patient(
    served: Served, page: Page
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    with_a_course(served, family_name=EVIL, given_name="Ruth")
    open_page(page, served.address, "patient")
    choose_patient(page, "1043")
    seen = [page.url]
    for name in ("Record", "Clinic", "Claim", "Methods", "Patient"):
        turn_to(page, name)
        seen.append(page.url)
    ours = urlsplit(served.address).netloc
    elsewhere = [url for url in asked if urlsplit(url).netloc not in {ours, ""}]
    assert elsewhere == []
    assert not any("1043" in url or "Ruth" in url or "?" in url for url in seen)
    assert page.get_by_test_id("stMain").locator("a[href^='http']").count() == 0
    assert page.get_by_test_id("stMain").locator("img[src^='http']").count() == 0


def test_a_name_is_shown_as_it_was_typed(served: Served, page: Page) -> None:
    with_a_course(served, family_name=EVIL)
    open_page(page, served.address, "patient")
    choose_patient(page, "1043")
    assert page.locator("h1").inner_text().replace("\u2060", "") == EVIL


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 820, 1440])
def test_nothing_but_a_table_scrolls_sideways(
    served: Served, chromium: Browser, width: int, mode: str
) -> None:
    long_name = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh"
    with_a_course(served, family_name=long_name, given_name="Maximiliana")
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=mode)
    served.sign_in(context)
    page = context.new_page()
    open_page(page, served.address, "patient")
    choose_patient(page, "1043")
    for name in ("patient", "record"):
        if name == "record":
            page.get_by_role("button", name="Record").click()
            settle(page)
        wide = page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth")
        assert wide == 0, name
    context.close()


def test_pages_started_past_the_gate_refuse_and_say_how_to_start(page: Page) -> None:
    port = free_port()
    app = Path(dashboard.__file__).with_name("app.py")
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(port)]
    options = ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
    process = subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        open_page(page, f"http://127.0.0.1:{port}")
        heading(page, "Seventy was not started this way")
        expect(page.get_by_test_id("stMain")).to_contain_text("seventy serve")
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_a_fault_shows_a_reference_and_neither_page_nor_log_says_of_whom(served: Served, page: Page) -> None:
    with_a_course(served, family_name="Featherstonehaugh")
    open_page(page, served.address, "patient")
    choose_patient(page, "1043")
    with served.engine.begin() as connection:
        connection.execute(text("ALTER TABLE item_score RENAME TO lost"))
    page.get_by_test_id("stMain").get_by_role("radio", name="Date").click()
    settle(page)
    shown = page.get_by_test_id("stMain").get_by_test_id("stAlert").last
    expect(shown).to_contain_text("Reference")
    reference = shown.inner_text().rsplit(" ", 1)[1].rstrip(".")
    log = served.log.read_text()
    assert reference in log
    assert "Traceback" not in log
    assert "Featherstonehaugh" not in log
    assert "item_score" not in page.get_by_test_id("stMain").inner_text()


def test_a_page_of_another_site_cannot_open_a_socket(served: Served, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    refused: list[str] = []
    page.route(
        "http://evil.example/", lambda route: route.fulfill(body="<html></html>", content_type="text/html")
    )
    page.goto("http://evil.example/")
    address = served.address.replace("http://", "ws://")
    outcome = page.evaluate(
        """address => new Promise(done => {
            const socket = new WebSocket(address + "/_stcore/stream", ["streamlit"]);
            socket.onopen = () => done("open");
            socket.onerror = () => done("refused");
        })""",
        address,
    )
    assert outcome == "refused"
    assert refused == []
    context.close()


def test_the_demo_says_on_every_page_that_its_patients_are_invented(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    port = free_port()
    command = [SEVENTY, "demo", "--patients", "24", "--headless", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        open_page(page, f"http://127.0.0.1:{port}")
        for name in ("Record", "Patient", "Clinic", "Claim", "Methods"):
            turn_to(page, name)
            expect(page.get_by_test_id("stMain")).to_contain_text(
                "Demo clinic, signed in as Visitor. Every patient here is invented."
            )
    finally:
        process.terminate()
        process.wait(timeout=30)
