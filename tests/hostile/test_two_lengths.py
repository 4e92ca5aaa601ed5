"""Requests that say twice, and differently, how long they are: refused before anything is read of them."""

import pytest

from tests.support.raw_requests import Asked


@pytest.mark.parametrize("path", ["/login", "/setup/x", "/auth/oidc/backchannel"])
def test_a_short_length_lets_no_long_form_in(asked: Asked, path: str) -> None:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {asked.host}\r\nOrigin: {asked.origin}\r\nConnection: close\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    first, answer = asked.answers(head.encode() + b"5\r\na=b&c\r\n0\r\n\r\n")
    assert first == "HTTP/1.1 400 Bad Request"
    asked.check_headers(answer)
    assert "how long it is" in str(answer.get_payload())
