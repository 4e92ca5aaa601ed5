"""Every message to a browser, searched for every name, number and answer about suicide.

Who reads counts alone hears none.
"""

import re
import struct
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import polars as pl
import pytest
from playwright.sync_api import Browser, Error, Page, Response, WebSocket
from sqlalchemy import Engine

from dashboard.components.page.pages import Page as Name
from models.access.roles import Role
from models.store.record import write as store
from models.tables.facts import ClinicFacts
from seed.clinic import invent, write
from tests.browser.conftest import Served
from tests.support.browsing import choose_patient, open_page, settle
from tests.support.builders import BY
from tests.support.clinics import SEED
from tests.support.tampering import tamper

PATIENTS: Final = 60
CANARIES: Final = {"mrn": "Qz-{}-Zq", "given_name": "Maximiliana{}", "family_name": "Featherstonehaugh{}"}
"""Unlike anything else in a message, and none a part of another one: "of a score" or a day is no canary."""
ALERT: Final = b"about suicide raised an alert"
ANSWER: Final = 7_390_517
"""What everybody answered about suicide: no answer there is, and unlike any other number in a message."""
ANSWERED: Final = (str(ANSWER).encode(), struct.pack("<i", ANSWER), struct.pack("<d", ANSWER))
"""As text, and as it stands in a column of a table or a trace of a chart."""
PACKED: Final = re.compile(rb'"bdata": ?"([^"]*)"')
"""The numbers of a chart, which Plotly sends in base 64."""


def whole_clinic(engine: Engine) -> list[bytes]:
    """A clinic with courses, scores and alerts, no demo; every name and number in it."""
    now = datetime.now(UTC)
    clinic = invent(PATIENTS, SEED, now.date())
    numbers = pl.Series([f"{number:03}" for number in range(PATIENTS)])
    named = {field: pl.Series([text.format(each) for each in numbers]) for field, text in CANARIES.items()}
    write(engine, replace(clinic, patients=clinic.patients.with_columns(**named)), now)
    store.save_clinic(engine, ClinicFacts(name="North Clinic"), by=BY, at=now)
    tamper(
        engine,
        "PRAGMA ignore_check_constraints=ON",
        f"UPDATE assessment SET suicide_item = {ANSWER} WHERE suicide_item IS NOT NULL",  # noqa: S608
        f"UPDATE item_score SET score = {ANSWER} WHERE item = 9",  # noqa: S608
    )
    return [text.encode() for column in named.values() for text in column]


class Heard:
    """What a page was sent over its socket, and what it asked for besides the parts of the app itself."""

    def __init__(self, page: Page) -> None:
        self.frames: list[bytes] = []
        self._page = page
        self._responses: list[Response] = []
        page.on("websocket", self._listen)
        page.on("response", self._keep)

    def _listen(self, socket: WebSocket) -> None:
        socket.on(
            "framereceived",
            lambda frame: self.frames.append(frame if isinstance(frame, bytes) else frame.encode()),
        )

    def _keep(self, answered: Response) -> None:
        self._responses.append(answered)

    def take(self) -> None:
        """Keep what was answered up to now; a browser forgets it with the page."""
        for answered in self._responses:
            if answered.ok and "/static/" not in answered.url:
                self.frames.append(self._body(answered))
        self._responses.clear()

    def _body(self, answered: Response) -> bytes:
        try:
            return answered.body()
        except Error:  # it came as the browser left the page, and went with it: asked for again
            assert answered.request.method == "GET"
            return self._page.context.request.get(answered.url).body()

    def of(self, canaries: Sequence[bytes]) -> set[bytes]:
        """The canaries that stand in anything that came."""
        everything = b"\0".join(self.frames)
        packed = PACKED.findall(everything.replace(rb"\u002f", b"/"))
        everything = b"\0".join([everything, *map(b64decode, packed)])
        return {canary for canary in canaries if canary in everything}


def look_round(served: Served, page: Page, heard: Heard) -> int:
    """Every page there is, with everything on it unfolded and every file taken; how much was opened."""
    opened = 0
    for name in ("", *Name, "account"):
        if name == "account":
            page.goto(f"{served.address}/account")
        else:
            open_page(page, served.address, name)
        main = page.get_by_test_id("stMain")
        for folded in (
            main.locator("details:not([open]) > summary"),
            main.get_by_test_id("stPopover").locator("button"),
        ):
            for number in range(folded.count() - 1, -1, -1):  # from below, as what opens is a hit no longer
                folded.nth(number).click()
                settle(page)
                opened += 1
            page.keyboard.press("Escape")
        for link in main.get_by_role("link", name="Download").all():
            taken = page.context.request.get(f"{served.address}{link.get_attribute('href')}")
            heard.frames.append(taken.body())
            assert taken.ok
        heard.take()
    return opened


@pytest.mark.parametrize("role", Role)
def test_no_message_to_somebody_without_the_right_names_a_patient(
    served: Served, chromium: Browser, role: Role
) -> None:
    canaries = whole_clinic(served.engine)
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    served.sign_in(context, role)
    page = context.new_page()
    page.set_default_timeout(60_000)
    heard = Heard(page)
    opened = look_round(served, page, heard)
    if role is Role.CLINICIAN:
        open_page(page, served.address, Name.PATIENT)
        choose_patient(page, CANARIES["family_name"].format("007"))
    context.close()
    assert len(heard.frames) > 9
    if role in {Role.MANAGER, Role.AUDITOR}:
        assert opened >= 8
    if role is Role.CLINICIAN:  # what is looked for would be found
        assert heard.of(canaries) == set(canaries)
        assert heard.of([ALERT])
        assert heard.of(ANSWERED)
    else:  # the trail says by number whose record it tells of, and has no names
        mine = canaries[PATIENTS:] if role is Role.AUDITOR else canaries
        assert heard.of(mine) == set()
        assert not heard.of([ALERT, *ANSWERED])
