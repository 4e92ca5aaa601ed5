"""The method appendix of a public sentence: all a sceptical reader may ask (§7, minimum disclosures)."""

import json
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from models.exchange.leaving.small_cells import flow, hides_counted, hides_unseen, may_publish, shown
from models.exchange.statements.statement_words import (
    UNCONTROLLED,
    counted_as,
    day,
    in_trials,
    interval,
    percent,
)
from models.outcomes.answers.answer import Answer
from models.outcomes.answers.claim import FEWEST_COURSES, Reason, Verdict
from models.outcomes.counts.disclosure import is_publishable
from models.outcomes.question.words import EXCLUSION_WORDS, WARNING_WORDS
from models.scales import Scale

_VERDICTS: Final[Mapping[tuple[Verdict, Reason | None], str]] = {
    (
        Verdict.SUPPORTED,
        None,
    ): "Supported: the interval does not fall below {claimed} even if everybody "
    "not scored in time failed to respond. This does not show what caused it.",
    (
        Verdict.CONTRADICTED,
        None,
    ): "Contradicted: of those scored again, at least half of everyone counted, the "
    "interval stays below {claimed}, which could hold only if those not scored in time did better.",
    (Verdict.INCONCLUSIVE, Reason.MISSING): "Open: too many were not scored in time to tell whether it is "
    "{claimed}.",
    (
        Verdict.INCONCLUSIVE,
        Reason.SAMPLING,
    ): "Open: {claimed} lies within what chance allows; more people are needed to tell.",
    (Verdict.TOO_FEW, None): "None: fewer than {fewest} are counted, too few for a verdict on {claimed}.",
}
_EVEN_THEN: Final = (
    "Contradicted: the interval stays below {claimed} even if everybody not scored in time did."
)
_NOBODY_UNSEEN: Final = (
    "Contradicted: the interval stays below {claimed}, and nobody counted is without a score."
)
WITHHELD: Final = "Withheld: a cell of 1 to 10 people, or one from which such a cell could be worked out."


class Part(NamedTuple):
    """One thing said of the method, under its name."""

    title: str
    text: str


def appendix(answer: Answer, scale: Scale, locked: str, known_at: str, digest: str) -> tuple[Part, ...]:
    """Who, how counted, who was left out, who is missing, how sure, against what, and the data behind it."""
    return (
        Part("Question", answer.estimand.sentence(scale)),
        Part("Fixed beforehand", locked),
        Part("Who is counted", _who(answer)),
        Part("Not counted", _left_out(answer)),
        Part("Never scored again", _missing(answer)),
        *(Part("Warning", WARNING_WORDS[warning]) for warning in answer.warnings),
        Part("Interval", _interval(answer)),
        Part("What the missing could do", _bounds(answer)),
        Part("The advertised rate", verdict_in_words(answer)),
        Part("Compared with", in_trials().capitalize() + "."),
        Part("No comparison group", UNCONTROLLED),
        Part("As of", f"{day(answer.as_of)}, of the record as known at {known_at}."),
        Part("Question as data", json.dumps(answer.question, ensure_ascii=False, sort_keys=True)),
        Part("Hash of the data", f"SHA-256 {digest}"),
    )


def verdict_in_words(answer: Answer) -> str:
    """The verdict, and what it means."""
    claimed = percent(answer.claim.rate, answer.claim.rate)
    if not may_publish(answer.rate):
        return f"{WITHHELD} No verdict on {claimed} is published with it."
    if answer.verdict is None:
        return "None: a harm, or several courses of one person, is not judged against an advertised rate."
    return _meaning(answer, answer.verdict).format(claimed=claimed, fewest=FEWEST_COURSES)


def _meaning(answer: Answer, verdict: Verdict) -> str:
    if verdict is Verdict.CONTRADICTED and not hides_unseen(answer):
        if not answer.tally.missing:
            return _NOBODY_UNSEEN
        if answer.bounds.best.high is not None and answer.bounds.best.high < answer.claim.rate:
            return _EVEN_THEN
    return _VERDICTS[verdict, answer.reason]


def _who(answer: Answer) -> str:
    counts = answer.counts
    if not may_publish(answer.rate):
        return WITHHELD
    if hides_counted(answer):
        return f"{answer.rate.denominator:,} in the rate; the other totals are withheld: see below."
    told = flow(answer)
    return (
        f"Courses treated: {shown(told.treated)}; eligible: {shown(told.eligible)}; window still open: "
        f"{shown(told.pending)}; window closed: {counts.counted:,}."
    )


def _left_out(answer: Answer) -> str:
    if not may_publish(answer.rate):
        return WITHHELD
    counts = answer.counts
    told = flow(answer).excluded
    lines = [
        f"{EXCLUSION_WORDS[why]}: {shown(told[why])}" for why, number in counts.excluded.items() if number
    ]
    return "; ".join(lines) + "." if lines else "Nobody treated was left out."


def _missing(answer: Answer) -> str:
    if not may_publish(answer.rate):
        return WITHHELD
    meaning = f"They {counted_as(answer.estimand)}."
    if hides_unseen(answer):
        return f"{WITHHELD} {meaning}"
    return f"{answer.counts.missing:,} of {answer.counts.counted:,}. {meaning}"


def _interval(answer: Answer) -> str:
    method = "Wilson score interval, 95 %."
    if not may_publish(answer.rate):
        return f"{method} {WITHHELD}"
    return f"{method} Here: {interval(answer.rate, answer.claim.rate)}."


def _bounds(answer: Answer) -> str:
    if not may_publish(answer.rate) or hides_unseen(answer):
        return WITHHELD
    return "; ".join(_limits(answer)) + "."


def _limits(answer: Answer) -> Iterator[str]:
    found = answer.bounds
    named = (
        ("at worst", found.worst),
        ("at best", found.best),
        ("of those scored again alone", found.observed),
    )
    for name, rate in named:
        if rate.ratio is None or not is_publishable(rate.numerator, rate.denominator):
            yield f"{name}: withheld"
        else:
            yield f"{name} {percent(rate.ratio, answer.claim.rate)} ({interval(rate, answer.claim.rate)})"
