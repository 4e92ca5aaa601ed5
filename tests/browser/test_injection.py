"""What somebody typed is text and nothing else, on every page, for everybody who may open it.

One record with payloads in every free text is gone through once, as every role; each test asks one thing of
what was seen on the way.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.components.page.pages import Page as Name
from dashboard.signin.routes import SAID
from models.access.roles import Role
from models.store.accounts.staff import new_setup_link
from tests.browser.conftest import Served, serving
from tests.support.browsing import choose_patient, open_page, settle
from tests.support.builders import named_before
from tests.support.payloads import (
    GROUPS,
    PAYLOADS,
    all_marked,
    marked,
    name_clinic,
    own_scales,
    record_payloads,
    unspaced,
)
from tests.support.watching import Watched

PARTS: Final = re.compile(r"^/(static|signin|media)/|/_stcore/|^/favicon.png$")
WASM: Final = "script-src wasm-eval protobuf"
"""Streamlit's message library tries WebAssembly and does without: nothing is allowed for its sake."""

IN_FULL: Final = (
    *("clinic", "crisis", "given", "family", "number", "led", "site", "gave", "reason", "user"),
    *("person", "me", "words", "source", "where", "lock", "glass", "browser", "place"),
)
"""Fields of which all thirteen payloads are seen."""

IN_PART: Final = {
    **dict.fromkeys(("scale", "name", "label"), 4),  # what two scales have
    **dict.fromkeys(("text", "rights"), 2),
    "stem": 1,
}
"""Fields of which so many payloads are seen."""

SHUT: Final = (
    "[...document.querySelectorAll('details:not([open]) > summary')].map(each => each.click()).length"
)
MOST_FOLDS: Final = 3
FILLED: Final = """() => [...document.querySelectorAll('details')].every(each =>
    each.textContent.length > each.querySelector('summary').textContent.length)"""


class Round(NamedTuple):
    """What was seen on the way, of one record, in the browsers of several people."""

    address: str
    log: str
    by: dict[str, Watched]
    left: str
    header: str | None

    @property
    def wrong(self) -> list[str]:
        """Everything wrong on any page."""
        return [f"{whose}, {page}: {what}" for whose, each in self.by.items() for page, what in each.wrong]


