"""Handshakes no browser should send, to a real server: each is answered at once, and none is let in.

Every refusal carries the headers of every answer (safety, E3), whoever gives it: the gate, Streamlit, or the
reading of the handshake before either.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import Message
from typing import Final

import pytest

from dashboard.signin.handshake import LONGEST_LINE
from models.access.roles import Role
from models.store.accounts.sessions import open_session
from models.store.accounts.staff import accounts, add_account
from models.store.trail.entries import record_mark
from tests.support.builders import BY, NOW
from tests.support.raw_requests import Asked

AT_ONCE: Final = 30  # seconds; nobody was answered within a minute
FITS: Final = LONGEST_LINE - len("Cookie: \r\n")
STREAM: Final = "/_stcore/stream"
SOCKET: Final = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "streamlit",
}


def answered(
    asked: Asked, path: str, headers: Mapping[str, str], more: str = "", *, method: str = "GET"
) -> tuple[int, Message]:
    """The status and the answer to a request with these headers, from our own page unless one says else."""
    lines = {"Host": asked.host, "Origin": asked.origin, **headers}
    began = time.monotonic()
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    first, answer = asked.answers(f"{head}{more}\r\n".encode("latin-1"))
    assert time.monotonic() - began < AT_ONCE
    return int(first.split(" ", 2)[1]), answer


def signed_in(asked: Asked) -> dict[str, str]:
    """The cookie of somebody who is signed in."""
    engine, at = asked.served.engine, datetime.now(UTC)
    known = [each.id for each in accounts(engine) if each.username == "ada"]
    account = known[0] if known else add_account(engine, "ada", "Ada", Role.CLINICIAN, by=BY, at=NOW).id
    token = open_session(engine, account, proved_by="test", address="127.0.0.1", browser="a test", at=at)
    return {"Cookie": f"{'__Host-' if asked.proxy else ''}seventy-{record_mark(engine)}={token}"}


@pytest.mark.parametrize(
    ("more", "status"),
    [
        (f"Cookie: {'x' * FITS}\r\n", 403),
        (f"Cookie: {'x' * (FITS + 1)}\r\n", 431),
        (f"Cookie: {'x' * 60_000}\r\n", 431),
        (f"X-Other: {'x' * 9_000}\r\n", 431),
        ("X-Other: x\r\n" * 200, 431),
    ],
    ids=["longest", "one more", "much more", "another header", "many headers"],
)
def test_a_handshake_is_refused_at_once_whatever_it_brings(asked: Asked, more: str, status: int) -> None:
    given, answer = answered(asked, STREAM, SOCKET, more)
    assert given == status
    asked.check_headers(answer)


@pytest.mark.parametrize(
    "headers",
    [{}, {"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}],
    ids=["no session", "another host", "another origin", "no origin"],
)
def test_the_gates_refusal_has_the_headers_of_every_answer(asked: Asked, headers: dict[str, str]) -> None:
    who = signed_in(asked) if headers else {}
    status, answer = answered(asked, STREAM, SOCKET | who | headers)
    assert status == 403
    asked.check_headers(answer)


def test_the_apps_refusal_has_the_headers_of_every_answer(asked: Asked) -> None:
    status, answer = answered(asked, "/_stcore/elsewhere", SOCKET | signed_in(asked))
    assert status == 403
    asked.check_headers(answer)


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {"Sec-WebSocket-Version": "12"}, 400),
        ("GET", {"Sec-WebSocket-Key": "short"}, 400),
        ("POST", {}, 405),
        ("GET", {"upgrade": "websocket"}, 426),
        ("GET", {"Content-Length": "1"}, 400),
    ],
    ids=["another version", "no key", "another method", "upgraded twice", "a body"],
)
def test_what_is_no_handshake_has_the_headers_of_every_answer(
    asked: Asked, method: str, headers: dict[str, str], status: int
) -> None:
    given, answer = answered(asked, STREAM, SOCKET | headers, method=method)
    assert given == status
    asked.check_headers(answer)


def test_a_path_too_long_is_refused_at_once(asked: Asked) -> None:
    status, answer = answered(asked, f"{STREAM}?{'x' * 9_000}", SOCKET)
    assert status == 414
    asked.check_headers(answer)


def test_a_page_whose_socket_could_not_open_says_so_instead_of_staying_empty(asked: Asked) -> None:
    close = {"Connection": "close"}
    fits, _ = answered(asked, "/login", close | {"Cookie": "x" * FITS})
    status, answer = answered(asked, "/login", close | {"Cookie": "x" * (FITS + 1)})
    assert (fits, status) == (200, 431)
    asked.check_headers(answer)
    words = str(answer.get_payload())
    assert f"cookie: {LONGEST_LINE + 1:,} bytes, at most {LONGEST_LINE:,}" in words
    assert "Delete this address's cookies" in words
