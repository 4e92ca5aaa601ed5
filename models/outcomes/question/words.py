"""What each word of a question is called on a page.

`LABELS` are short enough for the sidebar (20 characters), the others go into sentences and rows.
"""

from collections.abc import Mapping
from typing import Final

from models.outcomes.question.vocabulary import (
    Exclusion,
    Indication,
    Missing,
    Outcome,
    Route,
    TreatmentResistant,
    Warn,
    WindowName,
)

OUTCOME_LABELS: Final[Mapping[Outcome, str]] = {
    Outcome.RESPONSE: "Response",
    Outcome.PARTIAL_RESPONSE: "Partial response",
    Outcome.REMISSION: "Remission",
    Outcome.MCID: "Important change",
    Outcome.MCID20: "Important share gone",
    Outcome.RELIABLE_IMPROVEMENT: "Reliable improvement",
    Outcome.RECOVERY: "Recovery",
    Outcome.RELIABLE_RECOVERY: "Reliable recovery",
    Outcome.RESPONSE_AND_LE9: "Response, low score",
    Outcome.DETERIORATION: "Got worse",
}

WINDOW_LABELS: Final[Mapping[WindowName, str]] = {
    WindowName.H24: "24 hours",
    WindowName.D7: "Day 7",
    WindowName.END_OF_INDUCTION: "End of induction",
    WindowName.P14_31: "2–4 weeks after",
    WindowName.W6: "Week 6",
    WindowName.M3: "Month 3",
    WindowName.M6: "Month 6",
    WindowName.M12: "Month 12",
}

MISSING_LABELS: Final[Mapping[Missing, str]] = {
    Missing.NON_RESPONDER: "Not met",
    Missing.OBSERVED: "Left out",
    Missing.COMPLETERS: "Completers only",
    Missing.LAST_CARRIED: "Last score carried",
    Missing.BEST_CASE: "Best case",
    Missing.WORST_CASE: "Worst case",
}

RESISTANCE_LABELS: Final[Mapping[TreatmentResistant, str]] = {
    TreatmentResistant.YES: "Treatment-resistant",
    TreatmentResistant.NO: "Not resistant",
    TreatmentResistant.ANY: "Any history",
}

ROUTE_LABELS: Final[Mapping[Route, str]] = {
    Route.IV: "Intravenous",
    Route.IM: "Intramuscular",
    Route.SC: "Under the skin",
    Route.INTRANASAL: "Nasal spray",
    Route.ORAL: "By mouth",
    Route.ANY: "Any route",
}

INDICATION_LABELS: Final[Mapping[Indication, str]] = {
    Indication.DEPRESSION: "Depression",
    Indication.BIPOLAR_DEPRESSION: "Bipolar depression",
    Indication.PTSD: "PTSD",
    Indication.SUICIDALITY: "Suicidality",
    Indication.ANXIETY: "Anxiety",
    Indication.PAIN: "Pain",
    Indication.OTHER: "Other",
    Indication.ANY: "Any indication",
}

OUTCOME_NOUNS: Final[Mapping[Outcome, str]] = {
    Outcome.RESPONSE: "response",
    Outcome.PARTIAL_RESPONSE: "partial response",
    Outcome.REMISSION: "remission",
    Outcome.MCID: "clinically important improvement",
    Outcome.MCID20: "clinically important relative improvement",
    Outcome.RELIABLE_IMPROVEMENT: "reliable improvement",
    Outcome.RECOVERY: "recovery",
    Outcome.RELIABLE_RECOVERY: "reliable recovery",
    Outcome.RESPONSE_AND_LE9: "response with a low score",
    Outcome.DETERIORATION: "deterioration",
}

OUTCOME_RULES: Final[Mapping[Outcome, str]] = {
    Outcome.RESPONSE: "at least {response_percent} % below baseline",
    Outcome.PARTIAL_RESPONSE: "at least {partial_response_percent} % but less than {response_percent} % "
    "below baseline",
    Outcome.REMISSION: "a score of {remission_at_most} or less",
    Outcome.MCID: "at least {mcid} points below baseline",
    Outcome.MCID20: "at least {mcid_percent} % below baseline",
    Outcome.RELIABLE_IMPROVEMENT: "at least {reliable_change} points below baseline",
    Outcome.RECOVERY: "from {caseness_at_least} or more to below {caseness_at_least}",
    Outcome.RELIABLE_RECOVERY: "from {caseness_at_least} or more to below {caseness_at_least}, "
    "and at least {reliable_change} points below baseline",
    Outcome.RESPONSE_AND_LE9: "at least {response_percent} % below baseline, "
    "and {response_and_at_most} or less",
    Outcome.DETERIORATION: "at least {deterioration} points above baseline",
}
"""What each outcome asks; the scale fills in its own figures."""

WINDOW_PHRASES: Final[Mapping[WindowName, str]] = {
    WindowName.H24: "24 hours ({first_hour} to {last_hour}) after the first infusion",
    WindowName.D7: "on day {target} ({first} to {last}) after the first infusion",
    WindowName.END_OF_INDUCTION: "at end of induction ({first} to {last} days after its last infusion, "
    "before the next)",
    WindowName.P14_31: "{first} to {last} days after the last induction infusion",
    WindowName.W6: "6 weeks ({first} to {last} days) after the first infusion",
    WindowName.M3: "3 months ({first} to {last} days) after the first infusion",
    WindowName.M6: "6 months ({first} to {last} days) after the first infusion",
    WindowName.M12: "12 months ({first} to {last} days) after the first infusion",
}

ROUTE_PHRASES: Final[Mapping[Route, str]] = {
    Route.IV: "given intravenously",
    Route.IM: "given into a muscle",
    Route.SC: "given under the skin",
    Route.INTRANASAL: "given as a nasal spray",
    Route.ORAL: "given by mouth",
}

EXCLUSION_WORDS: Final[Mapping[Exclusion, str]] = {
    Exclusion.LATER_COURSE: "a later course of the same person",
    Exclusion.OUTSIDE_PERIOD: "started outside the period",
    Exclusion.OTHER_INDICATION: "treated for something else",
    Exclusion.OTHER_ROUTE: "given by another route",
    Exclusion.NO_BASELINE: "no score before the first infusion",
    Exclusion.BASELINE_BELOW: "baseline below the limit",
    Exclusion.BASELINE_ZERO: "baseline of 0",
    Exclusion.RESISTANCE_OTHER: "other history of treatment",
    Exclusion.RESISTANCE_UNKNOWN: "history of treatment unknown",
}
"""Why a course is not counted, in a row of at most 34 characters."""

WARNING_WORDS: Final[Mapping[Warn, str]] = {
    Warn.RECALL_OVERLAPS_PRE_TREATMENT: "Some of the scores counted ask about days before the first "
    "infusion.",
    Warn.RECALL_DIFFERS_FROM_BASELINE: "Some of the scores counted ask about another span of days than their "
    "baseline does.",
}
