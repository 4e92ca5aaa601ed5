"""No cookie lets anybody in but the one of a session that stands: all there is, asked with every other."""

from asyncio import run
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import Engine
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from dashboard.components.page.pages import ADDRESSES
from dashboard.shelf import PATH
from dashboard.signin.gate import OPEN_PATHS
from dashboard.signin.socket import WATCHED_EVERY
from dashboard.signin.visits import FRESH
from models.access.roles import Role
from models.access.tokens import new_token, token_hash
from models.store.accounts.sessions import end_session, prove_again
from models.store.accounts.staff import change_account
from tests.dashboard.signin.test_gate import STREAMLITS
from tests.support.builders import BY, NOW
from tests.support.way_in import HOST, WayIn, ready_account

OWN: Final = (
    *("/account", "/account/password", "/account/end", "/account/codes", "/account/authenticator"),
    *("/account/prove", "/account/glass/claim", f"{PATH}/x", "/seventy/x"),
)
"""But signing out, which answers whoever has no session any more too."""
EVERYTHING: Final = (*(f"/{page}" for page in ADDRESSES), *STREAMLITS, *OWN)


def taken(way: WayIn) -> str:
    """What somebody copied out of this browser."""
    return str(way.browser.cookies["seventy"])


def of_who_signed_out(way: WayIn) -> str:
    token = taken(way)
    end_session(way.engine, token_hash(token), at=NOW)
    return token


def of_before_a_proof(way: WayIn) -> str:
    token = taken(way)
    assert prove_again(way.engine, token_hash(token), "password", address="::1", at=NOW)
    return token


def of_who_is_disabled(way: WayIn) -> str:
    change_account(way.engine, "ada", by=BY, at=NOW, active=False)
    return taken(way)


def of_who_has_another_role(way: WayIn) -> str:
    change_account(way.engine, "ada", by=BY, at=NOW, role=Role.AUDITOR)
    return taken(way)


def of_who_did_nothing(way: WayIn) -> str:
    way.clock.forward(minutes=15)
    return taken(way)


def of_a_long_day(way: WayIn) -> str:
    for _ in range(72):
        way.clock.forward(minutes=10)
        way.page("/")
    return taken(way)


COOKIES: Final[dict[str, Callable[[WayIn], str]]] = {
    "none": lambda _: "",
    "made up": lambda _: new_token(),
    "one letter off": lambda way: taken(way)[:-1] + ("A" if taken(way)[-1] != "A" else "B"),
    "what the record keeps of it": lambda way: token_hash(taken(way)),
    "signed out": of_who_signed_out,
    "before a proof": of_before_a_proof,
    "disabled": of_who_is_disabled,
    "another role": of_who_has_another_role,
    "idle": of_who_did_nothing,
    "a long day": of_a_long_day,
}


async def _is_answered_nowhere(way: WayIn, headers: dict[str, str]) -> None:
    """In one loop: a test client that begins a thread for each of 5,000 requests takes thrice as long."""
    async with AsyncClient(transport=ASGITransport(way.browser.app), base_url=way.origin) as other:
        for path in EVERYTHING:
            assert not path.startswith(OPEN_PATHS) or path in STREAMLITS
            assert (await other.get(path, headers=headers)).status_code == 401, path
            asked = await other.get(path, headers={"accept": "text/html", **headers})
            assert (asked.status_code, asked.headers["location"], asked.text) == (303, "/login", ""), path
            sent = await other.post(path, headers={"origin": way.origin, **headers})
            assert sent.status_code in {401, 403}, path


@pytest.mark.parametrize("cookie", COOKIES)
@pytest.mark.parametrize("role", Role)
def test_nothing_answers_it(sqlite_engine: Engine, role: Role, cookie: str) -> None:
    ready_account(sqlite_engine, role=role)
    ready_account(sqlite_engine, "bo", Role.ADMINISTRATOR)  # or nobody could disable the last one
    way = WayIn(sqlite_engine)
    way.sign_in()
    assert way.page("/").status_code == 200
    token = COOKIES[cookie](way)
    way.clock.forward(seconds=1)
    headers = {"cookie": f"seventy={token}"} if token else {}
    run(_is_answered_nowhere(way, headers))
    other = TestClient(way.browser.app, base_url=way.origin, follow_redirects=False)
    out = other.post("/logout", headers={"origin": way.origin, **headers})
    assert (out.status_code, out.headers["location"], out.text) == (303, "/login?left", "")
    with (
        pytest.raises(WebSocketDisconnect),
        other.websocket_connect(f"ws://{HOST}/_stcore/stream", headers={"origin": way.origin, **headers}),
    ):
        pass


def test_an_open_page_outlives_its_session_by_two_seconds_at_most() -> None:
    """One look at the session may be as old as that when a page is looked after."""
    assert FRESH + timedelta(seconds=WATCHED_EVERY) <= timedelta(seconds=2)
