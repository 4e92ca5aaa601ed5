"""The way in without Streamlit behind it: the gate, its pages, and an app that says what reached it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pyotp
from argon2 import PasswordHasher
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from dashboard.components.page.pages import ADDRESSES
from dashboard.shelf import Shelf
from dashboard.signin.address import Address
from dashboard.signin.breaking import Breaking
from dashboard.signin.door import Door
from dashboard.signin.files import Files
from dashboard.signin.gate import SESSION_HEADER, Gate
from dashboard.signin.mine import MyAccount
from dashboard.signin.proving import Proving
from dashboard.signin.routes import Pages
from dashboard.signin.setting_up import SettingUp
from dashboard.signin.visits import Visits
from models.access.keys import SECRETS, Keys
from models.access.roles import Role
from models.store.accounts.lasting import Lasting
from models.store.accounts.sessions import Limits
from models.store.accounts.staff import StaffAccount, add_account, finish_setup, new_setup_link
from tests.support.builders import BY, NOW

HOST = "127.0.0.1:8501"
ORIGIN = f"http://{HOST}"
KEYS = Keys(bytes(range(32)))
PASSWORD = "a wide river at night"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""A password's hash for tests of the way in; what one costs is for the tests of passwords."""
HASH = CHEAP.hash(PASSWORD)


OF_MY_ACCOUNT = ("/account/password", "/account/end")


class Clock:
    """A clock a test sets forward, beside one that nobody sets."""

    def __init__(self) -> None:
        self.now, self._passed = NOW, timedelta()

    def __call__(self) -> datetime:
        return self.now

    def ticks(self) -> float:
        """Seconds since it began, however it was set."""
        return self._passed.total_seconds()

    def forward(self, **span: float) -> None:
        """Some time later."""
        self.now += timedelta(**span)
        self._passed += timedelta(**span)

    def set_back(self, **span: float) -> None:
        """Somebody sets it back."""
        self.now -= timedelta(**span)


class WayIn:
    """One browser before the gate of one record."""

    def __init__(self, engine: Engine, *, address: Address | None = None, visitor: int | None = None) -> None:
        self.engine, self.clock = engine, Clock()
        self.address = address = address or Address.local("127.0.0.1", 8501)
        self.visits = Visits(engine, self.clock, Limits(), Lasting(Limits(), self.clock.ticks))
        self.door = Door(engine, KEYS, self.clock)
        pages = Pages(self.door, self.visits, address, lambda: "A clinic")
        self.shelf = Shelf()
        more = [
            *SettingUp(pages).routes(),
            *MyAccount(pages).routes(),
            *Proving(pages, visitor).routes(),
            *Breaking(pages, visitor).routes(),
            *Files(pages, self.shelf).routes(),
        ]
        own = pages.router(more)
        welcome = None if visitor is None else pages.welcome(visitor)
        app = Starlette(
            routes=[
                WebSocketRoute("/_stcore/stream", echo),
                Route("/{path:path}", page, methods=["GET", "POST", "PUT", "DELETE"]),
            ],
            middleware=[
                Middleware(
                    Gate, own=own, address=address, visits=self.visits, places=ADDRESSES, welcome=welcome
                )
            ],
        )
        base = f"{'https' if address.proxied else 'http'}://{min(address.hosts)}"
        self.origin = base
        self.browser = TestClient(app, base_url=base, follow_redirects=False)

    def page(self, path: str = "/", **headers: str) -> Any:
        """Ask for a page as a browser does."""
        return self.browser.get(path, headers={"accept": "text/html", **headers})

    def post(self, path: str, **fields: str) -> Any:
        """Send a form that was first asked for, from our own page."""
        asked = self.page("/account" if path in OF_MY_ACCOUNT else path)
        form_key = asked.text.partition('name="form_key" value="')[2].partition('"')[0]
        fields = {"form_key": form_key, **fields}
        return self.browser.post(path, data=fields, headers={"origin": self.origin})

    def code(self) -> str:
        """What the authenticator shows now."""
        return pyotp.TOTP(SECRET).at(self.clock.now)

    def sign_in(self, username: str = "ada", password: str = PASSWORD, code: str | None = None) -> Any:
        """Fill in the form and send it."""
        return self.post(
            "/login", username=username, password=password, code=self.code() if code is None else code
        )

    def gets(self, path: str, token: str) -> int:
        """What another browser with this cookie is answered."""
        other = TestClient(self.browser.app, base_url=self.origin, follow_redirects=False)
        return other.get(path, headers={"accept": "text/html", "cookie": f"seventy={token}"}).status_code

    @contextmanager
    def socket(self, **headers: str) -> Iterator[Any]:
        """The app's socket."""
        with self.browser.websocket_connect(
            f"{self.origin.replace('http', 'ws')}/_stcore/stream", headers={"origin": self.origin, **headers}
        ) as opened:
            yield opened


def ready_account(engine: Engine, username: str = "ada", role: Role = Role.CLINICIAN) -> StaffAccount:
    """Somebody who has followed their link."""
    account = add_account(engine, username, f"{username.title()} Able", role, by=BY, at=NOW)
    token = new_setup_link(engine, username, by=BY, at=NOW)
    sealed = KEYS.seal(SECRETS, SECRET.encode(), f"account:totp:{account.id}")
    chosen = {"password_hash": HASH, "totp_secret": sealed, "totp_step": 0, "code_hashes": []}
    return finish_setup(engine, token, at=NOW, **chosen)  # type: ignore[arg-type]


async def page(request: Request) -> HTMLResponse:
    """The app: says who reached it and as whom, with the status it is asked to answer with."""
    told = request.headers.get(SESSION_HEADER, "")
    status = int(request.query_params.get("answered", 200))
    return HTMLResponse(f"<html><head></head><body>the app {request.url.path} {told}</body></html>", status)


async def echo(socket: WebSocket) -> None:
    """The app's socket: first says which session the gate told it of, then whatever it is sent."""
    await socket.accept()
    await socket.send_text(",".join(socket.headers.getlist(SESSION_HEADER)))
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        await socket.send_text("ran")