@pytest.fixture(scope="module", name="seen")
def _seen(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    folder = tmp_path_factory.mktemp("payloads")
    scales = folder / "seventy" / "scales"
    own_scales(scales)
    by, left, header = {}, "", None
    with serving(folder, XDG_DATA_HOME=str(folder)) as served:
        record_payloads(served.engine, scales, datetime.now(UTC))
        for whose, go_round in ROUNDS.items():
            context = chromium.new_context(viewport={"width": 1440, "height": 900})
            by[whose] = Watched(context)
            page = by[whose].window()
            if whose in list(Role):
                served.sign_in(context, Role(whose))
            go_round(served, by[whose], page)
            if whose == Role.CLINICIAN:
                left, header = _sign_out(served, by[whose], page)
            context.close()
        yield Round(served.address, served.log.read_text(), by, left, header)


def _clinician(served: Served, watched: Watched, page: Page) -> None:
    open_page(page, served.address)
    for typed in (marked("typed", 3), marked("typed", 9)):
        page.get_by_placeholder("Name or number").fill(typed)
        settle(page)
        watched.look(page, "nobody found")
    for typed in ("zqnumber0", "zqnumber1"):
        page.get_by_placeholder("Name or number").fill(typed)
        expect(page.get_by_role("button", name=typed).first).to_be_visible()
        settle(page)
        watched.look(page, "somebody found")
    choose_patient(page, marked("number", 0))
    expect(page.get_by_test_id("stMain")).to_contain_text("zqstem")
    watched.look(page, "record")
    for what, then in (("zqscale09", "zqtext"), ("Infusion", "mg/kg")):
        page.get_by_test_id("stMain").get_by_role("radio", name=what).first.click()
        expect(page.get_by_test_id("stMain")).to_contain_text(then)
        settle(page)
        watched.look(page, f"record {what}")
    for number in range(len(GROUPS)):
        open_page(page, served.address, Name.PATIENT)
        choose_patient(page, marked("number", number))
        _look(watched, page, "patient", "zqreason")
        _hover(watched, page)
    open_page(page, served.address, Name.CLINIC)
    page.get_by_placeholder("Name or number").fill("zq")
    page.keyboard.press("Enter")
    settle(page)
    _look(watched, page, "clinic", "zqled09")
    _go(watched, page, served, Name.METHODS, "zqrights")


def _manager(served: Served, watched: Watched, page: Page) -> None:
    _go(watched, page, served, Name.CLAIM, "zqlock00")
    _go(watched, page, served, Name.WAYS, "dot")
    _go(watched, page, served, Name.WORDS, "zqwords")
    _go(watched, page, served, Name.SETTINGS, "zqcrisis")
    _go(watched, page, served, Name.CLINIC, "zqled09")


def _administrator(served: Served, watched: Watched, page: Page) -> None:
    _go(watched, page, served, Name.PEOPLE, "zqperson12")
    page.goto(f"{served.address}/account")
    watched.look(page, "account")


def _auditor(served: Served, watched: Watched, page: Page) -> None:
    open_page(page, served.address)
    _look(watched, page, "trail", "zqglass12")


def _stranger(served: Served, watched: Watched, page: Page) -> None:
    now = datetime.now(UTC)
    everything = unspaced(all_marked("user"))
    for group in range(len(GROUPS)):
        name_clinic(served.engine, group, now)
        page.goto(f"{served.address}/login?next={everything}&expired={everything}")
        while f"zqclinic{GROUPS[group][0]:02}" not in page.locator(".clinic").inner_text():
            page.reload()
        watched.look(page, "login")
    page.get_by_label("User name").fill(everything)
    page.get_by_label("Password").fill(everything)
    page.get_by_label("Code").fill(everything)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    watched.look(page, "login refused")
    page.goto(f"{served.address}/setup/{everything.replace('/', '%2F')}")
    watched.look(page, "setup refused")
    who = unspaced(marked("user", 3).replace("zq", "zqnew"))
    named_before(served.engine, who, all_marked("me"), Role.AUDITOR, by="roe", at=now)
    page.goto(f"{served.address}/setup/{new_setup_link(served.engine, who, by='roe', at=now)}")
    watched.look(page, "setup")


ROUNDS: Final = {
    Role.AUDITOR: _auditor,  # first, while the newest events are of payloads
    Role.CLINICIAN: _clinician,
    Role.MANAGER: _manager,
    Role.ADMINISTRATOR: _administrator,
    "nobody": _stranger,
}


def _go(watched: Watched, page: Page, served: Served, name: str, last: str) -> None:
    open_page(page, served.address, name)
    _look(watched, page, name, last)


def _look(watched: Watched, page: Page, where: str, last: str) -> None:
    """Open whatever is folded away, and read the page once what comes last is there."""
    for _ in range(MOST_FOLDS):
        if page.evaluate(SHUT):
            page.wait_for_function(FILLED)
            settle(page)
    expect(page.locator("body")).to_contain_text(last)
    watched.look(page, where)


def _hover(watched: Watched, page: Page) -> None:
    """Read what a chart says of its last point."""
    page.locator(".js-plotly-plot .point").last.hover(force=True)
    page.locator(".hoverlayer .hovertext").first.wait_for()
    watched.look(page, "hover")


def _sign_out(served: Served, watched: Watched, page: Page) -> tuple[str, str | None]:
    page.goto(f"{served.address}/account")
    watched.look(page, "account")
    with page.expect_response("**/logout") as answered:
        page.get_by_role("button", name="Sign out here").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    watched.note_what_is_kept(page)
    return watched.stored[-1], answered.value.all_headers().get("clear-site-data")


def test_no_script_runs_nothing_is_made_of_a_text_and_all_of_it_is_read(seen: Round) -> None:
    assert seen.wrong == []


def test_every_field_was_seen_with_every_payload(seen: Round) -> None:
    wanted = dict.fromkeys(IN_FULL, len(PAYLOADS)) | IN_PART
    found = {
        field: set[int]().union(*(watched.seen[field] for watched in seen.by.values())) for field in wanted
    }
    assert {field: sorted(numbers) for field, numbers in found.items() if len(numbers) < wanted[field]} == {}


def test_no_request_leaves_for_another_host(seen: Round) -> None:
    ours = urlsplit(seen.address).netloc
    asked = [url for watched in seen.by.values() for url in watched.asked]
    assert len(asked) > 100
    assert [url for url in asked if urlsplit(url).netloc not in {ours, ""}] == []


def test_no_address_says_anything_of_anybody(seen: Round) -> None:
    pages = {"/", "/account", "/login", "/logout", *(f"/{name}" for name in Name)}
    for role in Role:
        for url in (*seen.by[role].asked, *seen.by[role].went):
            assert "zq" not in unquote(url)
            at = urlsplit(url)
            assert at.path in pages or PARTS.search(at.path), url
            assert at.query == "" or (at.path == "/login" and at.query in SAID), url


def test_no_title_names_anybody(seen: Round) -> None:
    titles = {title for watched in seen.by.values() for title in watched.titles}
    assert titles
    assert not any("zq" in title for title in titles)


def test_the_browser_refuses_nothing_but_what_is_known(seen: Round) -> None:
    refused = {what for watched in seen.by.values() for what in watched.refused}
    assert [what for what in refused if not what.startswith(WASM)] == []


def test_signing_out_leaves_nothing_of_anybody_in_the_browser(seen: Round) -> None:
    assert seen.header == '"cache", "storage"'
    assert "zq" not in seen.left


def test_the_log_names_nobody(seen: Round) -> None:
    assert "Seventy is at" in seen.log
    assert "zq" not in seen.log
