"""Invented people: names from many places, dealt like cards so that few share one."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from seed.arrays import Dice, Flags, happens, pick
from seed.columns import dates, words

FIRST_NUMBER: Final = 1001
SEXES: Final = {"female": 0.59, "male": 0.40, "other": 0.01}
FROM_ANOTHER_GROUP: Final = 0.12
"""So many have a given name from elsewhere than their family name."""
YEAR_DAYS: Final = 365.25
YOUNGEST, COMMONEST, OLDEST = 19, 41, 79


def invent_people(count: int, dice: Dice, monday: int) -> pl.DataFrame:
    """So many people, one a row, in the order of their numbers: mrn, names, birth date, sex."""
    groups = list(_name_groups().values())
    family_group = pick((group["share"] for group in groups), count, dice)
    elsewhere = happens(FROM_ANOTHER_GROUP, count, dice)
    given_group = np.where(elsewhere, dice.integers(len(groups), size=count), family_group)
    sex = pick(SEXES.values(), count, dice)
    woman_s_name = np.where(sex == list(SEXES).index("other"), happens(0.5, count, dice), sex == 0).astype(
        bool
    )

    family, given = np.empty(count, dtype=object), np.empty(count, dtype=object)
    for number, group in enumerate(groups):
        here = given_group == number
        _deal(family, family_group == number, group["family"], dice)
        _deal(given, here & woman_s_name, group["female"], dice)
        _deal(given, here & ~woman_s_name, group["male"], dice)
    age_days = YEAR_DAYS * dice.triangular(YOUNGEST, COMMONEST, OLDEST, size=count)
    return pl.DataFrame(
        {
            "mrn": [str(FIRST_NUMBER + number) for number in range(count)],
            "given_name": pl.Series(given, dtype=pl.String),
            "family_name": pl.Series(family, dtype=pl.String),
            "birth_date": dates(monday - age_days.astype(np.int64)),
            "sex": words(SEXES, sex),
        }
    )


def _deal(to: NDArray[np.object_], where: Flags, names: list[str], dice: Dice) -> None:
    """Give the chosen rows names from a shuffled deck, shuffled anew whenever it runs out."""
    wanted = int(where.sum())
    rounds = -(-wanted // len(names))
    deck = np.array(names * rounds, dtype=object).reshape(rounds, len(names))
    to[where] = dice.permuted(deck, axis=1).ravel()[:wanted]


@cache
def _name_groups() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("names.toml").read_text("utf-8"))
