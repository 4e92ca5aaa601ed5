"""Courses that no count can tell apart, put together: a few thousand cells instead of a million courses.

Of a course in one window only so much matters to any outcome, strategy or gate: why it is left out early,
its history of treatment, whether its induction was completed, whether it is pending, its baseline and the
score that counts. These fit in one whole number; courses with the same one form a cell of `n`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import narwhals as nw

from models.outcomes.counting import at_window
from models.outcomes.engines import Frame
from models.outcomes.estimand import Estimand
from models.outcomes.population import COUNTED, EARLY
from models.outcomes.vocabulary import WindowName

_EARLY: Final = (COUNTED, *map(str, EARLY))
_RESISTANCES: Final = ("resistant", "not_resistant", "unknown")
_MISSING, _PENDING, _OBSERVED = range(3)

_DIGITS: Final[Mapping[str, int]] = {
    "score": 2**11,
    "baseline": 2**11,
    "state": 3,
    "overlaps": 2,
    "recall_differs": 2,
    "completed": 2,
    "resistance": len(_RESISTANCES),
    "early": len(_EARLY),
}
"""The digits of a cell's number, lowest first, and the base of each. Scores are one more than they are: 0 is
no score."""


def cells(outcomes: Frame, estimand: Estimand, windows: Iterable[WindowName]) -> Frame:
    """The cells of each window, named in `window`, with the columns `counting.count` reads."""
    sizes = nw.concat([_sizes(at_window(outcomes, window, estimand), window) for window in windows])
    return sizes.with_columns(_read()).with_columns(_meaning())


def _sizes(courses: Frame, window: WindowName) -> Frame:
    numbered = courses.with_columns(_digits()).select(cell=_number())
    return numbered.group_by("cell").agg(n=nw.len()).with_columns(window=nw.lit(str(window)))


def _digits() -> list[nw.Expr]:
    state = nw.when(nw.col("endpoint").is_null()).then(nw.lit(_MISSING)).otherwise(nw.lit(_OBSERVED))
    pending = nw.col("pending")
    return [
        nw.when(pending).then(nw.lit(_PENDING)).otherwise(state).alias("state"),
        nw.when(pending).then(nw.lit(0)).otherwise(nw.col("score").fill_null(-1) + 1).alias("score"),
        (nw.col("baseline").fill_null(-1) + 1).alias("baseline"),
        _index("resistance", _RESISTANCES),
        _index("early", _EARLY),
    ]


def _number() -> nw.Expr:
    number, worth = nw.lit(0).cast(nw.Int64), 1
    for name, base in _DIGITS.items():
        number = number + nw.col(name).cast(nw.Int64) * worth
        if name != "early":
            worth *= base
    left_out = nw.col("early") > 0  # why a course is left out early is all that matters of it
    return nw.when(left_out).then(nw.col("early").cast(nw.Int64) * worth).otherwise(number)


def _read() -> list[nw.Expr]:
    digits, worth = [], 1
    for name, base in _DIGITS.items():
        whole = nw.col("cell") // worth
        digits.append((whole - whole // base * base).alias(f"_{name}"))
        worth *= base
    return digits


def _meaning() -> list[nw.Expr]:
    score = nw.when(nw.col("_score") > 0).then(nw.col("_score") - 1)
    state = nw.col("_state")
    return [
        score.alias("score"),
        nw.when(state == _OBSERVED).then(nw.col("_score") - 1).alias("endpoint"),
        nw.when(nw.col("_baseline") > 0).then(nw.col("_baseline") - 1).alias("baseline"),
        (state == _PENDING).alias("pending"),
        *((nw.col(f"_{flag}") == 1).alias(flag) for flag in ("overlaps", "recall_differs", "completed")),
        _word("_resistance", _RESISTANCES).alias("resistance"),
        _word("_early", _EARLY).alias("early"),
    ]


def _index(column: str, words: Sequence[str]) -> nw.Expr:
    chain: nw.Expr = nw.lit(0)
    for index, word in enumerate(words[1:], 1):
        chain = nw.when(nw.col(column) == word).then(nw.lit(index)).otherwise(chain)
    return chain.alias(column)


def _word(column: str, words: Sequence[str]) -> nw.Expr:
    chain: nw.Expr = nw.lit(words[0])
    for index, word in enumerate(words[1:], 1):
        chain = nw.when(nw.col(column) == index).then(nw.lit(word)).otherwise(chain)
    return chain
