"""From one row per course to whole numbers: who is left out and why, who was seen, who reached the outcome.

A window's courses are grouped by where they stand and whether their induction was completed; every outcome is
one more sum of the same grouping, and every strategy for missing scores is arithmetic on those sums
(`tally.py`). Nothing is counted twice and nothing is counted elsewhere.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import narwhals as nw

from models.outcomes.counts.population import early_exclusion, standing, treated
from models.outcomes.counts.tally import Tally
from models.outcomes.derivation.engines import Frame, rows_of
from models.outcomes.question.change import rule_of
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import EndpointStatus, Exclusion, Missing, Outcome, Warn, WindowName
from models.scales import Scale

_OF_COURSE: Final = (
    "course_number",
    "d0_day",
    "indication",
    "route",
    "clinician",
    "site",
    "completed",
    "resistance",
    "baseline",
)
_FACTS: Final = ("endpoint", "closes_day", "pending")
_NOTES: Final = {
    Warn.RECALL_OVERLAPS_PRE_TREATMENT: "overlaps",
    Warn.RECALL_DIFFERS_FROM_BASELINE: "recall_differs",
}
_OBSERVED, _MISSING, _PENDING = EndpointStatus.OBSERVED, EndpointStatus.MISSING, EndpointStatus.PENDING


class Counted(NamedTuple):
    """One population at one window: every number a rate and its warnings are made of.

    `excluded` has every reason, in order, zeros included; treated = Σ excluded + eligible, and eligible =
    pending + observed + missing.
    """

    excluded: dict[Exclusion, int]
    tallies: dict[Outcome, Tally]
    notes: dict[Warn, Tally]

    @property
    def any_tally(self) -> Tally:
        """A tally, for what does not depend on the outcome."""
        return next(iter(self.tallies.values()))

    @property
    def eligible(self) -> int:
        """Courses with no reason to leave them out."""
        return self.any_tally.pending + self.any_tally.counted

    @property
    def treated(self) -> int:
        """Courses begun on or before the day asked about."""
        return sum(self.excluded.values()) + self.eligible

    def warnings(self, missing: Missing) -> tuple[Warn, ...]:
        """What must be said of the scores that the strategy counts.

        That the recall differs is said when it does for one of them; that it overlaps the days before
        treatment when it does for at least half, so that one early stop does not speak for a whole clinic.
        """
        return tuple(warn for warn, noted in self.notes.items() if _to_be_said(warn, noted, missing))


def at_window(outcomes: Frame, window: WindowName, estimand: Estimand) -> Frame:
    """The treated courses of a derived frame, with the facts of one window under plain names, each an `n`."""
    courses = treated(outcomes, estimand).with_columns(early=early_exclusion(estimand), n=nw.lit(1))
    return courses.with_columns(facts_of(window))


def facts_of(window: WindowName) -> list[nw.Expr]:
    """A window's columns under plain names.

    `score` is what a last-carried strategy counts: the endpoint, else the carried score; `overlaps` and
    `recall_differs` speak of it.
    """
    seen = ~nw.col(f"{window}_endpoint").is_null()
    notes = {
        note: nw.when(seen).then(nw.col(f"{window}_{note}")).otherwise(nw.col(f"{window}_carried_{note}"))
        for note in _NOTES.values()
    }
    return [
        *(nw.col(f"{window}_{fact}").alias(fact) for fact in _FACTS),
        *(told.fill_null(value=False).alias(note) for note, told in notes.items()),
        nw.coalesce(f"{window}_endpoint", f"{window}_carried").alias("score"),
    ]


def read_by_counts() -> list[str]:
    """The columns of a derived frame that counting reads, whatever the question."""
    of_window = [*_FACTS, "carried", *_NOTES.values(), *(f"carried_{note}" for note in _NOTES.values())]
    return [*_OF_COURSE, *(f"{window}_{fact}" for window in WindowName for fact in of_window)]


def count(
    courses: Frame, estimand: Estimand, scale: Scale, outcomes: Sequence[Outcome], by: Sequence[str] = ()
) -> dict[tuple[Any, ...], Counted]:
    """Count courses (`at_window`, or cells of them) for outcomes that ask for the same population.

    `by` names columns to count apart; the answer has one `Counted` for each of their values that occurs, and
    without `by` exactly one, under `()`, even if it is of nobody.
    """
    baseline, score, n = nw.col("baseline"), nw.col("score"), nw.col("n")
    met = {o: rule_of(o, scale).is_met(baseline, score, scale) for o in outcomes}
    stood = courses.with_columns(
        standing=standing(estimand, scale),
        **{f"met_{o}": nw.when(each).then(n).otherwise(0) for o, each in met.items()},
        **{f"note_{note}": nw.when(nw.col(note)).then(n).otherwise(0) for note in _NOTES.values()},
    )
    sums = ["n", *(f"met_{o}" for o in outcomes), *(f"note_{note}" for note in _NOTES.values())]
    groups = rows_of(stood.group_by(*by, "standing", "completed").agg(*(nw.col(name).sum() for name in sums)))
    apart: dict[tuple[Any, ...], list[dict[str, Any]]] = {} if by else {(): []}
    for group in groups:
        apart.setdefault(tuple(group[name] for name in by), []).append(group)
    return {key: _counted(rows, outcomes) for key, rows in apart.items()}


def nobody(outcomes: Iterable[Outcome]) -> Counted:
    """The count where there is no course to count."""
    return _counted([], outcomes)


def _to_be_said(warn: Warn, noted: Tally, missing: Missing) -> bool:
    scores, of = _noted(noted, missing)
    few = warn is Warn.RECALL_OVERLAPS_PRE_TREATMENT and 2 * scores < of
    return scores > 0 and not few


def _noted(noted: Tally, missing: Missing) -> tuple[int, int]:
    """How many scores a strategy counts are noted ("met"), and of how many."""
    match missing:
        case Missing.COMPLETERS:
            return noted.completers_met, noted.completers
        case Missing.LAST_CARRIED:
            return noted.met + noted.carried_met, noted.observed + noted.missing
    return noted.met, noted.observed


def _counted(groups: list[dict[str, Any]], outcomes: Iterable[Outcome]) -> Counted:
    return Counted(
        excluded={reason: _total(groups, "n", reason) for reason in Exclusion},
        tallies={outcome: _tally(groups, f"met_{outcome}") for outcome in outcomes},
        notes={warn: _tally(groups, f"note_{note}") for warn, note in _NOTES.items()},
    )


def _tally(groups: list[dict[str, Any]], met: str) -> Tally:
    completers = [group for group in groups if group["completed"]]
    return Tally(
        observed=_total(groups, "n", _OBSERVED),
        met=_total(groups, met, _OBSERVED),
        completers=_total(completers, "n", _OBSERVED),
        completers_met=_total(completers, met, _OBSERVED),
        missing=_total(groups, "n", _MISSING),
        carried_met=_total(groups, met, _MISSING),
        pending=_total(groups, "n", _PENDING),
    )


def _total(groups: list[dict[str, Any]], column: str, standing: str) -> int:
    return sum(int(group[column]) for group in groups if group["standing"] == standing)
