"""Attempts to get in that come at once, find no turn, or choose what is guessed first."""

import re
from collections.abc import Callable
from threading import Event, Semaphore, Thread
from typing import Any, Never
from unittest.mock import Mock

import pyotp
import pytest
from sqlalchemy import Engine

from dashboard.signin.places import PROVE
from dashboard.signin.waiting import SignInError
from models.access import passwords
from models.access.roles import Role
from models.access.throttle import ACCOUNT
from models.store.accounts import factors
from models.store.accounts import failures as failures_kept
from models.store.accounts.staff import add_account, new_setup_link
from models.store.engine.database import reading
from models.store.engine.errors import BusyError
from models.store.record.write import save_clinic
from models.tables.facts import ClinicFacts
from tests.support.builders import BY, NOW
from tests.support.way_in import ORIGIN, PASSWORD, WayIn, ready_account

READ_AT_ONCE = ACCOUNT.free + 1


@pytest.fixture(name="way")
def _way(sqlite_engine: Engine) -> WayIn:
    ready_account(sqlite_engine)
    return WayIn(sqlite_engine)


def told(answered: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answered.text).split())


def failures(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM sign_in_failure").scalar_one())


def no_turn(*_: object) -> Never:
    raise passwords.TooBusyError


def test_guesses_that_come_at_once_are_no_more_than_those_that_come_one_by_one(
    sqlite_engine: Engine, way: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = way.door
    being_read, read_on = Semaphore(0), Event()

    def slowly(_stored: str | None, _password: str) -> bool:
        being_read.release()
        return not read_on.wait(10)

    monkeypatch.setattr(passwords, "verify_password", slowly)

    def guess() -> None:
        with pytest.raises(SignInError, match="not right"):
            door.sign_in("ada", "a guess", "000000", address="10.0.0.1", browser="")

    guessing = [Thread(target=guess) for _ in range(READ_AT_ONCE)]
    for thread in guessing:
        thread.start()
    for _ in guessing:
        assert being_read.acquire(timeout=10)
    with pytest.raises(SignInError, match="Too many attempts") as one_too_many:
        door.sign_in("ada", "a guess", "000000", address="10.0.0.2", browser="")
    assert one_too_many.value.wait > 0
    assert not being_read.acquire(timeout=0)
    read_on.set()
    for thread in guessing:
        thread.join(10)
    assert failures(sqlite_engine) == READ_AT_ONCE * len(("account", "address", "everybody"))
    monkeypatch.undo()
    way.clock.forward(seconds=1)
    assert way.sign_in().status_code == 303


def test_an_attempt_that_was_read_makes_nobody_wait(way: WayIn) -> None:
    for _ in range(3 * READ_AT_ONCE):
        assert way.sign_in().status_code == 303
        way.browser.cookies.delete("seventy")
        way.clock.forward(seconds=30)


def test_whom_there_is_no_turn_for_is_told_so_and_keeps_the_user_name(
    sqlite_engine: Engine, way: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "verify_password", no_turn)
    answered = way.sign_in()
    assert (answered.status_code, answered.headers["retry-after"]) == (429, "1")
    assert "Too many people sign in at this moment. Try again in a second." in told(answered)
    assert 'value="ada"' in answered.text
    assert failures(sqlite_engine) == 0


@pytest.mark.parametrize("busy", ["verify_password", "hash_password"])
def test_another_password_that_finds_no_turn_says_so_on_my_account(
    way: WayIn, monkeypatch: pytest.MonkeyPatch, busy: str
) -> None:
    way.sign_in()
    monkeypatch.setattr(passwords, busy, no_turn)
    chosen = {"password": "eight tall mountains", "again": "eight tall mountains"}
    answered = way.post("/account/password", present=PASSWORD, **chosen)
    assert (answered.status_code, answered.headers["retry-after"]) == (429, "1")
    assert "Try again in a second." in told(answered)


def setting_up(way: WayIn) -> Callable[[str], Any]:
    """Sends the form behind a new link with a password."""
    add_account(way.engine, "bo", "Bo Brown", Role.MANAGER, by=BY, at=NOW)
    path = f"/setup/{new_setup_link(way.engine, 'bo', by=BY, at=NOW)}"
    asked = way.page(path).text
    secret = asked.partition('<p class="key"><code>')[2].partition("<")[0]
    sealed = asked.partition('name="sealed" value="')[2].partition('"')[0]
    code = pyotp.TOTP(secret).at(way.clock.now)
    return lambda password: way.post(path, password=password, again=password, sealed=sealed, code=code)


def test_an_account_that_finds_no_turn_is_set_up_a_second_later(
    way: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = setting_up(way)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(passwords, "hash_password", no_turn)
        answered = send("seven wide rivers")
    assert (answered.status_code, answered.headers["retry-after"]) == (429, "1")
    assert "Try again in a second." in told(answered)
    assert send("seven wide rivers").status_code == 200


@pytest.mark.parametrize("trouble", [passwords.TooBusyError, BusyError])
def test_where_a_password_cannot_be_hashed_anew_one_is_in_nonetheless(
    way: WayIn, monkeypatch: pytest.MonkeyPatch, trouble: type[Exception]
) -> None:
    monkeypatch.setattr(passwords, "needs_rehash", lambda _: True)
    monkeypatch.setattr(factors, "hash_anew", Mock(side_effect=trouble))
    assert way.sign_in().status_code == 303
    assert way.page("/").status_code == 200


def test_what_was_done_is_answered_also_where_failures_cannot_be_forgotten(
    way: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures_kept, "forget_failures", Mock(side_effect=BusyError))
    done = setting_up(way)("seven wide rivers")
    assert (done.status_code, "Keep these codes" in told(done)) == (200, True)
    assert way.sign_in().status_code == 303
    way.clock.forward(seconds=30)
    assert way.post(PROVE, password=PASSWORD, code=way.code()).status_code == 303
    assert way.page("/").status_code == 200


def test_a_link_that_is_followed_twice_at_once_is_used_by_the_quicker(
    way: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, hashed = setting_up(way), passwords.hash_password
    quicker: list[int] = []

    def while_another_is_quicker(password: str) -> str:
        if not quicker:
            quicker.append(0)
            quicker[0] = send("eight tall mountains").status_code
        return hashed(password)

    monkeypatch.setattr(passwords, "hash_password", while_another_is_quicker)
    answered = send("seven wide rivers")
    assert (quicker, answered.status_code) == ([200], 404)
    assert "used already or has expired" in told(answered)


def test_a_form_behind_a_link_that_expired_says_so_and_the_link_stays(way: WayIn) -> None:
    add_account(way.engine, "bo", "Bo Brown", Role.MANAGER, by=BY, at=NOW)
    path = f"/setup/{new_setup_link(way.engine, 'bo', by=BY, at=NOW)}"
    answered = way.browser.post(path, data={"password": "seven wide rivers"}, headers={"origin": ORIGIN})
    assert answered.status_code == 403
    assert "The form had expired. Try again." in told(answered)
    assert way.page(path).status_code == 200


@pytest.mark.parametrize("password", ["Riverbend Mill 2026", "riverbendmillclinic!", "M!ll-R!verbend-2026"])
def test_a_password_made_of_the_clinics_name_is_refused(way: WayIn, password: str) -> None:
    save_clinic(way.engine, ClinicFacts(name="Riverbend Mill"), by=BY, at=NOW)
    send = setting_up(way)
    answered = send(password)
    assert answered.status_code == 400
    assert "made of the names of the clinic" in told(answered)
    assert send("seven wide rivers").status_code == 200


@pytest.mark.parametrize("asked", ["//elsewhere.example/", "/%2f%2felsewhere.example", "/claim"])
def test_the_demos_visitor_is_led_to_a_page_of_ours_and_nowhere_else(
    sqlite_engine: Engine, asked: str
) -> None:
    visitor = ready_account(sqlite_engine)
    led = WayIn(sqlite_engine, visitor=visitor.id).page(f"http://127.0.0.1:8501{asked}")
    assert led.status_code == 303
    assert re.match(r"/(?!/)", led.headers["location"])
