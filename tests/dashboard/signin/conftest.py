"""The way in of a clinic; and of one with an identity provider, in a network of tests."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.signin.address import Address
from dashboard.signin.door import Door
from dashboard.signin.gate import Gate
from dashboard.signin.mine import MyAccount
from dashboard.signin.oidc.provider import Provider
from dashboard.signin.oidc.routes import CALLBACK, LOGIN, ProviderPages
from dashboard.signin.oidc.trusted import Trusted
from dashboard.signin.proving import Proving
from dashboard.signin.routes import Pages
from dashboard.signin.setting_up import SettingUp
from dashboard.signin.visits import Visits
from models.access import passwords
from models.access.keys import Keys
from models.access.roles import Role
from models.store.accounts.sessions import Limits, Session, sessions_of
from models.store.accounts.staff import add_account
from tests.support.builders import BY, NOW
from tests.support.identity_provider import CLIENT_ID, SECRET, IdentityProvider, Network
from tests.support.way_in import CHEAP, WayIn, ready_account

ISSUER = "https://id.clinic.example"
EMAIL = "ada@clinic.example"


class Clinic:
    """The server, one browser, and the provider. The clock moves only when told to."""

    def __init__(
        self, engine: Engine, *, origin: str | None = None, record: str = "", **trusted: Any
    ) -> None:
        self.engine, self.now = engine, NOW
        self.idp = IdentityProvider(ISSUER, self.clock)
        self.other = IdentityProvider("https://id.elsewhere.example", self.clock)
        self.network = Network(self.idp, self.other)
        address = Address.behind(origin) if origin else Address.local("127.0.0.1", 8501)
        address = address._replace(record=record)
        visits = Visits(engine, self.clock, Limits())
        told = Trusted(ISSUER, CLIENT_ID, SECRET, **trusted)
        door = Door(engine, Keys(bytes(32)), self.clock)
        pages = self.pages = Pages(door, visits, address, lambda: "A clinic", told)
        self.provider = Provider(told, self.clock, self.network)
        own = pages.router(
            [
                *ProviderPages(pages, self.provider).routes(),
                *SettingUp(pages).routes(),
                *MyAccount(pages).routes(),
                *Proving(pages).routes(),
            ]
        )
        gate = Gate(Starlette(routes=[Route("/", home)]), own, address, visits, {"": ""})
        self.base = origin or "http://127.0.0.1:8501"
        self.app = gate
        self.browser = self.new_browser()

    def clock(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)

    def new_browser(self) -> TestClient:
        return TestClient(self.app, base_url=self.base, follow_redirects=False)

    def leave(self, address: str = LOGIN) -> str:
        """To the provider: where the browser was sent."""
        answer = self.browser.get(address)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def come_back(self, told: dict[str, str]) -> httpx2.Response:
        return self.browser.get(CALLBACK, params=told)

    def sign_in(self) -> httpx2.Response:
        """There and back."""
        return self.come_back(self.idp.approve(self.leave()))

    def is_in(self) -> bool:
        """Whether this browser sees the app."""
        self.passes(seconds=1)
        return self.browser.get("/").text == "the app"

    def sessions(self, account_id: int) -> list[Session]:
        return sessions_of(self.engine, account_id, at=self.now, limits=Limits())


async def home(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("the app")


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test here waits a tenth of a second for every password."""
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    monkeypatch.setattr(passwords, "_hash_of_nothing", cache(passwords._hash_of_nothing.__wrapped__))


@pytest.fixture
def ada(sqlite_engine: Engine) -> int:
    """A clinician whose user name is her e-mail."""
    return add_account(sqlite_engine, EMAIL, "Ada Able", Role.CLINICIAN, by=BY, at=NOW).id


@pytest.fixture
def clinic(sqlite_engine: Engine, ada: int) -> Iterator[Clinic]:
    """The clinic, which trusts one provider."""
    opened = Clinic(sqlite_engine)
    with opened.browser:
        yield opened


@pytest.fixture(name="outside")
def _outside(sqlite_engine: Engine) -> WayIn:
    """A clinic with one account, and a browser nobody is signed in with."""
    ready_account(sqlite_engine)
    return WayIn(sqlite_engine)


@pytest.fixture(name="inside")
def _inside(outside: WayIn) -> WayIn:
    """The same, signed in."""
    assert outside.sign_in().status_code == 303
    return outside
