"""Ten codes on paper: random, read in any hand, kept as hashes."""

import re

import pytest
from argon2.exceptions import InvalidHashError
from hypothesis import given
from hypothesis import strategies as st

from models.access.recovery import hash_code, matches, new_codes

CODE = "7KQ2-M0XD-91RV-A4HN"
STORED = hash_code(CODE)


def test_there_are_ten_codes_of_80_bits_in_groups_without_lookalikes() -> None:
    codes = new_codes()
    assert len(set(codes)) == 10
    for code in codes:
        assert re.fullmatch(
            r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code
        )  # 32 characters: 5 bits each


def test_every_character_of_the_alphabet_is_used() -> None:
    assert len({character for _ in range(30) for code in new_codes() for character in code} - {"-"}) == 32


def test_each_code_opens_by_its_own_hash_only() -> None:
    first, second, *_ = new_codes()
    assert matches(hash_code(first), first)
    assert not matches(hash_code(first), second)


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        CODE.replace("-", ""),
        CODE.replace("-", " "),
        f"  {CODE.replace('-', ' – ')}\n",
        CODE.replace("0", "o").replace("1", "l"),
        CODE.replace("0", "O").replace("1", "I"),
    ],
)
def test_capitals_dashes_spaces_and_lookalikes_do_not_matter(typed: str) -> None:
    assert matches(STORED, typed)


@pytest.mark.parametrize(
    "typed",
    ["", CODE[:-1], f"{CODE}A", CODE.replace("K", "U"), CODE.replace("7", "٧"), STORED],
    ids=["nothing", "too short", "too long", "another letter", "another digit", "the hash"],
)
def test_what_is_not_a_code_opens_nothing_and_has_no_hash(typed: str) -> None:
    assert not matches(STORED, typed)
    with pytest.raises(ValueError, match="16 letters and digits"):
        hash_code(typed)


@given(st.text(max_size=40))
def test_no_other_text_opens(typed: str) -> None:
    assert not matches(STORED, typed)


def test_the_hash_is_salted_argon2id_and_holds_nothing_of_the_code() -> None:
    assert STORED.startswith("$argon2id$")
    assert hash_code(CODE) != STORED
    assert CODE.replace("-", "") not in STORED


def test_a_stored_text_that_is_no_hash_is_an_error_and_not_a_wrong_code() -> None:
    with pytest.raises(InvalidHashError):
        matches("7KQ2", CODE)
