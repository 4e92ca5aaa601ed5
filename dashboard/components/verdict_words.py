"""What an answer says: the verdict's badge, the title that is the finding, and its sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, Literal, NamedTuple

from dashboard.charts.outcome_words import outcome_words
from dashboard.charts.words import Rounding, counts, whole
from dashboard.components import verdict_sentences as sentences
from models.outcomes.answer import Answer
from models.outcomes.claim import FEWEST_COURSES, Reason, Verdict
from models.outcomes.rates import Rate
from models.outcomes.vocabulary import Missing
from models.scales import Scale


class Badge(NamedTuple):
    """A verdict in a few words, never by colour alone."""

    words: str
    icon: str
    color: Literal["blue", "orange", "gray"]


class Finding(NamedTuple):
    """The finding: its badge, the page's title, and the sentences under it in Markdown."""

    badge: Badge
    title: str
    sentences: str


BADGES: Final[Mapping[tuple[Verdict | None, Reason | None], Badge]] = {
    (Verdict.CONTRADICTED, None): Badge("Our record contradicts the claim", "trending_down", "orange"),
    (Verdict.SUPPORTED, None): Badge("Our record supports the claim", "check", "blue"),
    (Verdict.INCONCLUSIVE, Reason.SAMPLING): Badge("Cannot tell yet", "balance", "gray"),
    (Verdict.INCONCLUSIVE, Reason.MISSING): Badge("Cannot tell: too many unseen", "visibility_off", "gray"),
    (Verdict.TOO_FEW, None): Badge("Too few to say", "hourglass_empty", "gray"),
    (None, None): Badge("No verdict", "remove", "gray"),
}
IN_100: Final = "in 100"
LEADS: Final[Mapping[Missing, str]] = {
    Missing.LAST_CARRIED: "With last scores carried on, ",
    Missing.BEST_CASE: "At best, ",
    Missing.WORST_CASE: "At worst, ",
}
OF_WHOM: Final[Mapping[Missing, str]] = {
    Missing.OBSERVED: "scored again",
    Missing.COMPLETERS: "scored again after every infusion",
}


def finding(answer: Answer, scale: Scale, rounding: Rounding, closings: Sequence[date]) -> Finding:
    """The answer in words; `closings` are the days on which open windows will close, soonest first."""
    words = outcome_words(answer.estimand.outcome, scale)
    if answer.estimand.outcome.is_harm:
        seen = replace(answer, estimand=replace(answer.estimand, missing=Missing.OBSERVED))
        title = f"{_said(seen, share(answer.bounds.observed, rounding), words.did)}."
        told = sentences.harm(answer, words, rounding)
    elif answer.verdict is Verdict.TOO_FEW:
        title = f"{_said(answer, counts(answer.rate), words.did)}. Too few to say."
        told = sentences.too_few(answer, closings)
    else:
        title = _said(answer, share(answer.rate, rounding), words.did) + _so(answer, rounding)
        told = sentences.benefit(answer, words, rounding)
    return Finding(BADGES[answer.verdict, answer.reason], title, " ".join(told))


def share(rate: Rate, rounding: Rounding) -> str:
    """`42 in 100`; as counts where few stand behind it, or where that would hide somebody."""
    if not rate.denominator:
        return "No one"
    if rate.numerator in (0, rate.denominator):
        return f"{'All' if rate.numerator else 'None of the'} {whole(rate.denominator)}"
    in_100 = rounding.value(rate.numerator / rate.denominator)
    if rate.denominator < FEWEST_COURSES or in_100 in (0, 100):
        return counts(rate)
    return f"{in_100} {IN_100}"


def _said(answer: Answer, how_many: str, did: str) -> str:
    missing = answer.estimand.missing
    those = " of those" if how_many.endswith(IN_100) else ""
    of_whom = f"{those} {OF_WHOM[missing]}" if missing in OF_WHOM else ""
    said = f"{LEADS.get(missing, '')}{how_many}{of_whom} {did}"
    return said[0].upper() + said[1:]


def _so(answer: Answer, rounding: Rounding) -> str:
    """What follows from it, as the title's end."""
    if answer.verdict is None:
        return "."
    if answer.estimand.missing is Missing.NON_RESPONDER:
        if answer.reason is Reason.SAMPLING:
            return f". That may or may not be {rounding.advertised}."
        if answer.reason is Reason.MISSING:
            _, unseen = sentences.met_and_unseen(answer, rounding)
            return f", {unseen} were never scored again."
    return f". We advertise {rounding.advertised}."
