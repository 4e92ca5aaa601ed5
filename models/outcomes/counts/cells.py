"""Courses that no count can tell apart, put together: a few thousand cells instead of a million courses.

Of a course in one window only so much matters to any outcome, strategy or gate: why it is left out early,
its history of treatment, whether its induction was completed, its baseline, whether it is pending, and the
score that counts. These fit in one whole number; courses with the same one form a cell of `n`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import narwhals as nw

from models.outcomes.counts.counting import facts_of
from models.outcomes.counts.population import COUNTED, EARLY, early_exclusion, treated
from models.outcomes.derivation.engines import Frame
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import WindowName

_EARLY: Final = (COUNTED, *map(str, EARLY))
_RESISTANCES: Final = ("resistant", "not_resistant", "unknown")
_MISSING, _PENDING, _OBSERVED = range(3)

_OF_WINDOW: Final[Mapping[str, int]] = {"score": 2**11, "state": 3, "overlaps": 2, "recall_differs": 2}
_OF_COURSE: Final[Mapping[str, int]] = {
    "baseline": 2**11,
    "completed": 2,
    "resistance": len(_RESISTANCES),
    "early": len(_EARLY),
}
"""The digits of a cell's number and the base of each, lowest first, those of the window below those of the
course. Scores are one more than they are: 0 is no score."""


def cells(outcomes: Frame, estimand: Estimand, windows: Iterable[WindowName]) -> Frame:
    """The cells of each window, named in `window`, with the columns `counting.count` reads."""
    courses = treated(outcomes, estimand).with_columns(early=early_exclusion(estimand))
    numbered = courses.with_columns(of_course=_of_course())
    sizes = nw.concat([_sizes(numbered, window) for window in windows])
    return sizes.with_columns(_digits()).with_columns(_meaning())


def _sizes(courses: Frame, window: WindowName) -> Frame:
    cell = nw.when(nw.col("early") == COUNTED).then(nw.col("of_course") + _of_window())
    facts = courses.with_columns(facts_of(window)).select(cell=cell.otherwise(nw.col("of_course")))
    return facts.group_by("cell").agg(n=nw.len()).with_columns(window=nw.lit(str(window)))


def _of_course() -> nw.Expr:
    """The digits of the course; why it is left out early is all that matters of one that is."""
    digits = {
        "baseline": nw.col("baseline").fill_null(-1) + 1,
        "completed": nw.col("completed"),
        "resistance": _index("resistance", _RESISTANCES),
    }
    early = _index("early", _EARLY) * _worth("early")
    return nw.when(nw.col("early") == COUNTED).then(_packed(digits)).otherwise(early)


def _of_window() -> nw.Expr:
    """The digits of the window; of a pending one no score counts."""
    state = nw.when(nw.col("endpoint").is_null()).then(nw.lit(_MISSING)).otherwise(nw.lit(_OBSERVED))
    digits = {
        "score": nw.col("score").fill_null(-1) + 1,
        "state": state,
        "overlaps": nw.col("overlaps"),
        "recall_differs": nw.col("recall_differs"),
    }
    pending = nw.lit(_PENDING * _worth("state"), dtype=nw.Int64)
    return nw.when(nw.col("pending")).then(pending).otherwise(_packed(digits))


def _packed(digits: Mapping[str, nw.Expr]) -> nw.Expr:
    (first, lowest), *others = digits.items()
    number = lowest.cast(nw.Int64) * _worth(first)
    for name, digit in others:
        number = number + digit.cast(nw.Int64) * _worth(name)
    return number


def _worth(name: str) -> int:
    """What one step of a digit adds to the number of a cell."""
    worth = 1
    for each, base in {**_OF_WINDOW, **_OF_COURSE}.items():
        if each == name:
            break
        worth *= base
    return worth


def _digits() -> Iterator[nw.Expr]:
    for name, base in {**_OF_WINDOW, **_OF_COURSE}.items():
        whole = nw.col("cell") // _worth(name)
        yield (whole - whole // base * base).alias(f"{name}_digit")


def _meaning() -> list[nw.Expr]:
    score, baseline, state = nw.col("score_digit"), nw.col("baseline_digit"), nw.col("state_digit")
    flags = ("overlaps", "recall_differs", "completed")
    return [
        nw.when(score > 0).then(score - 1).alias("score"),
        nw.when(state == _OBSERVED).then(score - 1).alias("endpoint"),
        nw.when(baseline > 0).then(baseline - 1).alias("baseline"),
        (state == _PENDING).alias("pending"),
        *((nw.col(f"{flag}_digit") == 1).alias(flag) for flag in flags),
        _word("resistance", _RESISTANCES),
        _word("early", _EARLY),
    ]


def _index(column: str, words: Sequence[str]) -> nw.Expr:
    chain: nw.Expr = nw.lit(0)
    for index, word in enumerate(words[1:], 1):
        chain = nw.when(nw.col(column) == word).then(nw.lit(index)).otherwise(chain)
    return chain


def _word(name: str, words: Sequence[str]) -> nw.Expr:
    chain: nw.Expr = nw.lit(words[0])
    for index, word in enumerate(words[1:], 1):
        chain = nw.when(nw.col(f"{name}_digit") == index).then(nw.lit(word)).otherwise(chain)
    return chain.alias(name)
