"""Of whom: why a treated course is not counted, each reason tried in one fixed order (§3.8.9)."""

from collections.abc import Sequence
from typing import Final

import narwhals as nw

from models.outcomes.derivation.derive import day_number
from models.outcomes.derivation.engines import Frame
from models.outcomes.question.change import rule_of
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import EndpointStatus, Exclusion, Missing, Route, TreatmentResistant
from models.scales import Scale

EARLY: Final = (
    Exclusion.LATER_COURSE,
    Exclusion.OUTSIDE_PERIOD,
    Exclusion.OTHER_INDICATION,
    Exclusion.OTHER_ROUTE,
)
"""Reasons that do not look at a score: the same for every outcome, window and gate."""

COUNTED: Final = ""
"""Where no reason applies."""

_Reasons = Sequence[tuple[Exclusion, nw.Expr]]


def treated(outcomes: Frame, estimand: Estimand) -> Frame:
    """The courses a question is about at all: everyone's, or those of one clinician or site."""
    for column, chosen in (("clinician", estimand.clinician), ("site", estimand.site)):
        if chosen is not None:
            outcomes = outcomes.filter(nw.col(column).cast(nw.String) == chosen)
    return outcomes


def early_exclusion(estimand: Estimand) -> nw.Expr:
    """The first early reason that applies to a course, else `COUNTED`."""
    reasons: list[tuple[Exclusion, nw.Expr]] = []
    if estimand.first_course:
        reasons.append((Exclusion.LATER_COURSE, nw.col("course_number") > 1))
    if estimand.started_from is not None:
        too_early = nw.col("d0_day") < day_number(estimand.started_from)
        reasons.append((Exclusion.OUTSIDE_PERIOD, too_early))
    if estimand.started_to is not None:
        reasons.append((Exclusion.OUTSIDE_PERIOD, nw.col("d0_day") > day_number(estimand.started_to)))
    if not estimand.any_indication:
        asked = [str(indication) for indication in estimand.indications]
        reasons.append((Exclusion.OTHER_INDICATION, ~_is_one_of("indication", asked)))
    if estimand.route is not Route.ANY:
        reasons.append((Exclusion.OTHER_ROUTE, ~_is_one_of("route", [str(estimand.route)])))
    return _first(reasons, otherwise=nw.lit(COUNTED))


def standing(estimand: Estimand, scale: Scale) -> nw.Expr:
    """Where each course stands: the first reason it is not counted, else `pending`, `observed` or `missing`.

    Works on courses at one window (`counting.at_window`), whose early reason stands in `early`.
    """
    baseline, resistance = nw.col("baseline"), nw.col("resistance")
    reasons: list[tuple[Exclusion, nw.Expr]] = [(Exclusion.NO_BASELINE, baseline.is_null())]
    if estimand.baseline_at_least is not None:
        reasons.append((Exclusion.BASELINE_BELOW, baseline < estimand.baseline_at_least))
    if rule_of(estimand.outcome, scale).of_baseline:
        reasons.append((Exclusion.BASELINE_ZERO, baseline == 0))
    if estimand.treatment_resistant is not TreatmentResistant.ANY:
        asked = "resistant" if estimand.treatment_resistant is TreatmentResistant.YES else "not_resistant"
        other = (resistance != asked) & (resistance != "unknown")
        reasons.append((Exclusion.RESISTANCE_OTHER, other))
        reasons.append((Exclusion.RESISTANCE_UNKNOWN, resistance == "unknown"))
    eligible = (
        nw.when(nw.col("pending"))
        .then(nw.lit(str(EndpointStatus.PENDING)))
        .otherwise(
            nw.when(nw.col("endpoint").is_null())
            .then(nw.lit(str(EndpointStatus.MISSING)))
            .otherwise(nw.lit(str(EndpointStatus.OBSERVED)))
        )
    )
    late = _first(reasons, otherwise=eligible)
    return nw.when(nw.col("early") != COUNTED).then(nw.col("early")).otherwise(late)


def is_counted(estimand: Estimand) -> nw.Expr:
    """Whether a course is in the denominator, by what a missing score means (§3.8.10).

    Works on courses with their `standing`.
    """
    seen, unseen = (
        nw.col("standing") == status for status in (EndpointStatus.OBSERVED, EndpointStatus.MISSING)
    )
    match estimand.missing:
        case Missing.OBSERVED:
            return seen
        case Missing.COMPLETERS:
            return seen & nw.col("completed")
    return seen | unseen


def _first(reasons: _Reasons, *, otherwise: nw.Expr) -> nw.Expr:
    chain = otherwise
    for key, applies in reversed(reasons):
        chain = nw.when(applies).then(nw.lit(str(key))).otherwise(chain)
    return chain


def _is_one_of(column: str, asked: list[str]) -> nw.Expr:
    return nw.col(column).cast(nw.String).fill_null("").is_in(asked)
