"""What is no request at all, which uvicorn answers before the gate sees it, to a real server."""

import pytest

from tests.support.raw_requests import Asked

NO_REQUESTS = {
    "garbage": b"\x16\x03\x01\x02\x00\x01",
    "no version": b"GET /\r\n\r\n",
    "a header with a NUL": b"GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two lengths": b"POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
}


@pytest.mark.parametrize("sent", NO_REQUESTS.values(), ids=NO_REQUESTS.keys())
def test_the_answer_to_what_is_no_request_has_the_headers_of_every_answer(asked: Asked, sent: bytes) -> None:
    first, answer = asked.answers(sent)
    assert first == "HTTP/1.1 400 Bad Request"
    asked.check_headers(answer)
    assert answer["connection"] == "close"
    assert answer.get_payload() == "Invalid HTTP request received."
