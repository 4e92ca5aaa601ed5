"""What is guessed first is recognised, and a password that is merely odd is left alone."""

from importlib.resources import files
from itertools import cycle, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.access.predictable import is_a_block_repeated, is_a_run, is_common, is_made_of

NAMES = ("Harbour Ketamine Clinic", "anna.berg@example.org", "Zoë")
LINES = (files("models.access") / "blocklist.txt").read_text(encoding="utf-8").splitlines()
COMMON = [line for line in LINES if not line.startswith("#")]
ODD = [
    "my ketamine horse battery",
    "839144710925",
    "2026-11-23-09-00",
    "Zq7!vK2#mX9p",
    "пароль длинный 2",
    "🐎🐄🐖🐑🐐🐓🐕🐈🦆🦢🦉🐝",
]


def test_the_list_says_its_origin_and_holds_each_password_once_in_small_letters_and_in_order() -> None:
    assert any("Origin" in line for line in LINES if line.startswith("#"))
    assert sorted({line.casefold().strip() for line in COMMON}) == COMMON
    assert sum(len(line) >= 12 for line in COMMON) >= 300


@given(st.sampled_from(COMMON), st.text("0123456789 !?.-_#", max_size=8))
def test_a_common_password_is_common_with_capitals_digits_and_signs_added(password: str, added: str) -> None:
    assert is_common(password.upper())
    letters = "".join(one for one in password if one.isalpha())
    if letters in COMMON:
        assert is_common(password.title() + added)


@pytest.mark.parametrize(
    "password", ["P@ssw0rd1234", "c0rrect h0rse b4ttery st4ple", "Dr4g0n!!!!!!!", "１ＱＡＺ2wsx3edc"]
)
def test_a_disguised_common_password_is_common(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        *("123456789012", "098765432109", "abcdefghijkl", "ZYXWVUTSRQPO", "абвгдежзиклм", "000000000000"),
        *("aaaabbbbcccc", "abcd1234efgh", "qwertyuiop12", "Asdfghjkl123", "1234qwerasdfzxcv", "poiuytrewq09"),
        *("1q2w3e4r5t6y7u", "qwertzuiop789", "йцукенгшщзхъ", "1111222233334444"),
    ],
)
def test_a_run_is_recognised(password: str) -> None:
    assert is_a_run(password)


@given(st.text("aBxYéЖ059 !🐎", min_size=1, max_size=8), st.integers(2, 30), st.integers(0, 7))
def test_a_block_over_and_over_is_recognised(block: str, times: int, more: int) -> None:
    password = "".join(islice(cycle(block), times * len(block) + more % len(block)))
    assert is_a_block_repeated(password)
    assert is_a_block_repeated(password.swapcase())


@pytest.mark.parametrize(
    "password",
    [
        *("ketamine2024!", "Seventy-Ketamine-70", "S3v3nty K3tamin3", "Harbour Clinic 1", "harbourharbour"),
        *(
            "annaberg2024!!",
            "Berg, Anna 1984",
            "HarbourKetamineClinic",
            "anna.berg@example.org",
            "Zoe\u0308 2026 2026",
        ),
    ],
)
def test_names_with_digits_and_signs_are_recognised(password: str) -> None:
    assert is_made_of(password, NAMES)


@pytest.mark.parametrize("password", ODD)
def test_a_password_that_is_merely_odd_is_left_alone(password: str) -> None:
    assert not is_common(password)
    assert not is_a_run(password)
    assert not is_a_block_repeated(password)
    assert not is_made_of(password, NAMES)


def test_names_that_are_empty_or_very_short_forbid_nothing() -> None:
    assert not is_made_of("jo jo 1 a sea", ["", "  ", "Jo", "a", "1234"])
    assert not is_made_of("839144710925", [""])


def test_overlapping_names_are_found_at_once_however_long_the_password() -> None:
    assert not is_made_of("ana" * 80 + "x", ["ana", "anaana", "anaanaana", "aan", "naa"])
    assert is_made_of("ana" * 80, ["ana", "anaana"])
