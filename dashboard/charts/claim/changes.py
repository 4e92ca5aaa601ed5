"""How far each person's score moved from baseline to endpoint, sorted, and what that says in words."""

from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.charts.outcome_words import share
from dashboard.charts.words import NBSP, people, whole
from models.outcomes.question.change import is_deterioration, is_response
from models.scales import Scale

MOST_BARS: Final = 200
TALLEST: Final = 150  # per cent; a greater rise is drawn so


class Changes(NamedTuple):
    """The people counted: those seen in the first four, which belong together, sorted best to worst.

    `percent` is how much of the baseline the score changed by. `met` lost as much of it as the scale calls
    response; `worse`, who stand last, rose by as much as it calls deterioration, or at all where it has no
    such figure. A baseline of 0 has no percentage and is `unplaced`.
    """

    baseline: NDArray[Any]
    endpoint: NDArray[Any]
    met: NDArray[np.bool_]
    worse: NDArray[np.bool_]
    unseen: int
    unplaced: int

    @property
    def percent(self) -> NDArray[np.float64]:
        """Change in per cent of baseline; negative is better."""
        change: NDArray[np.float64] = 100 * (self.endpoint - self.baseline) / self.baseline
        return change

    @property
    def seen(self) -> int:
        """How many have a bar."""
        return len(self.baseline)

    @property
    def between(self) -> int:
        """How many neither responded nor got worse."""
        return self.seen - int(self.met.sum()) - int(self.worse.sum())

    @property
    def without_scores(self) -> "Changes":
        """The same in whole per cent of a baseline of 100: an exact share would tell the score it is of."""
        of_hundred = np.full(self.seen, 100)
        return self._replace(baseline=of_hundred, endpoint=of_hundred + self.percent.round().astype("int64"))


def changes_of(courses: pd.DataFrame, scale: Scale) -> Changes:
    """Reads `baseline` and `endpoint` (missing: not scored in time), one row a counted course."""
    scored = courses.loc[courses["endpoint"].notna() & (courses["baseline"] > 0)]
    baseline, endpoint = (scored[column].to_numpy(dtype="int64") for column in ("baseline", "endpoint"))
    met = is_response(baseline, endpoint, scale) if scale.response_percent else np.zeros(len(scored), bool)
    rose = endpoint > baseline
    worse = rose if scale.deterioration is None else is_deterioration(baseline, endpoint, scale)
    order = np.lexsort(((endpoint - baseline) / baseline, worse))
    unseen = int(courses["endpoint"].isna().sum())
    unplaced = len(courses) - len(scored) - unseen
    return Changes(baseline[order], endpoint[order], met[order], worse[order], unseen, unplaced)


def title(changes: Changes, scale: Scale) -> str:
    """`71 lost at least half; 9 got clearly worse`."""
    if not changes.seen:
        return "No one was scored in time"
    better, worse = int(changes.met.sum()), int(changes.worse.sum())
    harm = f"{whole(worse) if worse else 'no one'} {worse_words(scale)}"
    if not scale.response_percent:
        return harm[0].upper() + harm[1:]
    return f"{whole(better) if better else 'No one'} lost at least {share(scale.response_percent)}; {harm}"


def caption(changes: Changes) -> str:
    """How to read the figure, and what it leaves out."""
    told = ["Change of each person from baseline to endpoint, best to worst."]
    if changes.seen > MOST_BARS:
        told.append(f"Drawn as {MOST_BARS} quantiles of {whole(changes.seen)} changes.")
    if changes.percent.max(initial=0) > TALLEST:
        told.append(f"A rise of more than {TALLEST}{NBSP}% ends there.")
    if changes.unplaced:
        told.append(f"{people(changes.unplaced)} with a baseline of 0 cannot be placed.")
    return " ".join(told)


def table(changes: Changes, scale: Scale) -> pd.DataFrame:
    """The numbers behind the figure."""
    better, harm = int(changes.met.sum()), worse_words(scale)
    numbers = [("In between", changes.between), (harm[0].upper() + harm[1:], int(changes.worse.sum()))]
    if scale.response_percent:
        numbers.insert(0, (f"Lost at least {share(scale.response_percent)}", better))
    unseen = [("Not scored in time", changes.unseen), ("Baseline of 0", changes.unplaced)]
    return pd.DataFrame([*numbers, *unseen], columns=["Change from baseline", "People"])


def worse_words(scale: Scale) -> str:
    """What those who moved the other way did."""
    return "scored higher than before" if scale.deterioration is None else "got clearly worse"
