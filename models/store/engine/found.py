"""What a look at the record and the place where it is kept finds."""

from typing import NamedTuple


class Examined(NamedTuple):
    """One thing looked at: whether it is fine, what it is like, and what to do if it is not."""

    about: str
    fine: bool
    says: str
    do: str | None = None
