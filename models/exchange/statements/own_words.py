"""A manager's own sentence, read for what the record does not carry.

It looks for shares and counts of people, in digits and in words, and for words from short lists, in English.
It does not understand the sentence. It cannot see irony, a claim made by a picture or between the lines, a
promise in words that are not listed, a fraction of people it cannot tell from a fraction of a score ("half
slept better"), a number of people without what they did, a count above a hundred in words, a true number
beside the wrong people, scale or time, or another language. A sentence without objections is not true
for that; the generated sentence is the one to print.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from models.benchmarks import control_span
from models.exchange.leaving.small_cells import hides_unseen, may_publish
from models.exchange.statements.shares_said import Kind, Said, listed, shares_said
from models.exchange.statements.statement_appendix import WITHHELD
from models.exchange.statements.statement_words import interval, rounded
from models.exchange.statements.wordings import Choice, record_says, refused, uncontrolled_reason
from models.outcomes.answers.answer import Answer
from models.outcomes.question.vocabulary import Missing, Outcome
from models.scales import Scale

_MOST_DIGITS: Final = 12
_RATHER_COUNTS: Final = 100
_CHOICES: Final = (
    (listed("most"), Choice.MOST),
    (listed("relief"), Choice.RELIEF),
    (listed("hours"), Choice.HOURS),
)
_CAUSE: Final = listed("cause")
_PROMISE: Final = listed("promise")
_SEEN: Final = re.compile(
    r"scored again|finished|completed|seen again|never scored|left out|not scored", re.IGNORECASE
)
_SCORED: Final = re.compile(
    r"\s+(?:\w+\s+)?(?:were|was)\s+(?:(never|not)\s+)?scored (?:again|in (?:that )?time)", re.IGNORECASE
)
_IN_TRIALS: Final = re.compile(r"\btrials,?\s+$", re.IGNORECASE)
_BOUND: Final = re.compile(r"\b((?:more|fewer|less) than|over|above|under|at least|up to)\s+$", re.IGNORECASE)
_UNCONTROLLED: Final = re.compile(r"uncontrolled|no comparison|not evidence of efficacy", re.IGNORECASE)
_DISCLAIMER: Final = re.compile(r"not evidence of efficacy", re.IGNORECASE)


class Objection(NamedTuple):
    """Words of the sentence, and what is wrong with them."""

    words: str
    reason: str


class Reading(NamedTuple):
    """What was found wrong, and all the words that could be judged: of none, nothing is known."""

    objections: tuple[Objection, ...]
    judged: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Whether something was judged and nothing found wrong."""
        return bool(self.judged) and not self.objections


def read_own_words(text: str, answer: Answer, scale: Scale) -> Reading:
    """Everything judged in a sentence, and what of it is wrong (the module says the limits)."""
    told = [said for said in shares_said(text) if not _is_rule(said, scale)]
    shares = [said for said in told if not _is_true_beside_the_rate(said, answer)]
    judged = [
        *((said.words, _why_not_share(said, answer) if said in shares else None) for said in told),
        *_words(_DISCLAIMER.sub("", text), answer),
    ]
    objections = [Objection(words, why) for words, why in judged if why is not None]
    unsaid = _left_unsaid(text, shares, answer)
    return Reading((*objections, *unsaid), tuple(words for words, _ in judged))


def _is_rule(said: Said, scale: Scale) -> bool:
    """Whether it is no share: the level of the interval, or how far below baseline a response lies."""
    return said.kind is Kind.LEVEL or (said.kind is Kind.RULE and said.numbers[0] == scale.response_percent)


def _is_true_beside_the_rate(said: Said, answer: Answer) -> bool:
    """Whether it is how many were scored again or never, or the range of the control arms in trials."""
    if said.kind is Kind.RANGE and _IN_TRIALS.search(said.before):
        return [float(number) for number in said.numbers] == [*(control_span(Outcome.RESPONSE) or ())]
    again, counts = _SCORED.match(said.after), answer.counts
    if said.kind is not Kind.PAIR or again is None or hides_unseen(answer) or not may_publish(answer.rate):
        return False
    few, many = said.numbers
    return few == (counts.missing if again[1] else counts.observed) and many == counts.counted


