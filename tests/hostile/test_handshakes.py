"""Handshakes no browser should send, to a real server: each is answered at once, and none is let in."""

import socket
import time
from collections.abc import Iterator
from typing import Final

import pytest

from dashboard.signin.handshake import LONGEST_LINE
from tests.browser.conftest import Served, serving

AT_ONCE: Final = 5  # seconds; nobody was answered within a minute
FITS: Final = LONGEST_LINE - len("Cookie: \r\n")
SOCKET: Final = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: streamlit\r\n"
)


@pytest.fixture(name="clinic", scope="module")
def _clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("clinic")) as served:
        yield served


def answered(clinic: Served, path: str, more: str) -> tuple[int, str]:
    """The status and the words of the answer to a request with these headers, once the server has closed."""
    host = clinic.address.partition("//")[2]
    with socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2])), timeout=AT_ONCE) as asking:
        began = time.monotonic()
        head = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n{more}"
        asking.sendall(f"{head}\r\n".encode("latin-1"))
        said = b""
        while part := asking.recv(65_536):
            said += part
    assert time.monotonic() - began < AT_ONCE
    return int(said.split(b" ", 2)[1]), said.partition(b"\r\n\r\n")[2].decode()


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
def test_a_handshake_is_refused_at_once_whatever_it_brings(clinic: Served, more: str, status: int) -> None:
    assert answered(clinic, "/_stcore/stream", SOCKET + more)[0] == status


def test_a_path_too_long_is_refused_at_once(clinic: Served) -> None:
    assert answered(clinic, f"/_stcore/stream?{'x' * 9_000}", SOCKET)[0] == 414


def test_a_page_whose_socket_could_not_open_says_so_instead_of_staying_empty(clinic: Served) -> None:
    close = "Connection: close\r\n"
    fits = answered(clinic, "/login", f"{close}Cookie: {'x' * FITS}\r\n")
    status, words = answered(clinic, "/login", f"{close}Cookie: {'x' * (FITS + 1)}\r\n")
    assert (fits[0], status) == (200, 431)
    assert f"cookie: {LONGEST_LINE + 1:,} bytes, at most {LONGEST_LINE:,}" in words
    assert "Delete this address's cookies" in words
