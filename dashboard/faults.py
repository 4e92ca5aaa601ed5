"""Faults: the log learns where, whoever looks gets a reference, and nobody a name."""

import logging
import secrets
import traceback
from pathlib import Path
from typing import Final

LOG: Final = logging.getLogger("seventy")
AWAY: Final = (
    "The record is busy, or cannot be reached or written. Nothing was changed. If it stays so, "
    "`seventy doctor` says what is wrong."
)
UNSURE: Final = (
    "The record failed just as something was written: it may be done or not. If it stays so, "
    "`seventy doctor` says what is wrong."
)
"""In place of the database's own words, which name what no page is to name; of a save its form tells."""


def noted(fault: BaseException) -> str:
    """Its reference in the log, which tells its kind and place; its own words may name people."""
    reference = secrets.token_hex(2).upper()
    places = [
        f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(fault.__traceback__)
    ]
    LOG.error("%s: %s at %s", reference, type(fault).__name__, " < ".join(reversed(places)))
    return reference
