"""Files on their way in: from whom the gate takes them, and how many at once."""

from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.signin.uploads import Uploads
from models.access.roles import Role
from models.exchange.sheets.archive import MEGABYTE
from tests.support.way_in import ORIGIN, WayIn, ready_account

FILE = "/_stcore/upload_file/page-1/file-1"
OURS = {"origin": ORIGIN}


@pytest.fixture(name="inside")
def _inside(sqlite_engine: Engine) -> WayIn:
    ready_account(sqlite_engine)
    way = WayIn(sqlite_engine)
    assert way.sign_in().status_code == 303
    way.visits.forget("")
    return way


def put(way: WayIn, path: str = FILE, *, size: int | None = None, **headers: str) -> Any:
    told = {} if size is None else {"content-length": str(size)}
    request = way.browser.build_request("PUT", path, content=b"x", headers={**OURS, **headers, **told})
    return way.browser.send(request)


def test_a_file_goes_to_the_app_from_whom_may_import(inside: WayIn) -> None:
    assert put(inside).text.startswith("<html><head></head><body>the app /_stcore/upload_file/page-1/file-1")
    assert inside.browser.delete(FILE, headers=OURS).status_code != 403


def test_nobody_else_sends_one(sqlite_engine: Engine, inside: WayIn) -> None:
    assert put(inside, origin="http://evil.example").status_code == 403
    assert put(WayIn(sqlite_engine)).status_code == 401
    for role in (Role.MANAGER, Role.AUDITOR):
        ready_account(sqlite_engine, role, role)
        other = WayIn(sqlite_engine)
        other.sign_in(role)
        refused = put(other)
        assert (refused.status_code, refused.text) == (403, "Not for your role.")


@pytest.mark.parametrize("method", ["POST", "PATCH", "OPTIONS"])
def test_a_file_is_sent_or_taken_back_and_nothing_else(inside: WayIn, method: str) -> None:
    assert inside.browser.request(method, FILE, headers=OURS).status_code == 403
    assert inside.browser.get(FILE).status_code == 403


def test_one_person_has_so_much_held_and_no_more_until_a_file_is_taken_back(
    sqlite_engine: Engine, inside: WayIn
) -> None:
    inside_put = [put(inside, f"/_stcore/upload_file/page-{n}/f", size=10 * MEGABYTE) for n in range(5)]
    assert {each.status_code for each in inside_put} == {200}
    full = put(inside, size=1)
    assert full.status_code == 413
    assert "Together more than 50 MB" in full.text
    ready_account(sqlite_engine, "bo")
    other = WayIn(sqlite_engine)
    other.sign_in("bo")
    assert put(other).status_code == 200
    inside.browser.delete("/_stcore/upload_file/page-2/f", headers=OURS)
    assert put(inside, size=1).status_code == 200


def test_what_was_refused_leaves_what_is_held_as_it_is(inside: WayIn) -> None:
    pages = [f"/_stcore/upload_file/page-{number}/f" for number in range(5)]
    for page in pages:
        put(inside, page, size=10 * MEGABYTE)
    assert put(inside, pages[0], size=60 * MEGABYTE).status_code == 413
    assert put(inside, size=1).status_code == 413
    assert put(inside, f"{pages[1]}?answered=403", size=1).status_code == 403
    assert put(inside, size=1).status_code == 413
    assert inside.browser.delete(f"{pages[2]}?answered=403", headers=OURS).status_code == 403
    assert put(inside, size=1).status_code == 413
    assert put(inside, pages[3], size=10 * MEGABYTE - 1).status_code == 200
    assert put(inside, size=1).status_code == 200


def test_what_was_sent_to_a_closed_page_is_held_no_more(inside: WayIn) -> None:
    gate = inside.browser.app
    while not hasattr(gate, "uploads"):
        gate = gate.middleware_stack if hasattr(gate, "middleware_stack") else gate.app  # type: ignore[attr-defined]
    closed: set[str] = set()
    gate.uploads = Uploads(lambda page: page not in closed)
    for number in range(5):
        put(inside, f"/_stcore/upload_file/page-{number}/f", size=10 * MEGABYTE)
    assert put(inside, size=1).status_code == 413
    closed.add("page-3")
    assert put(inside, size=1).status_code == 200
