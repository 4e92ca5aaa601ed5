"""My account: recovery codes and another authenticator, behind a fresh proof, each code good once."""

import re
from collections import Counter
from typing import Any

import pyotp
import pytest
from sqlalchemy import Engine

from dashboard.signin.mine import AUTHENTICATOR, CODES
from dashboard.signin.places import way_to_prove
from models.access.keys import Keys
from models.access.recovery import hash_code, new_codes
from models.access.tokens import token_hash
from models.store.accounts.factors import make_recovery_codes
from models.store.trail.entries import Wanted, entries
from tests.support.way_in import PASSWORD, SECRET, WayIn, ready_account

CODE = re.compile(r"<li><code>([^<]+)</code>")


@pytest.fixture(name="way")
def _way(sqlite_engine: Engine) -> WayIn:
    """A clinician who has just signed in."""
    ready_account(sqlite_engine)
    way = WayIn(sqlite_engine)
    assert way.sign_in().status_code == 303
    return way


def told(answered: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answered.text).split())


def have(way: WayIn, number: int) -> None:
    """So many recovery codes are left."""
    session = token_hash(way.browser.cookies["seventy"])
    make_recovery_codes(
        way.engine, session, [hash_code(code) for code in new_codes()[:number]], at=way.clock()
    )


def offered(page: Any) -> tuple[str, str]:
    """The secret a page shows, and what its form carries of it."""
    secret = page.text.partition('<p class="key"><code>')[2].partition("<")[0]
    return secret, page.text.partition('name="sealed" value="')[2].partition('"')[0]


def shown_by(secret: str, way: WayIn) -> str:
    return pyotp.TOTP(secret).at(way.clock.now)


@pytest.mark.parametrize(
    ("number", "words", "warned"),
    [
        (0, "No recovery code is left.", True),
        (1, "Only one recovery code is left.", True),
        (3, "Only 3 recovery codes are left.", True),
        (4, "4 are left.", False),
        (10, "10 are left.", False),
    ],
)
def test_it_says_how_many_codes_are_left_and_warns_of_few(
    way: WayIn, number: int, words: str, *, warned: bool
) -> None:
    have(way, number)
    page = way.page("/account")
    assert words in told(page)
    assert ('<p class="wrong">' in page.text) is warned


def test_each_step_of_somebody_is_told_with_where_it_came_from(way: WayIn) -> None:
    codes = CODE.findall(way.post(CODES).text)
    way.browser.cookies.delete("seventy")
    way.sign_in(code=codes[0])
    way.post("/account/end", which="others")
    way.post("/logout")
    done = [entry for entry in entries(way.engine, Wanted(by="ada")) if entry.action != "set up account"]
    assert {"use recovery code": 1, "sign out": 2}.items() <= Counter(entry.action for entry in done).items()
    assert {entry.action: entry.address for entry in done if entry.address != "testclient"} == {}


def test_new_codes_let_in_once_each_and_the_old_ones_no_longer(way: WayIn) -> None:
    first = CODE.findall(way.post(CODES).text)
    assert "10 are left" in told(way.page("/account"))
    second = CODE.findall(way.post(CODES).text)
    assert (len(set(second)), set(first) & set(second)) == (10, set())
    assert [entry.address for entry in entries(way.engine, Wanted(action="make recovery codes"))] == [
        "testclient",
        "testclient",
    ]
    way.browser.cookies.delete("seventy")
    assert way.sign_in(code=first[0]).status_code == 401
    assert way.sign_in(code=second[0]).status_code == 303
    assert "9 are left" in told(way.page("/account"))
    way.browser.cookies.delete("seventy")
    assert way.sign_in(code=second[0]).status_code == 401


def test_asking_for_the_page_makes_no_codes(way: WayIn) -> None:
    have(way, 4)
    page = way.page(CODES)
    assert "You have 4 left." in told(page)
    assert not CODE.findall(page.text)
    assert "4 are left" in told(way.page("/account"))


@pytest.mark.parametrize("path", [CODES, AUTHENTICATOR])
def test_a_proof_is_asked_for_first_and_leads_back_here(way: WayIn, path: str) -> None:
    form = way.page(path).text.partition('name="form_key" value="')[2].partition('"')[0]
    way.clock.forward(minutes=10)
    before = len(entries(way.engine))
    for asked in (
        way.page(path),
        way.browser.post(path, data={"form_key": form}, headers={"origin": way.origin}),
    ):
        assert (asked.status_code, asked.headers["location"]) == (303, way_to_prove(path))
    assert len(entries(way.engine)) == before
    assert '<a href="/account">Back without it</a>' in way.page(way_to_prove(path)).text
    proved = way.post(way_to_prove(path), password=PASSWORD, code=way.code())
    assert (proved.status_code, proved.headers["location"]) == (303, path)
    assert way.page(path).status_code == 200


