"""From a total to answers that come to it.

Every step of every item is a point with a threshold: low for what most people report (tiredness), high for
what few do (thoughts of being better off dead), a little different for each patient and each day. A total of
T takes the T lowest points; the steps of one item lie above one another, so its answer is how many it took.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.scales import Scale
from seed.arrays import Dice, Flags, Floats, Ints, happens

Answers = NDArray[np.int8]

PHQ9_THRESHOLDS: Final = (0.1, 0.0, -0.3, -0.6, 0.4, 0.1, 0.3, 1.3, 1.7)
PHQ9_SPREADS: Final = (0.5, 0.4, 0.7, 0.5, 0.8, 0.6, 0.6, 0.6, 1.2)
OTHER_SPREAD: Final = 0.6
DAILY_SPREAD: Final = 0.35
ROWS_AT_ONCE: Final = 50_000


def draw_thresholds(scale: Scale, patients: int, dice: Dice) -> Floats:
    """How high each item lies for each patient."""
    shape = (patients, len(scale.items))
    if scale.id == "phq9":
        return dice.normal(PHQ9_THRESHOLDS, PHQ9_SPREADS, shape)
    return dice.normal(0, OTHER_SPREAD, shape)


def draw_answers(scale: Scale, total: Ints, thresholds: Floats, patient: Ints, dice: Dice) -> Answers:
    """Answers, a row each, that come to the totals."""
    answers = np.empty((len(total), len(scale.items)), dtype=np.int8)
    for start in range(0, len(total), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        answers[rows] = _lowest_points(scale.items[0].high, total[rows], thresholds[patient[rows]], dice)
    return answers


def leave_out(answers: Answers, chance: float, dice: Dice) -> Flags:
    """One item left unanswered in some rows: true where an answer is missing."""
    missing = np.zeros(answers.shape, dtype=bool)
    rows = np.flatnonzero(happens(chance, len(answers), dice))
    missing[rows, dice.integers(0, answers.shape[1], len(rows))] = True
    return missing


def prorated_totals(answers: Answers, missing: Flags) -> Ints:
    """The total of each row, scaled up for a missing item and rounded half up, as models.scales does."""
    items = answers.shape[1]
    answered = items - missing.sum(axis=1)
    summed: Ints = np.where(missing, 0, answers).sum(axis=1, dtype=np.int64)
    total: Ints = (2 * summed * items + answered) // (2 * answered)
    return total


def _lowest_points(highest: int, total: Ints, thresholds: Floats, dice: Dice) -> Answers:
    daily = thresholds.astype(np.float32)
    daily += DAILY_SPREAD * dice.standard_normal(daily.shape, dtype=np.float32)
    points = daily[:, :, None] + np.arange(highest, dtype=np.float32)
    ordered = np.sort(points.reshape(len(points), -1), axis=1)
    last_taken = np.take_along_axis(ordered, np.maximum(total - 1, 0)[:, None], axis=1)
    taken = (points <= last_taken[:, :, None]) & (total > 0)[:, None, None]
    answers: Answers = taken.sum(axis=2, dtype=np.int8)
    return answers
