"""Extracts of the canaries, read as whoever is handed one would."""

import csv
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

from models.exchange.deidentified.request import Request
from models.exchange.deidentified.rules import Product
from models.exchange.leaving.part2 import Permitted, permitted
from models.store.record.read import Record
from tests.support.builders import NOW
from tests.support.canaries import FIRST_DOSE, days_of, weight

Rows = list[dict[str, str]]
Written = Callable[..., Path]
AGREEMENT: Final = "DUA-2026-014"


def request_of(product: Product, *, suicide_items: bool = False) -> Request:
    """A product under the agreement it needs."""
    return Request(product, AGREEMENT if product is Product.LIMITED else None, suicide_items)


def leaving(frames: Record) -> Permitted:
    """What of a record may leave on the day on which the tests record."""
    return permitted(frames, NOW.date())


def dice(seed: int) -> Random:
    """Dice that fall alike every time; what leaves a clinic is thrown with the operating system's."""
    return Random(seed)  # noqa: S311


def rows(folder: Path, name: str) -> Rows:
    """The rows of a file."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def contents(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file's name and text."""
    for path in folder.iterdir():
        yield path.name, path.read_text(encoding="utf-8")


def code_of(folder: Path, patient: int) -> str:
    """The code of a canary, known by weight."""
    mine = (row for row in rows(folder, "infusions") if float(row["weight_kg"]) == weight(patient))
    (code,) = {row["patient"] for row in mine}
    return code


def offset(folder: Path, patient: int) -> int:
    """By how many days all dates of a patient were moved; fails if not all by the same."""
    code = code_of(folder, patient)

    def days(name: str, column: str, **only: str) -> list[date]:
        return [
            date.fromisoformat(row[column])
            for row in rows(folder, name)
            if row["patient"] == code and all(row[key] == value for key, value in only.items())
        ]

    moved = [day - FIRST_DOSE for day in days("courses", "started_on")]
    moved += [day - FIRST_DOSE - timedelta(days=4) for day in days("courses", "ended_on")]
    moved += [
        day - FIRST_DOSE - timedelta(days=real)
        for day, real in zip(days("infusions", "given_on"), (0, 3), strict=True)
    ]
    scored = days("assessments", "assessed_on", scale="phq9")
    moved += [
        day - FIRST_DOSE - timedelta(days=real) for day, real in zip(scored, days_of(patient), strict=True)
    ]
    assert len(set(moved)) == 1
    return moved[0].days
