"""Signing in, setting an account up, my account: what is let in, what is refused, and in which words."""

import re
from typing import Any

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine

from models.access import passwords
from models.access.roles import Role
from models.store.accounts.factors import credentials_of
from models.store.accounts.staff import add_account, change_account, new_setup_link
from models.store.engine.database import reading
from models.store.trail.audit_check import verify
from models.store.trail.entries import Wanted, entries
from tests.support.builders import BY, NOW
from tests.support.way_in import ORIGIN, PASSWORD, SECRET, WayIn, ready_account

REFUSED = "User name, password or code is not right."


@pytest.fixture(name="way")
def _way(sqlite_engine: Engine) -> WayIn:
    ready_account(sqlite_engine)
    return WayIn(sqlite_engine)


def offered(asked: Any) -> tuple[str, str]:
    """The secret a page shows for the authenticator, and what its form carries of it."""
    secret = asked.text.partition('<p class="key"><code>')[2].partition("<")[0]
    return secret, asked.text.partition('name="sealed" value="')[2].partition('"')[0]


def told(answered: object) -> str:
    return re.sub(r"<[^>]+>", " ", getattr(answered, "text", ""))


def test_with_password_and_code_one_is_in(way: WayIn) -> None:
    answered = way.sign_in()
    assert (answered.status_code, answered.headers["location"]) == (303, "/")
    assert way.page("/login").status_code == 303


@pytest.mark.parametrize(
    "wrong", [{"username": "eve"}, {"password": "another one entirely"}, {"code": "000000"}, {"code": ""}]
)
def test_whatever_is_wrong_the_words_are_the_same(way: WayIn, wrong: dict[str, str]) -> None:
    answered = way.sign_in(**wrong)
    assert answered.status_code == 401
    assert REFUSED in told(answered)
    assert way.page("/").status_code == 303


def test_a_code_lets_in_once(way: WayIn) -> None:
    code = way.code()
    assert way.sign_in(code=code).status_code == 303
    way.browser.cookies.delete("seventy")
    assert way.sign_in(code=code).status_code == 401
    way.clock.forward(seconds=30)
    assert way.sign_in().status_code == 303


def test_a_disabled_account_is_refused_in_the_same_words(way: WayIn, sqlite_engine: Engine) -> None:
    change_account(sqlite_engine, "ada", by=BY, at=NOW, active=False)
    assert REFUSED in told(way.sign_in())


def test_guessing_waits_and_then_the_right_one_gets_in(way: WayIn) -> None:
    for _ in range(5):
        assert way.sign_in(password="not this one either").status_code == 401
    answered = way.sign_in()
    assert answered.status_code == 429
    assert int(answered.headers["retry-after"]) >= 1
    assert "Try again in 1 second." in told(answered)
    way.clock.forward(seconds=1)
    way.sign_in(password="not this one either")
    assert "Try again in 2 seconds." in told(way.sign_in())
    way.clock.forward(seconds=61)
    assert way.sign_in().status_code == 303


def test_what_was_typed_for_a_name_is_not_kept_and_may_hold_anything(
    way: WayIn, sqlite_engine: Engine
) -> None:
    way.sign_in(username="\0my password")
    with reading(sqlite_engine) as connection:
        kept = connection.exec_driver_sql("SELECT bucket FROM sign_in_failure").scalars().all()
    assert len(kept) == 3
    assert not any("password" in bucket or "\0" in bucket for bucket in kept)


def test_a_form_that_was_not_sent_from_our_page_is_refused(way: WayIn) -> None:
    fields = {"username": "ada", "password": PASSWORD, "code": way.code()}
    assert way.browser.post("/login", data=fields, headers={"origin": ORIGIN}).status_code == 403
    assert way.browser.post("/login", data=fields).status_code == 403
    assert (
        way.browser.post("/login", data=fields, headers={"origin": "https://evil.example"}).status_code == 403
    )


def test_a_huge_form_is_refused_unread(way: WayIn) -> None:
    assert way.sign_in(password="x" * 20_000).status_code == 403


def test_signing_out_ends_the_session_for_whoever_kept_the_cookie(way: WayIn) -> None:
    way.sign_in()
    cookie = way.browser.cookies["seventy"]
    answered = way.browser.post("/logout", headers={"origin": ORIGIN})
    assert (answered.status_code, answered.headers["location"]) == (303, "/login?left")
    assert "You are signed out." in way.page("/login?left").text
    assert answered.headers["clear-site-data"] == '"cache", "storage"'
    way.browser.cookies.set("seventy", cookie)
    assert way.page("/").status_code == 303


