"""The definitions as tables, made from the scales, the windows and the vocabulary of a question."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

import pandas as pd

from dashboard.charts.words import DASH, NBSP, on
from dashboard.components.page.plain import cell, plain
from models.outcomes.question.change import defined_outcomes, rule_of, undefined_outcomes
from models.outcomes.question.sentence import rule_in_words
from models.outcomes.question.vocabulary import Missing, Outcome
from models.outcomes.question.windows import HOURS_OF_DAY, WINDOWS, Anchor, Window
from models.outcomes.question.words import MISSING_LABELS, OUTCOME_LABELS, WINDOW_LABELS
from models.scales import Scale

ANCHORS: Final[Mapping[Anchor, str]] = {
    Anchor.FIRST_INFUSION: "first infusion",
    Anchor.LAST_OF_INDUCTION: "last induction infusion",
}

STRATEGIES: Final[Mapping[Missing, tuple[str, str]]] = {
    Missing.NON_RESPONDER: (
        "Counted, as not reaching the outcome",
        "Cautious; the way of quality measures",
    ),
    Missing.OBSERVED: (
        "Left out",
        "Too high, if those who did badly stay away",
    ),
    Missing.COMPLETERS: (
        "Left out, with everyone who had fewer infusions than planned",
        "Too high, more than any other",
    ),
    Missing.LAST_CARRIED: (
        "Replaced by the last score before the window; without one, not reached",
        "Either way; late after ketamine mostly too high, for it keeps the peak",
    ),
    Missing.BEST_CASE: (
        "Counted, as if it had gone well",
        "No way of counting gives more",
    ),
    Missing.WORST_CASE: (
        "Counted, as if it had gone badly: for deterioration, as worse",
        "No way of counting gives less benefit or more harm",
    ),
}
"""What each strategy does with a closed window without a score, and which way that bends a rate."""


def windows_of(first_infusion: date, last_of_induction: date) -> pd.DataFrame:
    """Every window with its days, its target, and its dates in a course with these infusions."""
    anchors = {Anchor.FIRST_INFUSION: first_infusion, Anchor.LAST_OF_INDUCTION: last_of_induction}
    return pd.DataFrame(
        {
            "When": WINDOW_LABELS[window.name],
            "Days": f"{_span(window)} after the {ANCHORS[window.anchor]}; closest to {_target(window)}",
            "In that course": _dates(window, anchors[window.anchor]),
        }
        for window in WINDOWS.values()
    )


def outcomes_of(scale: Scale, baseline: int, endpoint: int) -> pd.DataFrame:
    """Every outcome the scale defines: its rule, whether that course reaches it, and whose figure it is."""
    course = f"{scale.shown(baseline)}{NBSP}→{NBSP}{scale.shown(endpoint)}"
    return pd.DataFrame(
        {
            "Outcome": OUTCOME_LABELS[outcome],
            "Reached by": f"{rule_in_words(outcome, scale)}. :gray[{_sources(scale, outcome)}]",
            course: "yes" if rule_of(outcome, scale).is_met(baseline, endpoint, scale) else "no",
        }
        for outcome in defined_outcomes(scale)
    )


def not_defined(scale: Scale) -> str | None:
    """The outcomes for which the scale has no single figure, in words."""
    missing = ", ".join(OUTCOME_LABELS[outcome].lower() for outcome in undefined_outcomes(scale))
    return f"{plain(scale.name)} has no single agreed figure for: {missing}." if missing else None


def strategies() -> pd.DataFrame:
    """What a closed window without a score can count as."""
    return pd.DataFrame(
        {"A missing score counts as": MISSING_LABELS[each], "That is": does, "Which makes the rate": bends}
        for each, (does, bends) in STRATEGIES.items()
    )


def known_scales(scales: Iterable[Scale]) -> pd.DataFrame:
    """Every scale the clinic can record."""
    return pd.DataFrame(
        {
            "Scale": cell(scale.name),
            "Measures": cell(scale.measures),
            "Range": f"{scale.shown(scale.low)}{DASH}{scale.shown(scale.high)}",
            "Asks about": _recall(scale),
            "Wording": "shipped" if scale.items_shipped else "licensed",
        }
        for scale in scales
    )


def rights_of(scale: Scale) -> str:
    """By whose leave a scale is used, what it was read in, and when that is looked at again, in Markdown."""
    return (
        f"**{plain(scale.name)}.** {plain(scale.rights)} Read in: {plain(scale.source)}. "
        f"To be looked at again by {on(scale.next_review_on)}."
    )


def _span(window: Window) -> str:
    if window.in_hours:
        return f"{window.first_hour} to {window.last_hour} hours"
    return f"{window.first} to {window.last} days"


def _target(window: Window) -> str:
    return f"{HOURS_OF_DAY * window.target} hours" if window.in_hours else f"day {window.target}"


def _dates(window: Window, anchor: date) -> str:
    first, last = (anchor + timedelta(days=days) for days in (window.first, window.last))
    return f"{on(first)} to {on(last)}"


def _sources(scale: Scale, outcome: Outcome) -> str:
    rule = rule_of(outcome, scale)
    own = (figure for figure in rule.figures if figure not in rule.short_of)
    return plain("; ".join(dict.fromkeys(filter(None, map(scale.source_of, own)))))


def _recall(scale: Scale) -> str:
    return " or ".join(
        f"{days} days" if days > 1 else "1 day" if days else "now" for days in scale.recall_choices
    )
