"""Invented clinics in a test's own record."""

from datetime import date
from typing import Final

from sqlalchemy import Engine

from seed.clinic import invent, write
from tests.support.builders import NOW

TODAY: Final = date(2026, 6, 1)
SEED: Final = 70


def invented(engine: Engine, patients: int) -> Engine:
    """The record with so many invented patients in it, as it stands on the morning of `NOW`."""
    write(engine, invent(patients, SEED, TODAY), NOW)
    return engine