def test_somebody_new_chooses_a_password_and_gets_codes_that_let_in_once(
    way: WayIn, sqlite_engine: Engine
) -> None:
    add_account(sqlite_engine, "bo", "Bo Brown", Role.MANAGER, by=BY, at=NOW)
    path = f"/setup/{new_setup_link(sqlite_engine, 'bo', by=BY, at=NOW)}"
    asked = way.page(path)
    secret, sealed = offered(asked)
    assert "Welcome, Bo Brown" in told(asked)
    assert "<svg" in asked.text
    chosen = {"password": "seven wide rivers", "again": "seven wide rivers", "sealed": sealed}
    done = way.post(path, **chosen, code=pyotp.TOTP(secret).at(way.clock.now))
    codes = re.findall(r"<li><code>([^<]+)</code>", done.text)
    assert (done.status_code, len(set(codes))) == (200, 10)
    assert "have just typed are used up" in told(done)
    (told_of,) = entries(sqlite_engine, Wanted(action="set up account", by="bo"))
    assert told_of.address == "testclient"
    assert way.page(path).status_code == 404
    assert way.sign_in("bo", chosen["password"], codes[0]).status_code == 303
    way.browser.cookies.delete("seventy")
    assert way.sign_in("bo", chosen["password"], codes[0]).status_code == 401
    assert way.sign_in("BO", chosen["password"], codes[1].lower()).status_code == 303


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "short", "again": "short"}, "12"),
        ({"again": "something else entirely"}, "not the same"),
        ({"code": "000000"}, "code is not right"),
    ],
)
def test_what_has_to_be_chosen_differently_is_said_and_the_link_stays(
    way: WayIn, sqlite_engine: Engine, change: dict[str, str], words: str
) -> None:
    add_account(sqlite_engine, "bo", "Bo Brown", Role.MANAGER, by=BY, at=NOW)
    path = f"/setup/{new_setup_link(sqlite_engine, 'bo', by=BY, at=NOW)}"
    secret, sealed = offered(way.page(path))
    chosen = {"password": "seven wide rivers", "again": "seven wide rivers", "sealed": sealed}
    refused = way.post(path, **{**chosen, "code": pyotp.TOTP(secret).at(way.clock.now), **change})
    assert refused.status_code == 400
    assert words in told(refused)
    assert secret in refused.text
    assert way.page(path).status_code == 200


@pytest.mark.parametrize("planted", ["its own", "altered", "of another link", "of another person", ""])
def test_nobody_brings_the_key_of_an_authenticator_along(
    way: WayIn, sqlite_engine: Engine, planted: str
) -> None:
    for name in ("bo", "eve"):
        add_account(sqlite_engine, name, name.title(), Role.MANAGER, by=BY, at=NOW)
    secret, earlier = offered(way.page(f"/setup/{new_setup_link(sqlite_engine, 'bo', by=BY, at=NOW)}"))
    path = f"/setup/{new_setup_link(sqlite_engine, 'bo', by=BY, at=NOW)}"
    sealed = {"its own": SECRET, "of another link": earlier}.get(planted, "")
    if planted == "altered":
        secret, whole = offered(way.page(path))
        sealed = f"{whole[:20]}{'A' if whole[20] != 'A' else 'B'}{whole[21:]}"
    if planted == "of another person":
        secret, sealed = offered(way.page(f"/setup/{new_setup_link(sqlite_engine, 'eve', by=BY, at=NOW)}"))
    code = pyotp.TOTP(SECRET if planted == "its own" else secret).at(way.clock.now)
    chosen = {"password": "seven wide rivers", "again": "seven wide rivers", "code": code}
    refused = way.post(path, **chosen, sealed=sealed, secret=SECRET)
    assert refused.status_code == 400
    assert "is not the one this page gave" in told(refused)
    assert SECRET not in refused.text
    secret, sealed = offered(refused)
    chosen["code"] = pyotp.TOTP(secret).at(way.clock.now)
    assert way.post(path, **chosen, sealed=sealed).status_code == 200


def test_a_person_sees_where_they_are_signed_in_and_ends_it_there(way: WayIn, sqlite_engine: Engine) -> None:
    way.sign_in()
    elsewhere = WayIn(sqlite_engine)
    elsewhere.clock.forward(seconds=60)
    elsewhere.sign_in()
    way.clock.forward(seconds=60)
    page = way.page("/account")
    assert page.text.count("Sign out there") == 1
    which = re.findall(r'name="which" value="([0-9a-f]{64})"', page.text)
    ended = way.post("/account/end", which=which[0])
    assert "You are signed out there." in way.page(ended.headers["location"]).text
    elsewhere.clock.forward(seconds=2)
    assert elsewhere.page("/").status_code == 303
    assert way.page("/").status_code == 200


