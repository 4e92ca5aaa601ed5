"""What keeps somebody signed in who has told the app nothing yet: keys pressed in their own page."""

import pytest
from sqlalchemy import Engine

from tests.support.way_in import ORIGIN, WayIn, ready_account

OURS = {"origin": ORIGIN}


@pytest.fixture(name="inside")
def _inside(sqlite_engine: Engine) -> WayIn:
    ready_account(sqlite_engine)
    way = WayIn(sqlite_engine)
    way.sign_in()
    return way


def test_typing_keeps_the_session_it_is_done_in_signed_in_and_no_other(
    inside: WayIn, sqlite_engine: Engine
) -> None:
    ready_account(sqlite_engine, "bo")
    other = WayIn(sqlite_engine)
    other.sign_in("bo")
    for _ in range(3):
        inside.clock.forward(minutes=10)
        answered = inside.browser.post("/signin/doing", headers=OURS)
        assert (answered.status_code, answered.json()) == (200, {"left": 900})
    other.clock.now = inside.clock.now
    assert other.browser.post("/signin/doing", headers=OURS).status_code == 401
    assert other.page("/").status_code == 303


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null"])
def test_nothing_elsewhere_keeps_anybody_signed_in(inside: WayIn, origin: str | None) -> None:
    inside.clock.forward(minutes=10)
    headers = {} if origin is None else {"origin": origin}
    assert inside.browser.post("/signin/doing", headers=headers).status_code == 403
    assert inside.browser.get("/signin/doing").status_code in (404, 405)
    assert inside.browser.get("/signin/alive").json() == {"left": 300}
