"""What is no request at all, which uvicorn answers before the gate sees it, to a real server."""

import socket
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser

import pytest

from dashboard.signin.answers import HEADERS, NOT_KEPT, STRICT_TRANSPORT
from tests.browser.conftest import Served, serving

PROXIED = "seventy.clinic.example"
EVERY = {name.decode(): value.decode() for name, value in (*HEADERS, NOT_KEPT)}
SECURE = {STRICT_TRANSPORT[0].decode(): STRICT_TRANSPORT[1].decode()}
NO_REQUESTS = {
    "garbage": b"\x16\x03\x01\x02\x00\x01",
    "no version": b"GET /\r\n\r\n",
    "a header with a NUL": b"GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two lengths": b"POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
}


@pytest.fixture(name="clinic", scope="module", params=[None, PROXIED], ids=["here", "behind a proxy"])
def _clinic(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[tuple[Served, dict[str, str]]]:
    with serving(tmp_path_factory.mktemp("clinic"), behind=request.param) as served:
        yield served, EVERY | (SECURE if request.param else {})


def answered(clinic: Served, sent: bytes) -> tuple[bytes, Message]:
    """The first line of the answer and its headers, once the server has closed."""
    port = int(clinic.address.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as asking:
        asking.sendall(sent)
        said = b""
        while part := asking.recv(65_536):
            said += part
    first, _, rest = said.partition(b"\r\n")
    return first, BytesParser().parsebytes(rest)


@pytest.mark.parametrize("sent", NO_REQUESTS.values(), ids=NO_REQUESTS.keys())
def test_the_answer_to_what_is_no_request_has_the_headers_of_every_answer(
    clinic: tuple[Served, dict[str, str]], sent: bytes
) -> None:
    served, expected = clinic
    first, answer = answered(served, sent)
    assert first == b"HTTP/1.1 400 Bad Request"
    assert {name: answer[name] for name in expected} == expected
    assert {*SECURE} & {name.lower() for name in answer} == {*SECURE} & expected.keys()
    assert answer["connection"] == "close"
    assert answer.get_payload() == "Invalid HTTP request received."
