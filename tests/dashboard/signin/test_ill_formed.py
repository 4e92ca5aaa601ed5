"""Requests that no page of the way in can take are told so, and are no faults of ours."""

import pytest
from sqlalchemy import Engine

from tests.support.way_in import ORIGIN, WayIn, ready_account


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


@pytest.mark.parametrize("field", ["form_key", "username", "password", "code"])
@pytest.mark.parametrize("given", [b"a+AAA-da", b"+2AA-"], ids=["NUL", "half a character"])
def test_a_form_with_what_is_no_text_opens_nothing_and_is_no_fault(
    engine: Engine, caplog: pytest.LogCaptureFixture, field: str, given: bytes
) -> None:
    ready_account(engine)
    way = WayIn(engine)
    key = way.page("/login").text.partition('name="form_key" value="')[2].partition('"')[0]
    fields = {"form_key": key, "username": "ada", "password": "not this", "code": "123456"}
    sent = {name: text.encode() for name, text in fields.items()} | {field: given}
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), each)
        for name, each in sent.items()
    ]
    kind = {"content-type": "multipart/form-data; boundary=x; charset=utf-7"}
    answered = way.browser.post(
        "/login", content=b"".join([*parts, b"--x--"]), headers={"origin": ORIGIN, **kind}
    )
    assert answered.status_code == (403 if field == "form_key" else 401)
    assert not caplog.records
