"""Tokens that stand for a person who has signed in, or who was sent a link to set up their account.

The person keeps the token, the record keeps its hash: whoever reads the record cannot enter with it.
"""

import hashlib
import secrets

_BYTES = 32


def new_token() -> str:
    """256 random bits as 43 characters that a cookie and an address take as they are (A-Z a-z 0-9 - _)."""
    return secrets.token_urlsafe(_BYTES)


def token_hash(token: str) -> str:
    """SHA-256 of the token, 64 hex digits; any text has one, so that a forged cookie is only unknown.

    A fast hash without salt is enough for 256 random bits, and lets the record be searched for it.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
