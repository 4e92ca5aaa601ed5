"""A question in one sentence that leaves nothing of it out."""

from datetime import date
from typing import TYPE_CHECKING, Final

from models.outcomes.question.change import rule_of
from models.outcomes.question.vocabulary import Indication, Missing, Outcome, TreatmentResistant, WindowName
from models.outcomes.question.windows import FAILED_TRIALS_OF_RESISTANCE, WINDOWS
from models.outcomes.question.words import (
    INDICATION_LABELS,
    OUTCOME_NOUNS,
    OUTCOME_RULES,
    ROUTE_PHRASES,
    WINDOW_PHRASES,
)
from models.scales.rules import PERCENTS

if TYPE_CHECKING:
    from models.outcomes.question.estimand import Estimand
    from models.scales import Scale

_UPPERCASE: Final = (Indication.PTSD,)


def sentence_of(estimand: "Estimand", scale: "Scale") -> str:
    """The question in plain English: what, when, of whom, and what a missing score counts as.

    Raises `UndefinedOutcomeError` where the scale does not define the outcome.
    """
    what = f"{scale.name} {OUTCOME_NOUNS[estimand.outcome]} ({rule_in_words(estimand.outcome, scale)})"
    return f"{what} {window_in_words(estimand.window)}, among {_whom(estimand, scale)}; {_unseen(estimand)}."


def window_in_words(name: WindowName) -> str:
    """When the endpoint is looked for: "14 to 31 days after the last induction infusion"."""
    return WINDOW_PHRASES[name].format(**WINDOWS[name]._asdict())


def rule_in_words(outcome: Outcome, scale: "Scale") -> str:
    """What the outcome asks on this scale: "at least 50 % below baseline"."""
    figures = {}
    for figure in rule_of(outcome, scale).figures:
        value = getattr(scale, figure)
        figures[figure] = str(value) if figure in PERCENTS else scale.shown(value)
    return OUTCOME_RULES[outcome].format(**figures)


def _whom(estimand: "Estimand", scale: "Scale") -> str:
    courses = "first courses" if estimand.first_course else "all courses, several of one person included,"
    gate = estimand.baseline_at_least
    parts = [
        f"{courses} for {_indications(estimand)}",
        _history(estimand.treatment_resistant),
        f"with a baseline of at least {scale.shown(gate)}" if gate else "with any baseline",
        *_route_and_period(estimand),
    ]
    if estimand.clinician is not None:
        parts.append(f"under {estimand.clinician}")
    if estimand.site is not None:
        parts.append(f"at {estimand.site}")
    return ", ".join(parts)


def _indications(estimand: "Estimand") -> str:
    if estimand.any_indication:
        return "any indication"
    names = [
        INDICATION_LABELS[each] if each in _UPPERCASE else INDICATION_LABELS[each].lower()
        for each in estimand.indications
    ]
    return " or ".join([", ".join(names[:-1]), names[-1]]) if names[1:] else names[0]


def _history(resistant: TreatmentResistant) -> str:
    fewest = FAILED_TRIALS_OF_RESISTANCE
    return {
        TreatmentResistant.YES: f"treatment-resistant (at least {fewest} failed trials in the episode)",
        TreatmentResistant.NO: f"not treatment-resistant (fewer than {fewest} failed trials in the episode)",
        TreatmentResistant.ANY: "treatment-resistant or not",
    }[resistant]


def _route_and_period(estimand: "Estimand") -> tuple[str, ...]:
    route, period = ROUTE_PHRASES.get(estimand.route), _period(estimand)
    if route is None and period is None:
        return ("whatever the route and the date of the start",)
    return route or "whatever the route", period or "whenever started"


def _period(estimand: "Estimand") -> str | None:
    match estimand.started_from, estimand.started_to:
        case None, None:
            return None
        case first, None:
            return f"started on {_day(first)} or later"
        case None, last:
            return f"started on {_day(last)} or earlier"
        case first, last:
            return f"started from {_day(first)} to {_day(last)}"


def _day(day: date | None) -> str:
    return f"{day.day} {day:%b %Y}" if day else ""


def _unseen(estimand: "Estimand") -> str:
    noun = OUTCOME_NOUNS[estimand.outcome]
    match estimand.missing:
        case Missing.OBSERVED:
            return "courses without a score in that time are left out"
        case Missing.COMPLETERS:
            return "only courses with a score in that time and every planned infusion are counted"
        case Missing.LAST_CARRIED:
            return "a missing score is replaced by the last one before that time"
    best = estimand.missing is Missing.BEST_CASE
    met = best != estimand.outcome.is_harm and estimand.missing is not Missing.NON_RESPONDER
    at_best = {Missing.BEST_CASE: "at best, ", Missing.WORST_CASE: "at worst, "}.get(estimand.missing, "")
    return f"{at_best}a course without a score in that time counts as {noun if met else 'no ' + noun}"
