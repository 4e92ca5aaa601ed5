"""Whoever guesses at an account makes its owner wait, but not where the owner got in before."""

from typing import Any

import pyotp
import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from dashboard.signin.address import Address
from dashboard.signin.known import LASTS, MOST, KnownBrowsers
from dashboard.signin.waiting import EVERYBODY, Buckets, network_of
from models.access.keys import Keys
from models.access.throttle import ACCOUNT
from models.store.accounts.failures import failures, note_failure
from models.store.accounts.staff import new_setup_link
from tests.support.builders import BY, NOW
from tests.support.way_in import KEYS, PASSWORD, Clock, WayIn, ready_account

MANY = ACCOUNT.many or 0
STRANGER = "203.0.113.9"
NOTES = "seventy_known"


@pytest.fixture(name="way")
def _way(sqlite_engine: Engine) -> WayIn:
    """A browser Ada got in with, and left."""
    ready_account(sqlite_engine)
    way = WayIn(sqlite_engine)
    assert way.sign_in().status_code == 303
    way.browser.cookies.delete("seventy")
    way.clock.forward(minutes=1)
    return way


def guessed_at(way: WayIn, username: str = "ada", times: int = MANY) -> None:
    """A stranger was wrong so often, just now."""
    for _ in range(times):
        note_failure(way.engine, Buckets.of(username, STRANGER, None).counts, at=way.clock.now)


def another_browser(way: WayIn) -> WayIn:
    """The same server, asked by a browser that knows nothing."""
    way.browser = TestClient(way.browser.app, base_url=way.origin, follow_redirects=False)
    return way


def test_no_stranger_keeps_anybody_out_of_a_browser_they_got_in_with(way: WayIn) -> None:
    guessed_at(way)
    assert way.sign_in().status_code == 303


def test_elsewhere_whoever_comes_waits_and_gets_in_after_it(way: WayIn) -> None:
    guessed_at(way)
    assert another_browser(way).sign_in().status_code == 429
    way.clock.forward(seconds=ACCOUNT.many_seconds)
    assert way.sign_in().status_code == 303


def test_a_note_is_of_one_person_and_lifts_nobody_elses_wait(way: WayIn) -> None:
    ready_account(way.engine, "bo")
    guessed_at(way, "bo")
    assert way.sign_in("bo").status_code == 429
    assert way.sign_in("ADA").status_code == 303


def test_guesses_in_a_browser_that_is_known_wait_for_one_another_and_count_for_strangers_too(
    way: WayIn,
) -> None:
    for _ in range(ACCOUNT.free + 1):
        assert way.sign_in(password="a guess", code="000000").status_code == 401
    assert way.sign_in().status_code == 429
    shared = Buckets.of("ada", STRANGER, None).waits[0]
    assert len(failures(way.engine, shared, since=NOW)) == ACCOUNT.free + 1
    way.clock.forward(seconds=1)
    assert way.sign_in().status_code == 303
    assert failures(way.engine, shared, since=NOW) == []


def test_a_proof_and_another_password_wait_for_no_stranger_either(way: WayIn) -> None:
    way.sign_in()
    way.clock.forward(minutes=1)
    guessed_at(way)
    assert way.post("/account/prove", password=PASSWORD, code=way.code()).status_code == 303
    another = "seven green umbrellas drift"
    changed = way.post("/account/password", present=PASSWORD, password=another, again=another)
    assert changed.headers["location"] == "/login?changed"


def test_a_note_lasts_as_long_as_failures_are_remembered(way: WayIn) -> None:
    way.clock.forward(seconds=LASTS.total_seconds())
    guessed_at(way)
    assert way.sign_in().status_code == 429


def test_whoever_got_a_new_link_is_kept_out_by_no_guess_at_what_they_had(way: WayIn) -> None:
    guessed_at(way)
    token = new_setup_link(way.engine, "ada", by=BY, at=way.clock.now)
    here = f"/setup/{token}"
    asked = another_browser(way).page(here).text
    sealed = asked.partition('name="sealed" value="')[2].partition('"')[0]
    secret = KEYS.open("cookies", sealed, _offered(way, token)).decode()
    code = pyotp.TOTP(secret).at(way.clock.now)
    way.post(here, sealed=sealed, password=PASSWORD, again=PASSWORD, code=code)
    assert NOTES in way.browser.cookies
    way.clock.forward(minutes=1)
    another_browser(way)
    assert way.sign_in(code=pyotp.TOTP(secret).at(way.clock.now)).status_code == 303


def _offered(way: WayIn, token: str) -> str:
    from dashboard.signin.door import _offered_to  # noqa: PLC0415

    account = way.door.account_of_link(token)
    assert account is not None
    return _offered_to(token, account)


def test_of_the_people_who_share_a_browser_the_last_eight_are_known() -> None:
    browsers, notes = KnownBrowsers(KEYS, Clock()), ""
    people = [f"person{number}" for number in range(MOST + 1)]
    for name in (*people, people[-1]):
        notes = browsers.noted(notes, name)
    assert [bool(browsers.known(notes, name)) for name in people] == [False, *[True] * MOST]
    assert len(notes) < 1_000


@pytest.mark.parametrize("notes", ["", "~", "v1.", "made up", "~" * 4_000, "ü"])
def test_what_is_no_note_is_none(notes: str) -> None:
    assert KnownBrowsers(KEYS, Clock()).known(notes, "ada") is None


def test_a_note_of_another_clinic_is_none() -> None:
    theirs = KnownBrowsers(Keys(bytes(32)), Clock()).noted("", "ada")
    assert KnownBrowsers(KEYS, Clock()).known(theirs, "ada") is None


def test_a_note_tells_nobody_and_no_script_reads_it(sqlite_engine: Engine) -> None:
    ready_account(sqlite_engine)
    way = WayIn(sqlite_engine, address=Address.behind("https://seventy.clinic.example"))
    given: Any = way.sign_in().headers.get_list("set-cookie")
    (cookie,) = [each for each in given if each.startswith(f"__Host-{NOTES}=")]
    for attribute in ("HttpOnly", "Secure", "Path=/", "SameSite=strict", "Max-Age=2592000"):
        assert attribute in cookie
    assert "ada" not in cookie.partition(";")[0]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::1"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_of_ipv6_a_whole_network_waits_as_one_address(address: str, network: str) -> None:
    assert network_of(address) == network
    assert Buckets.of("ada", address, None).waits[1:] == (f"address {network}", EVERYBODY)
