"""A token is random, travels unescaped, and is known to the record by its hash alone."""

import hashlib
import re

from hypothesis import given
from hypothesis import strategies as st

from models.access.tokens import new_token, token_hash


def test_a_token_carries_256_bits_in_characters_that_need_no_escaping() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", new_token())


def test_no_token_comes_twice() -> None:
    assert len({new_token() for _ in range(1000)}) == 1000


def test_the_hash_is_sha_256_in_hex() -> None:
    assert token_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_a_cookie_holds_has_a_hash(token: str) -> None:
    assert token_hash(token) == hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
    assert len(token_hash(token)) == 64