@pytest.mark.parametrize("path", [CODES, AUTHENTICATOR])
def test_what_was_not_sent_from_our_form_changes_nothing(way: WayIn, path: str) -> None:
    before = len(entries(way.engine))
    refused = way.browser.post(path, data={}, headers={"origin": way.origin})
    assert refused.status_code == 403
    assert "The form had expired" in told(refused)
    assert way.browser.post(path, data={}, headers={"origin": "https://evil.example"}).status_code == 403
    assert len(entries(way.engine)) == before


def test_another_authenticator_takes_the_place_of_the_old_once_it_shows_a_code(way: WayIn) -> None:
    elsewhere = WayIn(way.engine)
    elsewhere.clock.forward(seconds=30)
    elsewhere.sign_in()
    way.clock.forward(seconds=60)
    secret, sealed = offered(way.page(AUTHENTICATOR))
    assert secret != SECRET
    code = shown_by(secret, way)
    done = way.post(AUTHENTICATOR, sealed=sealed, code=code)
    assert (done.status_code, done.headers["location"]) == (303, "/account?changed")
    assert "Your new authenticator is the one that counts" in told(way.page("/account?changed"))
    elsewhere.clock.forward(seconds=60)
    assert elsewhere.page("/").status_code == 303
    assert entries(way.engine, Wanted(action="change authenticator"))[0].address == "testclient"
    assert way.page("/").status_code == 200
    way.browser.cookies.delete("seventy")
    assert way.sign_in(code=code).status_code == 401
    way.clock.forward(seconds=60)
    assert way.sign_in(code=shown_by(SECRET, way)).status_code == 401
    assert way.sign_in(code=shown_by(secret, way)).status_code == 303


def test_a_wrong_code_changes_nothing_and_the_same_key_is_still_offered(way: WayIn) -> None:
    secret, sealed = offered(way.page(AUTHENTICATOR))
    refused = way.post(AUTHENTICATOR, sealed=sealed, code="000000")
    assert refused.status_code == 400
    assert "The code is not right" in told(refused)
    assert offered(refused) == (secret, sealed)
    assert not entries(way.engine, Wanted(action="change authenticator"))
    assert way.post(AUTHENTICATOR, sealed=sealed, code=shown_by(secret, way)).status_code == 303


def test_once_the_clinics_key_was_lost_a_recovery_code_lets_in_to_bring_another_authenticator(
    way: WayIn,
) -> None:
    codes = CODE.findall(way.post(CODES).text)
    way.door.keys = Keys(bytes(32))
    way.browser.cookies.delete("seventy")
    way.clock.forward(seconds=60)
    assert way.sign_in().status_code == 401
    assert way.sign_in(code=codes[0]).status_code == 303
    secret, sealed = offered(way.page(AUTHENTICATOR))
    assert way.post(AUTHENTICATOR, sealed=sealed, code=shown_by(secret, way)).status_code == 303
    way.browser.cookies.delete("seventy")
    way.clock.forward(seconds=60)
    assert way.sign_in(code=shown_by(secret, way)).status_code == 303


@pytest.mark.parametrize("planted", ["its own", "of another session", "of another person", ""])
def test_nobody_brings_the_key_of_another_authenticator_along(way: WayIn, planted: str) -> None:
    secret, sealed = SECRET, {"its own": SECRET}.get(planted, "")
    if planted.startswith("of another"):
        username = "ada" if planted == "of another session" else "eve"
        if username == "eve":
            ready_account(way.engine, "eve")
        other = WayIn(way.engine)
        other.clock.forward(seconds=30)
        assert other.sign_in(username).status_code == 303
        secret, sealed = offered(other.page(AUTHENTICATOR))
    refused = way.post(AUTHENTICATOR, sealed=sealed, code=shown_by(secret, way), secret=SECRET)
    assert refused.status_code == 400
    assert "is not the one this page gave" in told(refused)
    assert secret not in refused.text
    assert not entries(way.engine, Wanted(action="change authenticator"))


@pytest.mark.parametrize("path", [CODES, AUTHENTICATOR])
def test_whoever_signs_in_without_a_code_has_none_to_change(sqlite_engine: Engine, path: str) -> None:
    visitor = ready_account(sqlite_engine, "demo").id
    with sqlite_engine.begin() as connection:
        connection.exec_driver_sql("UPDATE account SET totp_secret = NULL, password_hash = NULL")
    way = WayIn(sqlite_engine, visitor=visitor)
    way.page("/")
    assert "/account/codes" not in way.page("/account").text
    assert way.page(path).status_code == 404
    assert way.browser.post(path, data={}, headers={"origin": way.origin}).status_code == 404


def test_a_present_password_that_is_wrong_is_told_of_whoever_is_signed_in_and_counted(way: WayIn) -> None:
    chosen = {"password": "eight tall mountains", "again": "eight tall mountains"}
    for _ in range(5):
        assert "is not right" in told(way.post("/account/password", present="no", **chosen))
    refused = entries(way.engine, Wanted(action="refuse proof"))
    assert {(each.by, each.address) for each in refused} == {("ada", "testclient")}
    assert len(refused) == 5
    assert entries(way.engine, Wanted(action="refuse sign-in")) == []
    assert "Try again in 1 second." in told(way.post("/account/password", present=PASSWORD, **chosen))
