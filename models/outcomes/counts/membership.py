"""Each course's own place in a rate: in or out, why, and whether it counts as having reached the outcome."""

from enum import StrEnum
from typing import Any, Final

import narwhals as nw

from models.outcomes.counts.counting import at_window
from models.outcomes.counts.population import standing
from models.outcomes.derivation.engines import Frame, as_given, opened
from models.outcomes.question.change import RULES, defined_outcomes, rule_of
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import EndpointStatus, Missing, Outcome
from models.scales import Scale


class State(StrEnum):
    """Where a course stands, in one word for a list of patients."""

    MET = "met"
    NOT_MET = "not_met"
    WORSE = "worse"
    PENDING = "pending"
    NOT_SCORED = "not_scored"
    NOT_COUNTED = "not_counted"


_COLUMNS: Final = (
    "course_id",
    "patient_id",
    "course_number",
    "standing",
    "state",
    "met",
    "worse",
    "baseline",
    "endpoint",
    "closes_day",
)


def membership(outcomes: Any, estimand: Estimand, scale: Scale) -> Any:
    """One row per treated course of the question, in the engine the derived frame came in.

    `standing` is an exclusion's key, `pending`, `observed` or `missing` (they partition the courses); `met`
    says whether the course is in the numerator, null where it is not in the denominator either, by the
    question's own strategy for missing scores; `worse` whether the endpoint is a deterioration (null without
    an endpoint, or where the scale defines none). `state` is these in one word: an observed course is `worse`
    only if it did not reach the outcome. The rate of the question is the mean of `met`.
    """
    placed = _placed(outcomes, estimand, scale)
    return as_given(placed.select(*_COLUMNS), like=outcomes)


def changes(outcomes: Any, estimand: Estimand, scale: Scale) -> Any:
    """The counted courses with their `baseline` and `endpoint`, null where not scored in time.

    Who is counted depends on the strategy: under `observed` and `completers` the unseen are not.
    """
    counted = _placed(outcomes, estimand, scale).filter(~nw.col("met").is_null())
    return as_given(counted.select("course_id", "patient_id", "baseline", "endpoint", "met"), like=outcomes)


def _placed(outcomes: Any, estimand: Estimand, scale: Scale) -> Frame:
    courses = at_window(opened(outcomes), estimand.window, estimand)
    return (
        courses.with_columns(standing=standing(estimand, scale))
        .with_columns(met=_met(estimand, scale), worse=_worse(scale))
        .with_columns(state=_state())
    )


def _met(estimand: Estimand, scale: Scale) -> nw.Expr:
    """Whether each course is in the numerator; null where it is not in the denominator (§3.8.10)."""
    reached = rule_of(estimand.outcome, scale).is_met(nw.col("baseline"), nw.col("score"), scale)
    seen, unseen = (
        nw.col("standing") == status for status in (EndpointStatus.OBSERVED, EndpointStatus.MISSING)
    )
    match estimand.missing:
        case Missing.OBSERVED:
            return nw.when(seen).then(reached)
        case Missing.COMPLETERS:
            return nw.when(seen & nw.col("completed")).then(reached)
        case Missing.LAST_CARRIED:
            return nw.when(seen | unseen).then(reached.fill_null(value=False))
    assumed = estimand.missing is (Missing.WORST_CASE if estimand.outcome.is_harm else Missing.BEST_CASE)
    return nw.when(unseen).then(nw.lit(assumed)).otherwise(nw.when(seen).then(reached))


def _worse(scale: Scale) -> nw.Expr:
    if Outcome.DETERIORATION not in defined_outcomes(scale):
        return nw.when(nw.col("n") == 0).then(nw.lit(value=True))  # of nobody: null on every engine
    worse: nw.Expr = RULES[Outcome.DETERIORATION].is_met(nw.col("baseline"), nw.col("endpoint"), scale)
    return worse


def _state() -> nw.Expr:
    observed = (
        nw.when(nw.col("met").fill_null(value=False))
        .then(nw.lit(str(State.MET)))
        .otherwise(
            nw.when(nw.col("worse").fill_null(value=False))
            .then(nw.lit(str(State.WORSE)))
            .otherwise(nw.lit(str(State.NOT_MET)))
        )
    )
    standing = nw.col("standing")
    return (
        nw.when(standing == EndpointStatus.OBSERVED)
        .then(observed)
        .otherwise(
            nw.when(standing == EndpointStatus.MISSING)
            .then(nw.lit(str(State.NOT_SCORED)))
            .otherwise(
                nw.when(standing == EndpointStatus.PENDING)
                .then(nw.lit(str(State.PENDING)))
                .otherwise(nw.lit(str(State.NOT_COUNTED)))
            )
        )
    )
