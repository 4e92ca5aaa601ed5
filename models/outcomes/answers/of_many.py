"""What whoever may not read of single patients is told: rates and counts, and nothing else of a few people.

A question can be asked so narrowly that it counts one person. Their answer about suicide, their baseline and
how far their score moved would then stand there without a name.
"""

from enum import StrEnum
from typing import Final, TypeVar

from models.outcomes.answers.claim import FEWEST_COURSES

Told = TypeVar("Told")

FEWER: Final = f"Withheld: fewer than {FEWEST_COURSES}"


class Withheld(StrEnum):
    """Why something is not told, in words."""

    ANSWERS = f"{FEWER} answered about suicide both before and after."
    CHANGES = f"{FEWER} were scored again."
    MIX = f"{FEWER} were counted."
    BASELINES = f"{FEWER} have a baseline."


def of_many(told: Told, people: int, why: Withheld) -> Told | Withheld:
    """What is told, where it is of enough people for a rate."""
    return why if people < FEWEST_COURSES else told
