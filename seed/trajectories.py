"""How invented patients fare: who gets better, how fast, for how long, and who answers when asked.

Everything a score later shows comes from one number, the *gain*: the part of the starting severity that is
gone on a day (negative: it grew). It rises with each infusion of the induction and is lost again later.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from seed.arrays import Dice, Floats, Ints, Rows, pick

INDUCTION: Final = 6


class Kind(NamedTuple):
    """A way to fare under ketamine.

    `share` of patients; `gain` at best and its `spread` among them; the chance that one `returns` after each
    infusion of the induction, that one who finished goes on to maintenance, and that one answers when asked
    again; the days a gain holds after the induction.
    """

    share: float
    gain: float
    spread: float
    returns: float
    goes_on: float
    answers: float
    holds_days: float


KINDS: Final = {
    "responder": Kind(0.50, 0.76, 0.14, 0.975, 0.55, 0.90, 180),
    "partial_responder": Kind(0.20, 0.36, 0.08, 0.89, 0.35, 0.72, 110),
    "non_responder": Kind(0.20, 0.08, 0.08, 0.80, 0.08, 0.54, 90),
    "worse": Kind(0.10, -0.52, 0.14, 0.84, 0.04, 0.66, 90),
}
"""Those who do badly come back less often and are scored again less often: that is what the demo shows."""
KIND_NAMES: Final = tuple(KINDS)
RESPONDER, PARTIAL_RESPONDER, _NON_RESPONDER, WORSE = range(len(KINDS))

SEVERITY, SEVERITY_SPREAD = 18.2, 4.3
MILDEST, SEVEREST = 6, 26.5
MILDER_IF_WORSE_LATER: Final = 3.5
"""Those who get worse had room to."""
WORST_GAIN, BEST_GAIN = -0.8, 0.98
SLOWEST, FASTEST = 0.25, 0.8
LOST_OVER_DAYS: Final = 28
LOST_AT_MOST: Final = 0.85


def of_kind(field: str, kind: Ints) -> Floats:
    """One figure of each row's kind."""
    return np.array([getattr(known, field) for known in KINDS.values()])[kind]


@dataclass(frozen=True)
class Trajectories(Rows):
    """A course a row: kind, severity at its start on PHQ-9's range, best gain, its speed, days it holds."""

    kind: Ints
    severity: Floats
    best: Floats
    speed: Floats
    holds_days: Floats


def draw_kinds(count: int, dice: Dice) -> Ints:
    """The kind of each of so many patients."""
    return pick((kind.share for kind in KINDS.values()), count, dice)


def draw_trajectories(kind: Ints, dice: Dice) -> Trajectories:
    """A way to fare for each of these courses."""
    count = len(kind)
    severity = dice.normal(SEVERITY, SEVERITY_SPREAD, count) - MILDER_IF_WORSE_LATER * (kind == WORSE)
    best = dice.normal(of_kind("gain", kind), of_kind("spread", kind))
    return Trajectories(
        kind=kind,
        severity=np.clip(severity, MILDEST, SEVEREST),
        best=np.clip(best, WORST_GAIN, BEST_GAIN),
        speed=dice.uniform(SLOWEST, FASTEST, count),
        holds_days=of_kind("holds_days", kind) * dice.weibull(1.2, count),
    )


def gain(lives: Trajectories, infusions: Ints, since_induction: Ints, held: Floats) -> Floats:
    """The part of the starting severity that is gone after so many infusions, so many days after the last.

    `held` says by how much a course's schedule stretches the days its gain holds.
    """
    reached = lives.best * np.expm1(-lives.speed * infusions) / np.expm1(-lives.speed * INDUCTION)
    days_past_it = since_induction - lives.holds_days * held
    lost = LOST_AT_MOST * np.clip(days_past_it / LOST_OVER_DAYS, 0, 1)
    return np.where(reached > 0, reached * (1 - lost), reached)
