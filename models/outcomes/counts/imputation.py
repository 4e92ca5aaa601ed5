"""The unseen filled in from people like them, twenty times over (clinical specification §5.4).

Assumes that whether somebody was seen depends only on what is recorded: baseline, infusions of the induction
and the last score before the window. Nothing in a record can show that to be so; it stands among the other
assumptions, and no verdict rests on it.
"""

from typing import Any, Final, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd
from scipy.stats import t
from statsmodels.imputation.mice import MICEData

from models.outcomes.counts.counting import at_window
from models.outcomes.counts.population import standing
from models.outcomes.derivation.engines import opened
from models.outcomes.question.change import rule_of
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import EndpointStatus
from models.scales import Scale

IMPUTATIONS: Final = 20
FEWEST_SEEN: Final = 20
MOST_COURSES: Final = 5_000
SEED: Final = 70


class Imputed(NamedTuple):
    """The rate over all imputations with its 95 % interval by Rubin's rules; `ratio` is an estimate."""

    ratio: float
    low: float
    high: float
    imputations: int


def imputed(outcomes: Any, estimand: Estimand, scale: Scale) -> Imputed | None:
    """Impute the missing endpoints by predictive mean matching, and count the outcome in each completion.

    The same question of the same record gives the same number: the dice are seeded. Of more than 5,000
    courses a seeded sample of 5,000 is imputed. `None` where fewer than 20 were seen or nobody is unseen.
    """
    courses = (
        at_window(opened(outcomes), estimand.window, estimand)
        .with_columns(standing=standing(estimand, scale))
        .filter(nw.col("standing").is_in([EndpointStatus.OBSERVED, EndpointStatus.MISSING]))
        .select(
            "course_id", "baseline", "induction_infusions", "endpoint", carried=f"{estimand.window}_carried"
        )
    )
    known = courses.lazy().collect(backend="polars").to_pandas().sort_values("course_id")
    table = known.drop(columns="course_id").astype(float)
    seen = table["endpoint"].notna()
    if seen.sum() < FEWEST_SEEN or seen.all():
        return None
    table["carried"] = table["carried"].fillna(table["baseline"])
    if len(table) > MOST_COURSES:
        table = table.sample(MOST_COURSES, random_state=SEED)
        if table["endpoint"].notna().sum() < FEWEST_SEEN:
            return None
    return _pooled([_share(each, estimand, scale) for each in _completions(table)], len(table))


def _completions(table: pd.DataFrame) -> list[pd.DataFrame]:
    """The table with its endpoints filled in, once per imputation."""
    whole = table.reset_index(drop=True)
    chain = MICEData(whole, rng=SEED)
    chain.set_imputer("endpoint", formula=" + ".join(_foretelling(whole)) or "1")
    found = []
    for _ in range(IMPUTATIONS):
        chain.update_all()
        found.append(whole.assign(endpoint=chain.data["endpoint"].to_numpy()))
    return found


def _foretelling(table: pd.DataFrame) -> list[str]:
    """The columns that each tell something of those seen which those before it do not.

    A constant foretells nothing; nor does a last earlier score where all that was carried is the baseline.
    """
    seen = table[table["endpoint"].notna()].assign(one=1.0)
    told = ["one"]
    for name in table.columns.drop("endpoint"):
        if np.linalg.matrix_rank(seen[[*told, name]]) > len(told):
            told.append(name)
    return told[1:]


def _share(completed: pd.DataFrame, estimand: Estimand, scale: Scale) -> float:
    baseline, endpoint = (completed[name].round().astype(int) for name in ("baseline", "endpoint"))
    return float(rule_of(estimand.outcome, scale).is_met(baseline, endpoint, scale).mean())


def _pooled(shares: list[float], courses: int) -> Imputed:
    """Rubin's rules for a proportion: the variance within the completions, and between them."""
    many, mean = len(shares), float(np.mean(shares))
    # two courses either way, as Agresti and Coull add: at 0 and 100 % an interval must not be empty
    near = [(share * courses + 2) / (courses + 4) for share in shares]
    within = float(np.mean([share * (1 - share) / (courses + 4) for share in near]))
    between = float(np.var(shares, ddof=1))
    total = within + (1 + 1 / many) * between
    freedom = (many - 1) * (1 + within / ((1 + 1 / many) * between)) ** 2 if between else np.inf
    reach = float(t.ppf(0.975, freedom)) * total**0.5
    return Imputed(mean, max(0.0, mean - reach), min(1.0, mean + reach), many)