def _why_not_share(said: Said, answer: Answer) -> str | None:
    why = _why_not_number(said, answer)
    if why is None and said.kind is not Kind.RANGE and (bound := _BOUND.search(said.before)):
        return f"is the number itself, not “{bound[1]}” it"
    return why


def _why_not_number(said: Said, answer: Answer) -> str | None:
    rate = answer.rate
    if not may_publish(rate) or rate.ratio is None:
        return WITHHELD
    match said.kind:
        case Kind.RANGE:
            why = _why_not_limits(said.numbers, answer)
        case Kind.PAIR:
            why = _why_not_pair(said.numbers, answer)
        case Kind.COUNT:
            why = None if said.numbers[0] == rate.numerator else _the_counts(answer)
        case Kind.MORE_THAN_HALF:
            why = _why_refused(Choice.MOST, answer)
        case Kind.FRACTION:
            why = f"say the counts instead; {record_says(answer)}"
        case _:
            why = _why_not_percent(said.numbers[0], answer)
    return why


def _why_not_limits(limits: tuple[Decimal, ...], answer: Answer) -> str | None:
    rate = answer.rate
    low, high = limits
    if _rounds_to(low, rate.low, answer) and _rounds_to(high, rate.high, answer):
        return None
    return f"is not the {interval(rate, answer.claim.rate)}; {record_says(answer)}"


def _why_not_pair(pair: tuple[Decimal, ...], answer: Answer) -> str | None:
    few, many = pair
    if few == answer.rate.numerator and many == answer.rate.denominator:
        return None
    if many <= _RATHER_COUNTS:
        return f"say the counts instead; {record_says(answer)}"
    return _the_counts(answer)


def _the_counts(answer: Answer) -> str:
    return f"the counts are {answer.rate.numerator:,} of {answer.rate.denominator:,}"


def _why_not_percent(number: Decimal, answer: Answer) -> str | None:
    if _rounds_to(number, answer.rate.ratio, answer):
        return None
    if _rounds_to(number, answer.claim.rate, answer):
        return f"is the advertised rate; {record_says(answer)}"
    if not hides_unseen(answer) and _rounds_to(number, answer.bounds.observed.ratio, answer):
        return f"is the rate of those scored again alone; {record_says(answer)}"
    return f"is not the rate; {record_says(answer)}"


def _rounds_to(number: Decimal, ratio: float | None, answer: Answer) -> bool:
    """Whether a percentage is this ratio, at its own number of decimals and on its side of the claim."""
    exponent = number.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    return (
        ratio is not None and places <= _MOST_DIGITS and number == rounded(ratio, answer.claim.rate, places)
    )


def _words(text: str, answer: Answer) -> Iterator[tuple[str, str | None]]:
    for found in _CAUSE.finditer(text):
        yield found[0], f"says what caused it, but {uncontrolled_reason()}"
    for found in _PROMISE.finditer(text):
        yield found[0], f"promises what no count of scores can; {record_says(answer)}"
    for pattern, choice in _CHOICES:
        for found in pattern.finditer(text):
            yield found[0], _why_refused(choice, answer)


def _why_refused(choice: Choice, answer: Answer) -> str | None:
    why = refused(choice, answer)
    return None if why is None else why.removeprefix("Refused: ").removesuffix(".")


def _left_unsaid(text: str, shares: list[Said], answer: Answer) -> Iterator[Objection]:
    if not shares:
        return
    words, of = shares[0].words, answer.rate.denominator
    if may_publish(answer.rate) and not re.search(rf"(?<![\d,])(?:{of}|{of:,})(?![\d,]\d)", text):
        yield Objection(words, f"says no denominator; the rate is of {of:,}")
    partial = answer.estimand.missing in (Missing.OBSERVED, Missing.COMPLETERS)
    if partial and answer.counts.missing and not _SEEN.search(text):
        yield Objection(words, "is a rate of those scored again alone; say so in the same sentence")
    if not _UNCONTROLLED.search(text):
        yield Objection(words, "stands without “Uncontrolled observational result; not evidence of efficacy”")
