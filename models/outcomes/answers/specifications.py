"""Every way to count: one question asked with every outcome, window, strategy and baseline gate (§3.7)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any, NamedTuple

from models.outcomes.answers.answer import Answer, answer_from
from models.outcomes.answers.claim import Claim
from models.outcomes.counts.cells import cells
from models.outcomes.counts.counting import Counted, count, nobody, read_by_counts
from models.outcomes.derivation.engines import computed
from models.outcomes.question.change import RULES, defined_outcomes, undefined_outcomes
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Missing, Outcome, WindowName
from models.scales import Scale


class Grid(NamedTuple):
    """The answers, and the outcomes the scale does not define: left out, and to be named."""

    answers: list[Answer]
    undefined: tuple[Outcome, ...]


def grid(outcomes: Any, estimand: Estimand, scale: Scale, claim: Claim, *, as_of: date) -> Grid:
    """Answer every specification: outcome × window × strategy × {the given baseline gate, none}.

    The rest of the question stays as given. A gate of 0 or none gives one gate, none. `outcomes` is the frame
    `derive_outcomes` made for the same scale and the same `as_of`.
    """
    answers = [
        answer_from(counted, replace(asked, missing=missing), scale, claim, as_of=as_of)
        for asked, counted in counts(outcomes, estimand, scale)
        for missing in Missing
    ]
    return Grid(answers, undefined_outcomes(scale))


def counts(outcomes: Any, estimand: Estimand, scale: Scale) -> list[tuple[Estimand, Counted]]:
    """The counts behind the grid, in its order but for the strategies: each has the numbers of all six.

    The courses are put into cells once, and each population of them is counted once for all its outcomes.
    """
    together = computed(cells(computed(outcomes, read_by_counts()), estimand, WindowName).to_native())
    counted: dict[tuple[int | None, Outcome, WindowName], Counted] = {}
    for population, members in _populations(estimand, scale):
        found = count(together, replace(population, outcome=members[0]), scale, members, by=["window"])
        for window, outcome in product(WindowName, members):
            counted[population.baseline_at_least, outcome, window] = found.get((window,)) or nobody(members)
    return [
        (
            replace(estimand, outcome=outcome, window=window, baseline_at_least=gate),
            counted[gate, outcome, window],
        )
        for outcome, window, gate in product(defined_outcomes(scale), WindowName, _gates(estimand))
    ]


def _gates(estimand: Estimand) -> tuple[int | None, ...]:
    return tuple(dict.fromkeys((estimand.baseline_at_least or None, None)))


def _populations(estimand: Estimand, scale: Scale) -> Iterator[tuple[Estimand, tuple[Outcome, ...]]]:
    """The questions' populations, each with the outcomes asked of it.

    Outcomes that are a share of the baseline also leave out a baseline of 0; where a gate does so anyway, all
    outcomes ask for the same people.
    """
    defined = defined_outcomes(scale)
    of_baseline = tuple(outcome for outcome in defined if RULES[outcome].of_baseline)
    others = tuple(outcome for outcome in defined if not RULES[outcome].of_baseline)
    for gate in _gates(estimand):
        for members in (defined,) if gate else (of_baseline, others):
            if members:
                yield replace(estimand, baseline_at_least=gate), members
