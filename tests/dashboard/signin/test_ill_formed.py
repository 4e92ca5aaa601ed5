"""Requests that no page of the way in can take are told so, and are no faults of ours."""

import pytest

from tests.support.way_in import ORIGIN, WayIn


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/login"), ("POST", "/healthz"), ("GET", "/logout"), ("POST", "/account")]
)
def test_a_page_asked_otherwise_than_it_answers_says_so_and_is_no_fault(
    inside: WayIn, caplog: pytest.LogCaptureFixture, method: str, path: str
) -> None:
    answered = inside.browser.request(method, path, headers={"origin": ORIGIN})
    assert (answered.status_code, answered.text) == (405, "Method Not Allowed")
    assert not caplog.records


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"a", "multipart/form-data"),
        (
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nabc\r\n--x--',
            "multipart/form-data; boundary=x",
        ),
        (b"a=1&" * 30, "application/x-www-form-urlencoded"),
    ],
    ids=["without its boundary", "a file", "too many fields"],
)
def test_a_form_that_cannot_be_read_is_refused_and_is_no_fault(
    outside: WayIn, caplog: pytest.LogCaptureFixture, content: bytes, kind: str
) -> None:
    headers = {"origin": ORIGIN, "content-type": kind}
    answered = outside.browser.post("/login", content=content, headers=headers)
    assert answered.status_code == 400
    assert not caplog.records
