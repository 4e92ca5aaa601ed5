"""Two clinics on one computer: two records, two servers, one browser. Nothing of the one opens the other.

Both have an account of the same name with the same password and authenticator, and even the same key: what
keeps them apart is the record. A browser sends the cookies of a host to all its ports.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Engine
from starlette.websockets import WebSocketDisconnect

from dashboard.signin.address import Address
from dashboard.signin.oidc.routes import CALLBACK
from models.access.roles import Role
from models.access.tokens import token_hash
from models.store.accounts.sessions import Limits, session_of
from models.store.accounts.staff import add_account, new_setup_link
from models.store.moves.migrate import start
from models.store.trail.entries import record_mark
from tests.dashboard.signin.conftest import EMAIL, Clinic
from tests.support.builders import BY, NOW
from tests.support.databases import connected
from tests.support.way_in import WayIn, ready_account


class Two(NamedTuple):
    """The ways into two clinics, from one browser."""

    a: WayIn
    b: WayIn


@pytest.fixture(name="begun_apart", scope="module")
def _begun_apart(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two records, each begun by itself, to copy."""
    files = [tmp_path_factory.mktemp("apart") / name for name in ("a.db", "b.db")]
    for file in files:
        with connected(f"sqlite:///{file}") as engine:
            start(engine, at=NOW)
    return files


@pytest.fixture
def engines(begun_apart: list[Path], tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    """Two records, each begun by itself."""
    a, b = (f"sqlite:///{shutil.copy(file, tmp_path)}" for file in begun_apart)
    with connected(a) as one, connected(b) as other:
        yield one, other


@pytest.fixture(params=[False, True], ids=["here", "behind a proxy"])
def two(engines: tuple[Engine, Engine], request: pytest.FixtureRequest) -> Two:
    ways = []
    for engine, port in zip(engines, (8501, 8502), strict=True):
        ready_account(engine, "ada")
        here = (
            Address.behind(f"https://seventy.example:{port}")
            if request.param
            else Address.local("127.0.0.1", port)
        )
        ways.append(WayIn(engine, address=here._replace(record=record_mark(engine))))
    a, b = ways
    b.browser._cookies = a.browser._cookies  # one browser has one jar
    return Two(a, b)


def test_two_records_have_two_marks(engines: tuple[Engine, Engine]) -> None:
    assert record_mark(engines[0]) != record_mark(engines[1])
    assert all(len(record_mark(engine)) == 8 for engine in engines)


def test_signed_in_at_one_is_not_signed_in_at_the_other(two: Two) -> None:
    assert two.a.sign_in().status_code == 303
    assert "the app" in two.a.page().text
    assert two.b.page().headers["location"] == "/login"
    assert two.b.browser.get("/signin/alive").json() == {"left": 0}
    with pytest.raises(WebSocketDisconnect), two.b.socket():
        pass


def test_signing_in_and_out_at_one_leaves_the_other_as_it_is(two: Two) -> None:
    two.a.sign_in()
    two.b.sign_in()
    assert "the app" in two.a.page().text
    assert "the app" in two.b.page().text
    two.b.browser.post("/logout", headers={"origin": two.b.origin})
    two.b.clock.forward(seconds=2)
    assert two.b.page().headers["location"] == "/login"
    assert "the app" in two.a.page().text


def test_a_session_of_one_under_the_name_of_the_other_opens_nothing(two: Two) -> None:
    two.a.sign_in()
    token = two.a.browser.cookies[two.a.address.cookie]
    two.b.browser.cookies.set(two.b.address.cookie, token)
    assert two.b.page().headers["location"] == "/login"
    assert session_of(two.a.engine, token_hash(token), at=NOW, limits=Limits()) is not None
    assert session_of(two.b.engine, token_hash(token), at=NOW, limits=Limits()) is None
    assert "the app" in two.a.page().text


def test_a_setup_link_of_one_is_not_found_at_the_other(two: Two) -> None:
    add_account(two.a.engine, "bob", "Bob", Role.AUDITOR, by=BY, at=NOW)
    link = new_setup_link(two.a.engine, "bob", by=BY, at=NOW)
    here, there, never = (
        two.a.page(f"/setup/{link}"),
        two.b.page(f"/setup/{link}"),
        two.b.page("/setup/made-up"),
    )
    assert here.status_code == 200
    assert there.status_code == never.status_code == 404
    assert there.text == never.text


def test_a_person_of_one_is_a_stranger_at_the_other(two: Two) -> None:
    """Somebody only one of them knows is refused in the same words as a name nobody has."""
    ready_account(two.a.engine, "carl")
    assert two.a.sign_in("carl").status_code == 303
    known, unknown = two.b.sign_in("carl"), two.b.sign_in("nobody")
    assert known.status_code == unknown.status_code == 401


def test_a_code_taken_at_one_takes_nothing_from_the_other(two: Two) -> None:
    """A code opens once in each record: neither knows what the other took."""
    code = two.a.code()
    assert two.a.sign_in(code=code).status_code == 303
    assert two.b.sign_in(code=code).status_code == 303
    two.a.browser.cookies.clear()
    assert two.a.sign_in(code=code).status_code == 401


def test_the_way_to_the_provider_begun_at_one_does_not_end_at_the_other(
    engines: tuple[Engine, Engine],
) -> None:
    for engine in engines:
        add_account(engine, EMAIL, "Ada Able", Role.CLINICIAN, by=BY, at=NOW)
    a, b = (Clinic(engine, record=record_mark(engine)) for engine in engines)
    mark_a, mark_b = map(record_mark, engines)
    told = a.idp.approve(a.leave())
    errand = a.browser.cookies[f"seventy_errand-{mark_a}"]
    for name in (mark_a, mark_b):
        b.browser.cookies.set(f"seventy_errand-{name}", errand)
    refused = b.browser.get(CALLBACK, params=told)
    assert refused.status_code == 401
    assert not b.is_in()
    assert a.come_back(told).status_code == 303
    assert a.is_in()
