"""Who is counted and how, in plain loops: rules 9 to 11 of §3.8 over the courses of `plain_loops`."""

from fractions import Fraction
from typing import Any, NamedTuple

from tests.support.plain_loops import TreatedCourse, carried, endpoint, is_pending

STRATEGIES = ("non_responder", "observed", "completers", "last_carried", "best_case", "worst_case")
EXCLUSIONS = (
    "later_course",
    "outside_period",
    "other_indication",
    "other_route",
    "no_baseline",
    "baseline_below",
    "baseline_zero",
    "resistance_other",
    "resistance_unknown",
)


class Question(NamedTuple):
    outcome: str = "response"
    window: str = "p14_31"
    baseline_at_least: int | None = 10
    treatment_resistant: str = "yes"
    first_course: bool = True
    indications: tuple[str, ...] = ("depression", "bipolar_depression")
    route: str = "any"
    started_from: int | None = None
    started_to: int | None = None


class Plain(NamedTuple):
    excluded: dict[str, int]
    pending: int
    observed: int
    missing: int
    fractions: dict[str, tuple[int, int]]


def reached(outcome: str, b: int, f: int, scale: Any) -> bool:
    """§3.2 and rule 11, as shares and differences."""
    drop = b - f
    share = Fraction(drop, b) if b else None
    response = share is not None and share >= Fraction(scale.response_percent, 100)
    recovery = b >= scale.caseness_at_least > f
    return {
        "response": response,
        "partial_response": share is not None
        and Fraction(scale.partial_response_percent, 100) <= share
        and not response,
        "remission": f <= scale.remission_at_most,
        "mcid": drop >= scale.mcid,
        "mcid20": share is not None and share >= Fraction(scale.mcid_percent, 100),
        "reliable_improvement": drop >= scale.reliable_change,
        "recovery": recovery,
        "reliable_recovery": recovery and drop >= scale.reliable_change,
        "response_and_le9": response and f <= scale.response_and_at_most,
        "deterioration": -drop >= scale.deterioration,
    }[outcome]


def exclusion(t: TreatedCourse, q: Question) -> str | None:  # noqa: C901, PLR0911
    """Rule 9."""
    if q.first_course and t.number_in_patient > 1:
        return "later_course"
    too_early = q.started_from is not None and t.d0.day < q.started_from
    if too_early or (q.started_to is not None and t.d0.day > q.started_to):
        return "outside_period"
    if q.indications != ("any",) and (t.course.indication or "depression") not in q.indications:
        return "other_indication"
    if q.route not in {"any", t.d0.route}:
        return "other_route"
    if t.baseline is None or t.baseline.total is None:
        return "no_baseline"
    if q.baseline_at_least is not None and t.baseline.total < q.baseline_at_least:
        return "baseline_below"
    relative = {"response", "partial_response", "mcid20", "response_and_le9"}
    if q.outcome in relative and t.baseline.total == 0:
        return "baseline_zero"
    trials = t.course.failed_trials_episode
    if q.treatment_resistant != "any":
        if trials is not None and (trials >= 2) != (q.treatment_resistant == "yes"):
            return "resistance_other"
        if trials is None:
            return "resistance_unknown"
    return None


def count_plainly(courses: list[TreatedCourse], q: Question, scale: Any, as_of: int) -> Plain:
    """Rules 9 and 10: who is left out, who is pending, and every strategy's numerator and denominator."""
    excluded = dict.fromkeys(EXCLUSIONS, 0)
    pending = observed = missing = 0
    fractions = {strategy: [0, 0] for strategy in STRATEGIES}

    def add(strategy: str, *, met: bool) -> None:
        fractions[strategy][0] += met
        fractions[strategy][1] += 1

    for t in courses:
        reason = exclusion(t, q)
        if reason is not None:
            excluded[reason] += 1
            continue
        if is_pending(t, q.window, as_of):
            pending += 1
            continue
        chosen = endpoint(t, q.window)
        b = t.baseline.total
        if chosen is not None:
            observed += 1
            met = reached(q.outcome, b, chosen.total, scale)
            for strategy in STRATEGIES:
                if strategy != "completers" or t.induction_count >= t.planned:
                    add(strategy, met=met)
            continue
        missing += 1
        last = carried(t, q.window)
        harm = q.outcome == "deterioration"
        add("non_responder", met=False)
        add("best_case", met=not harm)
        add("worst_case", met=harm)
        add("last_carried", met=last is not None and reached(q.outcome, b, last.total, scale))
    return Plain(excluded, pending, observed, missing, {s: (x, n) for s, (x, n) in fractions.items()})
