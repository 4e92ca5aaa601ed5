"""Codes on paper for whoever lost their authenticator app: ten, each good once.

The alphabet is Crockford's base32: digits and letters without i, l, o and u, so that a code read from paper
in any hand comes back.
"""

import re
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

_COUNT = 10
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHARACTERS = 16  # of 5 bits: 80
_GROUP = 4
_LOOKALIKES = str.maketrans("OIL", "011")
_CODE = re.compile(f"[{_ALPHABET}]{{{_CHARACTERS}}}", re.ASCII)

# 1 MiB and one pass take 1 ms, where a password takes 64 MiB and 100 ms: 80 random bits are not found by
# trying at any speed, so the hash has only to keep codes out of the record; and what a person types is tried
# against all ten.
_HASHER = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


def new_codes() -> list[str]:
    """Ten codes of 80 random bits, in four groups of four: "7KQ2-M0XD-9TRV-A4HN"."""
    return [_new_code() for _ in range(_COUNT)]


def hash_code(code: str) -> str:
    """What the record keeps of a code: Argon2id with a salt of its own.

    Raises `ValueError` for what is not a code, however it is typed.
    """
    plain = _plain(code)
    if plain is None:
        raise ValueError(f"a recovery code has {_CHARACTERS} letters and digits, none of them u")
    return _HASHER.hash(plain)


def matches(stored: str, typed: str) -> bool:
    """Whether `typed` is the code that `stored` is the hash of.

    Capitals, spaces and dashes do not matter; o is read as 0, and i and l as 1. What is not a code is
    answered without hashing. Raises argon2's `InvalidHashError` when `stored` is no hash.
    """
    plain = _plain(typed)
    if plain is None:
        return False
    try:
        return _HASHER.verify(stored, plain)
    except VerifyMismatchError:
        return False


def _new_code() -> str:
    characters = "".join(secrets.choice(_ALPHABET) for _ in range(_CHARACTERS))
    return "-".join(characters[start : start + _GROUP] for start in range(0, _CHARACTERS, _GROUP))


def _plain(typed: str) -> str | None:
    plain = re.sub(r"[\s–-]", "", typed).upper().translate(_LOOKALIKES)
    return plain if _CODE.fullmatch(plain) else None
