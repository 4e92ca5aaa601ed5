"""Passwords: length and not being guessed first are all that is asked; kept as Argon2id, checked in turn."""

from threading import Event, Thread
from unicodedata import normalize

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError
from hypothesis import given
from hypothesis import strategies as st

from models.access import passwords
from models.access.passwords import (
    PasswordError,
    TooBusyError,
    check_password,
    hash_password,
    needs_rehash,
    verify_password,
)

NAMES = ("Harbour Clinic", "anna.berg")
UNGUESSED = "Zq7!vK2#mX9p"
CHOSEN = "Zoë läuft 🐎 täglich "


@pytest.fixture(scope="module")
def stored() -> str:
    return hash_password(CHOSEN)


def test_twelve_characters_with_a_second_factor_and_fifteen_without() -> None:
    assert check_password(UNGUESSED, about=NAMES, second_factor=True) == UNGUESSED
    assert check_password(f"{UNGUESSED} fg", about=NAMES, second_factor=False) == f"{UNGUESSED} fg"
    with pytest.raises(PasswordError, match="12 to 256 characters, of any kind, spaces too; got 11"):
        check_password(UNGUESSED[:-1], about=NAMES, second_factor=True)
    with pytest.raises(PasswordError, match=r"15 to 256 .* got 14"):
        check_password(f"{UNGUESSED} f", about=NAMES, second_factor=False)


def test_256_characters_and_no_more() -> None:
    longest = UNGUESSED + "ä" * 244
    assert check_password(longest, about=NAMES, second_factor=True) == longest
    for longer in (longest + "ä", longest[:-1] + "ﷺ", "ä" * 1_000_000):
        with pytest.raises(PasswordError, match="to 256 characters"):
            check_password(longer, about=NAMES, second_factor=True)


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_character_may_follow_and_is_kept_as_it_is_once_normalised(more: str) -> None:
    password = UNGUESSED + more
    kept = normalize("NFKC", password)
    if len(kept) <= 256:
        assert check_password(password, about=NAMES, second_factor=True) == kept
        assert check_password(kept, about=NAMES, second_factor=True) == kept


def test_one_character_that_stands_for_many_counts_as_one() -> None:
    with pytest.raises(PasswordError, match=r"got 1$"):
        check_password("ﷺ", about=NAMES, second_factor=True)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("P@ssw0rd123456!", "tried first"),
        ("correct horse battery staple", "tried first"),
        ("1234567890123456", "runs along"),
        ("xk3!xk3!xk3!xk3!", "repeats itself"),
        ("Seventy ketamine 70", "names of the clinic, the person or the product"),
        ("Anna.Berg.1984.02.29", "names of the clinic, the person or the product"),
        ("Harbour Clinic 2026!", "names of the clinic, the person or the product"),
    ],
)
def test_what_is_guessed_first_is_refused_in_words_that_do_not_repeat_it(password: str, why: str) -> None:
    for second_factor in (True, False):
        with pytest.raises(PasswordError, match=why) as error:
            check_password(password, about=NAMES, second_factor=second_factor)
        assert password not in str(error.value)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(PasswordError, match="half of a character"):
        check_password(f"{UNGUESSED}\ud83d", about=NAMES, second_factor=True)
    with pytest.raises(PasswordError, match="half of a character"):
        hash_password("\ud83d")


def test_a_password_opens_its_own_hash_however_its_accents_are_typed(stored: str) -> None:
    assert verify_password(stored, normalize("NFD", CHOSEN))


def test_nothing_is_cut_off_a_password(stored: str) -> None:
    assert not verify_password(stored, CHOSEN.strip())


def test_the_hash_is_argon2id_at_64_mib_3_passes_and_4_lanes(stored: str) -> None:
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert not needs_rehash(stored)
    assert needs_rehash(PasswordHasher(memory_cost=1024, time_cost=1, parallelism=1).hash("x"))


def test_an_unknown_account_is_checked_against_a_hash_of_the_same_costs(
    stored: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = []

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002 - its name in argon2
            checked.append(extract_parameters(str(hash)))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_HASHER", Watched())
    assert not verify_password(None, CHOSEN)
    assert checked == [extract_parameters(stored)]


def test_too_long_a_password_or_half_a_character_is_wrong_for_every_account(stored: str) -> None:
    for password in ("x" * 257, "\ud83d"):
        assert verify_password(stored, password) is verify_password(None, password) is False


def test_a_stored_text_that_is_no_hash_is_an_error_and_not_a_wrong_password() -> None:
    with pytest.raises(InvalidHashError):
        verify_password("plain", CHOSEN)


def test_two_hash_at_once_others_wait_and_those_beyond_are_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = passwords._Turns(at_once=2, waiting=1)
    monkeypatch.setattr(passwords, "_TURNS", turns)
    inside, leave = [Event(), Event(), Event()], Event()

    def take(event: Event) -> None:
        with turns.turn():
            event.set()
            leave.wait(60)

    threads = [Thread(target=take, args=(event,)) for event in inside]
    for thread in threads[:2]:
        thread.start()
    assert inside[0].wait(60)
    assert inside[1].wait(60)
    threads[2].start()
    while turns._room._value:  # until the third has come to wait
        leave.wait(0.001)
    assert not inside[2].wait(0.2)
    for one_too_many in (lambda: hash_password(CHOSEN), lambda: verify_password(None, CHOSEN)):
        with pytest.raises(TooBusyError, match="Try again in a second"):
            one_too_many()
    leave.set()
    for thread in threads:
        thread.join(60)
    assert inside[2].is_set()
    with turns.turn():
        pass