def test_nobody_ends_somebody_elses_session(way: WayIn, sqlite_engine: Engine) -> None:
    ready_account(sqlite_engine, "bo")
    other = WayIn(sqlite_engine)
    other.sign_in("bo")
    which = re.findall(r'name="which" value="([^"]+)"', other.page("/account").text)
    way.sign_in()
    for each in [*which, "others"]:
        way.post("/account/end", which=each)
    other.clock.forward(seconds=2)
    assert other.page("/").status_code == 200


def test_another_password_needs_the_present_one_and_signs_out_everywhere(way: WayIn) -> None:
    way.sign_in()
    fields = {"password": "eight tall mountains", "again": "eight tall mountains"}
    refused = way.post("/account/password", present="no", **fields)
    assert "present password is not right" in told(refused)
    assert 'The present password is not right.</p><label for="present">' in refused.text
    done = way.post("/account/password", present=PASSWORD, **fields)
    assert (done.status_code, done.headers["location"]) == (303, "/login?changed")
    assert "Your password is changed" in way.page(done.headers["location"]).text
    assert entries(way.engine, Wanted(action="change password"))[0].address == "testclient"
    way.clock.forward(seconds=31)
    assert way.page("/").status_code == 303
    assert way.sign_in(password="eight tall mountains").status_code == 303


def test_a_password_kept_at_another_cost_is_hashed_anew_at_signing_in(
    way: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stored() -> str:
        found = credentials_of(way.engine, "ada")
        assert found is not None
        return str(found.password_hash)

    old = stored()
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    way.sign_in(password="not this one")
    assert stored() == old
    assert way.sign_in().status_code == 303
    assert "t=2," in stored()
    assert entries(way.engine, Wanted(action="hash password anew"))[0].by == "ada"
    assert verify(way.engine).findings == []
    kept = stored()
    again = WayIn(way.engine)
    again.clock.forward(seconds=31)
    assert again.sign_in().status_code == 303
    assert stored() == kept


def test_a_name_is_shown_as_it_is_and_runs_nothing(way: WayIn, sqlite_engine: Engine) -> None:
    add_account(sqlite_engine, "mallory", "<script>alert(1)</script>", Role.AUDITOR, by=BY, at=NOW)
    page = way.page(f"/setup/{new_setup_link(sqlite_engine, 'mallory', by=BY, at=NOW)}")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<script>" not in page.text


@pytest.mark.parametrize("path", ["/login", "/account/prove", "/account/codes", "/account/authenticator"])
def test_whether_a_form_is_there_is_answered_as_the_form_is(sqlite_engine: Engine, path: str) -> None:
    """Whoever watches whether the server is up asks with HEAD, and was told that a form had expired."""
    ready_account(sqlite_engine)
    way = WayIn(sqlite_engine)
    if path != "/login":
        way.sign_in()
    assert way.browser.head(path, headers={"accept": "text/html"}).status_code == 200


def busy(*_: object) -> None:
    raise passwords.TooBusyError


def test_where_too_many_sign_in_at_once_one_is_told_to_come_again_and_has_not_failed(
    way: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as crowd:
        crowd.setattr(passwords, "verify_password", busy)
        for _ in range(10):
            answered = way.sign_in()
            assert (answered.status_code, answered.headers["retry-after"]) == (429, "1")
            assert "Try again in a second." in told(answered)
    assert way.sign_in().status_code == 303


def test_where_too_many_sign_in_at_once_a_link_still_works_a_second_later(
    way: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_account(way.engine, "bo", "Bo", Role.CLINICIAN, by=BY, at=NOW)
    link = f"/setup/{new_setup_link(way.engine, 'bo', by=BY, at=NOW)}"
    secret, sealed = offered(way.page(link))
    chosen = {"password": PASSWORD, "again": PASSWORD, "sealed": sealed}
    with monkeypatch.context() as crowd:
        crowd.setattr(passwords, "hash_password", busy)
        answered = way.post(link, code=pyotp.TOTP(secret).at(way.clock.now), **chosen)
    assert (answered.status_code, answered.headers["retry-after"]) == (429, "1")
    assert "Try again in a second." in told(answered)
    assert way.post(link, code=pyotp.TOTP(secret).at(way.clock.now), **chosen).status_code == 200
