"""One record counted every way there is: for the specification curve, and for the stairs to a question.

`specifications.counts` has counted each population once; every way here is arithmetic on those counts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Final, NamedTuple

from models.outcomes.counts.counting import Counted
from models.outcomes.proportions.rates import Rate, wilson
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Missing, Outcome, Warn, WindowName

FEWEST_BEHIND_A_DOT: Final = 5
"""A way that rests on fewer courses is drawn hollow (clinical specification §3.7)."""

STRATEGIES: Final = tuple(each for each in Missing if each is not Missing.WORST_CASE)
"""For a benefit the worst case counts the unseen as `non_responder` does: one way, not two."""

Counts = Sequence[tuple[Estimand, Counted]]
"""What `specifications.counts` gives."""


class Way(NamedTuple):
    """One way to count: the question, its rate, and what a reader must be told of it."""

    estimand: Estimand
    rate: Rate
    overlaps: bool

    @property
    def is_hollow(self) -> bool:
        """Whether it rests on too few, or on scores that ask about days before treatment."""
        return self.rate.denominator < FEWEST_BEHIND_A_DOT or self.overlaps


class Step(StrEnum):
    """What a stair changes in the way of counting, from the most flattering on."""

    FLATTERING = "flattering"
    GATE = "gate"
    SEEN = "seen"
    EVERYONE = "everyone"
    WINDOW = "window"
    REMISSION = "remission"


class Stair(NamedTuple):
    """A step, the question it leads to, and the rate there."""

    step: Step
    estimand: Estimand
    rate: Rate


def ways(counts: Counts) -> list[Way]:
    """Every way of counting a benefit in which anybody is counted, from the lowest rate to the highest.

    Harm has no claim to reach and is left out. Equal rates stand in the order of the vocabulary.
    """
    every = (
        _way(estimand, counted, missing)
        for estimand, counted in counts
        if not estimand.outcome.is_harm
        for missing in STRATEGIES
    )
    return sorted((way for way in every if way.rate.denominator), key=lambda way: way.rate.ratio or 0.0)


def reaching(counted: Iterable[Way], claimed: float) -> int:
    """How many of the ways come to the claimed rate or above: a description, never a test."""
    return sum(way.rate.ratio is not None and way.rate.ratio >= claimed for way in counted)


def staircase(counts: Counts, estimand: Estimand) -> list[Stair]:
    """Why the number changes: from the most flattering way of counting to the most honest, a step at a time.

    Completers at the end of induction with any baseline, then the question's baseline gate, then all who were
    scored, then everyone who started, then the question's own window, then remission in it. A step that the
    question does not take is left out. Clinical specification §3.6, whose cohort gives 12/14, 10/12, 10/14,
    10/18, 4/18, 3/18.
    """
    found = {_key(each): counted for each, counted in counts}
    stairs = []
    for step, asked in _steps(estimand):
        counted = found.get(_key(asked))
        if counted is not None and asked.outcome in counted.tallies:
            fraction = counted.tallies[asked.outcome].fraction(asked.missing, asked.outcome)
            stairs.append(Stair(step, asked, wilson(*fraction)))
    return stairs


def _steps(estimand: Estimand) -> Iterator[tuple[Step, Estimand]]:
    gate, at_end = estimand.baseline_at_least or None, WindowName.END_OF_INDUCTION
    completers = replace(estimand, window=at_end, missing=Missing.COMPLETERS, baseline_at_least=gate)
    yield Step.FLATTERING, replace(completers, baseline_at_least=None)
    if gate is not None:
        yield Step.GATE, completers
    yield Step.SEEN, replace(completers, missing=Missing.OBSERVED)
    everyone = replace(completers, missing=Missing.NON_RESPONDER)
    yield Step.EVERYONE, everyone
    if estimand.window is not at_end:
        yield Step.WINDOW, replace(everyone, window=estimand.window)
    if estimand.outcome is not Outcome.REMISSION:
        yield Step.REMISSION, replace(everyone, window=estimand.window, outcome=Outcome.REMISSION)


def _way(estimand: Estimand, counted: Counted, missing: Missing) -> Way:
    fraction = counted.tallies[estimand.outcome].fraction(missing, estimand.outcome)
    overlaps = Warn.RECALL_OVERLAPS_PRE_TREATMENT in counted.warnings(missing)
    return Way(replace(estimand, missing=missing), wilson(*fraction), overlaps)


def _key(estimand: Estimand) -> tuple[Outcome, WindowName, int | None]:
    return estimand.outcome, estimand.window, estimand.baseline_at_least or None


def like(counted: Iterable[Way], wanted: Mapping[str, Iterable[str]]) -> list[Way]:
    """The ways whose outcome and window are among those wanted; nothing wanted is everything."""
    chosen = {part: {*names} for part, names in wanted.items()}
    return [
        way
        for way in counted
        if all(not names or getattr(way.estimand, part) in names for part, names in chosen.items())
    ]
