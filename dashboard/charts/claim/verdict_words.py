"""What the record says of the claim, at a glance: a badge, a title and the sentence under it."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, NamedTuple

from dashboard.charts.claim.verdict_sentences import sentence_of
from dashboard.charts.outcome_words import outcome_words
from dashboard.charts.words import Rounding, counts, whole
from models.outcomes.answers.answer import Answer
from models.outcomes.answers.claim import FEWEST_COURSES, Reason, Verdict
from models.outcomes.question.vocabulary import Missing
from models.scales import Scale

Color = Literal["orange", "blue", "gray"]


class VerdictWords(NamedTuple):
    """A verdict on a page: `icon` is a Material name, `sentence` is Markdown."""

    badge: str
    icon: str
    color: Color
    title: str
    sentence: str


def verdict_words(
    answer: Answer, scale: Scale, rounding: Rounding, *, closed_by: date | None = None
) -> VerdictWords:
    """The answer in words; by `closed_by` every window that is open now has closed."""
    words = outcome_words(answer.estimand.outcome, scale)
    title = _title(answer, words.did, rounding)
    return VerdictWords(*_badge(answer), title, sentence_of(answer, words, rounding, closed_by))


def _badge(answer: Answer) -> tuple[str, str, Color]:
    if answer.verdict is Verdict.INCONCLUSIVE and answer.reason is Reason.MISSING:
        return "Cannot tell: too many unseen", "visibility_off", "gray"
    if answer.verdict is None:
        return ("No verdict on harm" if answer.estimand.outcome.is_harm else "No verdict"), "info", "gray"
    return _BADGES[answer.verdict]


def _title(answer: Answer, did: str, rounding: Rounding) -> str:
    rate = answer.rate
    if not answer.counts.counted:
        return "No one can be counted yet"
    if rate.ratio is None:
        return "No one can be counted this way"
    if answer.estimand.outcome.is_harm:
        seen, worst = answer.bounds.observed, answer.bounds.worst
        at_worst = f", {counts(worst)} at worst" if answer.counts.missing else ""
        return f"{counts(seen)} seen {did}{at_worst}"
    if rate.denominator < FEWEST_COURSES:
        found = f"{counts(rate)} {did}"
    else:
        found = f"{rounding.number(rate.ratio)} in 100 {did}"
    whose = "" if answer.estimand.first_course else "By course, "
    return _WHOSE.get(answer.estimand.missing, whose) + _beside_the_claim(answer, found, rounding)


def _beside_the_claim(answer: Answer, found: str, rounding: Rounding) -> str:
    few = answer.rate.denominator < FEWEST_COURSES
    if answer.verdict is Verdict.TOO_FEW or (answer.verdict is None and few):
        return f"{found}. Too few to say."
    if answer.verdict is not Verdict.INCONCLUSIVE:
        return f"{found}. We advertise {rounding.advertised}."
    if answer.reason is Reason.SAMPLING:
        return f"{found}. That may or may not be {rounding.advertised}."
    unseen, counted = answer.counts.missing, answer.counts.counted
    in_hundred = answer.rate.denominator == counted
    many = Rounding(rounding.claim).number(unseen / counted) if in_hundred else whole(unseen)
    were = "was" if many == "1" else "were"
    return f"{found}, {many} {were} not scored in time."


_BADGES: Final[Mapping[Verdict, tuple[str, str, Color]]] = {
    Verdict.SUPPORTED: ("Our record supports the claim", "check", "blue"),
    Verdict.CONTRADICTED: ("Our record contradicts the claim", "trending_down", "orange"),
    Verdict.INCONCLUSIVE: ("Cannot tell yet", "balance", "gray"),
    Verdict.TOO_FEW: ("Too few to say", "hourglass_empty", "gray"),
}
_WHOSE: Final[Mapping[Missing, str]] = {
    Missing.OBSERVED: "Of those scored in time, ",
    Missing.COMPLETERS: "Of those who finished, ",
    Missing.LAST_CARRIED: "By their last score, ",
    Missing.BEST_CASE: "At best, ",
    Missing.WORST_CASE: "At worst, ",
}
