"""The public sentence of an answer, in words that claim no more than was counted."""

from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final

from models.benchmarks import control_span
from models.exchange.leaving.small_cells import hides_unseen, may_publish
from models.outcomes.answers.answer import Answer
from models.outcomes.proportions.rates import Rate
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.sentence import rule_in_words, window_in_words
from models.outcomes.question.vocabulary import Missing, Outcome, Route, TreatmentResistant, WindowName
from models.outcomes.question.windows import FAILED_TRIALS_OF_RESISTANCE, WINDOWS
from models.outcomes.question.words import INDICATION_LABELS, OUTCOME_NOUNS
from models.scales import Scale

UNCONTROLLED: Final = "Uncontrolled observational result; not evidence of efficacy."
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
KETAMINE: Final = {
    Route.IV: "intravenous ketamine",
    Route.IM: "ketamine given into a muscle",
    Route.SC: "ketamine given under the skin",
    Route.INTRANASAL: "ketamine given as a nasal spray",
    Route.ORAL: "ketamine given by mouth",
    Route.ANY: "ketamine",
}


def sentence_of(answer: Answer, scale: Scale) -> str:
    """The sentence a clinic may print: of whom, how many, the outcome, the unseen, the interval."""
    rate = answer.rate
    if rate.ratio is None:
        return f"Nobody can be counted yet. {UNCONTROLLED}"
    whom = f"who began {began(answer.estimand, scale)}"
    if not may_publish(rate):
        return (
            f"Of the {_unit(answer)} {whom}, so few are counted by {day(answer.as_of)}, "
            f"on one side of the rate or in all (1 to 10), that counts and rate are withheld to protect "
            f"them. {UNCONTROLLED}"
        )
    return (
        f"Of {rate.denominator:,} {_unit(answer)} {whom}, and {_counted_because(answer)} "
        f"{day(answer.as_of)}, {rate.numerator:,} ({percent(rate.ratio, answer.claim.rate)}) "
        f"{did(answer.estimand, scale)} {when(answer.estimand)}; {unseen(answer)} "
        f"({interval(rate, answer.claim.rate)}). {UNCONTROLLED}"
    )


def percent(ratio: float, claimed: float) -> str:
    """Whole per cent, never carried across the claim: 69.6 beside 70 is `69 %`."""
    return f"{rounded(ratio, claimed)} %"


def rounded(ratio: float, claimed: float, places: int = 0) -> Decimal:
    """A proportion in per cent with so many decimals, never carried across the claim."""
    exact, mark = Decimal(repr(ratio)) * 100, Decimal(repr(claimed)) * 100
    step = Decimal(1).scaleb(-places)
    near = exact.quantize(step, ROUND_HALF_UP)
    if exact < mark <= near:
        return exact.quantize(step, ROUND_FLOOR)
    if near <= mark < exact:
        return exact.quantize(step, ROUND_CEILING)
    return near


def interval(rate: Rate, claimed: float) -> str:
    """`95 % interval 35 to 50 %`."""
    if rate.low is None or rate.high is None:
        return "no interval"
    low, high = percent(rate.low, claimed), percent(rate.high, claimed)
    return f"95 % interval {low.removesuffix(' %')} to {high}"


def in_trials() -> str:
    """`in trials, 9.4 to 52 % of people given the comparison treatment responded`."""
    span = control_span(Outcome.RESPONSE)
    if span is None:
        return "no published trial here has a comparison treatment"
    return f"in trials, {span.low:g} to {span.high:g} % of people given the comparison treatment responded"


def day(when: date) -> str:
    """`30 June 2026`."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def did(estimand: Estimand, scale: Scale) -> str:
    """What was reached: `had a PHQ-9 at least half below baseline`."""
    rule = rule_in_words(estimand.outcome, scale).replace("\u00a0", " ")
    if rule.startswith("a score"):
        return f"had a {scale.name} {rule.removeprefix('a ')}"
    if rule.startswith("from"):
        return f"had a {scale.name} that went {rule}"
    if rule.startswith("at least 50 %"):
        rule = rule.replace("at least 50 %", "at least half", 1)
    return f"had a {scale.name} {rule}"


def when(estimand: Estimand) -> str:
    """`14 to 31 days after induction`."""
    if estimand.window is WindowName.P14_31:
        window = WINDOWS[estimand.window]
        return f"{window.first} to {window.last} days after induction"
    return window_in_words(estimand.window)


def began(estimand: Estimand, scale: Scale) -> str:
    """What was begun, for what, and by whom: everything that narrows the people counted."""
    names = [INDICATION_LABELS[each] for each in estimand.indications]
    labels = [name if name.isupper() else name.lower() for name in names]
    parts = ["for any indication" if estimand.any_indication else f"for {' or '.join(labels)}"]
    trials = FAILED_TRIALS_OF_RESISTANCE
    if estimand.treatment_resistant is TreatmentResistant.YES:
        parts.append(f"after at least {trials} failed treatments in the episode")
    elif estimand.treatment_resistant is TreatmentResistant.NO:
        parts.append(f"after fewer than {trials} failed treatments in the episode")
    if estimand.baseline_at_least:
        parts.append(f"with a {scale.name} of at least {scale.shown(estimand.baseline_at_least)} before it")
    if estimand.started_from:
        parts.append(f"on {day(estimand.started_from)} or later")
    if estimand.started_to:
        parts.append(f"on {day(estimand.started_to)} or earlier")
    if estimand.clinician is not None:
        parts.append(f"under {estimand.clinician}")
    if estimand.site is not None:
        parts.append(f"at {estimand.site}")
    return ", ".join([f"{KETAMINE[estimand.route]} {parts[0]}", *parts[1:]])


def unseen(answer: Answer) -> str:
    """What became of those not scored in time, and how many there are where that may be said."""
    missing = answer.counts.missing
    if not missing:
        who = "everyone was scored again in that time"
        finished = answer.estimand.missing is Missing.COMPLETERS
        return f"{who}, and those who stopped early are left out" if finished else who
    number = "some" if hides_unseen(answer) else f"{missing:,}"
    were = "was" if missing == 1 and number != "some" else "were"
    return f"{number} {were} not scored in that time and {counted_as(answer.estimand)}"


def counted_as(estimand: Estimand) -> str:
    """What a score that is missing counts as: `count as no response`."""
    noun = OUTCOME_NOUNS[estimand.outcome]
    match estimand.missing:
        case Missing.NON_RESPONDER:
            return f"count as no {noun}"
        case Missing.OBSERVED:
            return "are left out of this rate"
        case Missing.COMPLETERS:
            return "are left out of this rate, as are those who stopped early"
        case Missing.LAST_CARRIED:
            return "count by their last earlier score"
    met = (estimand.missing is Missing.BEST_CASE) != estimand.outcome.is_harm
    case = "best" if estimand.missing is Missing.BEST_CASE else "worst"
    return f"count as {noun if met else f'no {noun}'}, the {case} case"


def _unit(answer: Answer) -> str:
    return "people" if answer.estimand.first_course else "courses of treatment"


def _counted_because(answer: Answer) -> str:
    match answer.estimand.missing:
        case Missing.OBSERVED:
            return "were scored again in a score window that has closed by"
        case Missing.COMPLETERS:
            return "had every planned infusion and a score in a window that has closed by"
    return "whose score window has closed by"
