"""A manager's own sentence, read for what the record does not carry.

It looks for numbers and for words from short lists, in English. It does not understand the sentence: it
cannot see irony, a claim made by a picture or between the lines, a number in words beyond those listed
("seven in ten"), a true number beside the wrong people, or another language. A sentence without findings is
not thereby true; the generated sentence is the one to print.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from models.exchange.small_cells import hides_unseen, may_publish
from models.exchange.statement_appendix import WITHHELD
from models.exchange.statement_words import percent
from models.exchange.wordings import UNCONTROLLED_REASON, Choice, record_says, refused
from models.outcomes.answer import Answer
from models.outcomes.vocabulary import Missing
from models.scales import Scale

_PERCENT: Final = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(?:%|per\s?cent\b)(\s+(?:interval|confidence|CI|below)\b)?", re.IGNORECASE
)
_RANGE: Final = re.compile(
    r"\d+(?:[.,]\d+)?\s*(?:to|[-\N{EN DASH}])\s*\d+(?:[.,]\d+)?\s*(?:%|per\s?cent\b)", re.IGNORECASE
)
_NUMERALS: Final = "one|two|three|four|five|six|seven|eight|nine|ten"
_IN_TEN: Final = re.compile(rf"\b({_NUMERALS}|\d+)\s+(?:in|out of)\s+(ten|10|100|a hundred)\b", re.IGNORECASE)
_OF: Final = re.compile(r"\b(\d[\d,]*)\s+(?:of|out of)\s+(?:the\s+|our\s+)*(\d[\d,]*)\b", re.IGNORECASE)
_CAUSAL: Final = re.compile(
    r"\b(because of|due to|thanks to|caus\w+|cures?|cured|curing|heals?|healed|treats|effective(?:ness)?|"
    r"efficac\w+|proven|proves?|works|worked|reliev\w+|reduc(?:es|ed)|improv(?:es) )(?=\W|$)",
    re.IGNORECASE,
)
_MOST: Final = re.compile(r"\b(most|the majority|nearly all|almost all|everyone|everybody)\b", re.IGNORECASE)
_RELIEF: Final = re.compile(r"\b(relief|success(?:ful)?|feel(?:s|ing)? better)\b", re.IGNORECASE)
_HOURS: Final = re.compile(
    r"\b((?:with)?in (?:\w+ )?hours?|overnight|immediately|instantly|rapid(?:ly)?)\b", re.IGNORECASE
)
_SEEN: Final = re.compile(
    r"scored again|finished|completed|seen again|never scored|left out|not scored", re.IGNORECASE
)
_UNCONTROLLED: Final = re.compile(r"uncontrolled|no comparison|not evidence of efficacy", re.IGNORECASE)


class Finding(NamedTuple):
    """Words of the sentence, and what is wrong with them."""

    words: str
    reason: str


def read_own_words(text: str, answer: Answer, scale: Scale) -> tuple[Finding, ...]:
    """Everything found in a sentence; empty where nothing was (which the module says the limits of)."""
    bare = _without_disclaimer(text)
    return (
        *_numbers(text, answer, scale),
        *_words(bare, answer),
        *_left_unsaid(text, answer),
    )


def _without_disclaimer(text: str) -> str:
    return re.sub(r"not evidence of efficacy", "", text, flags=re.IGNORECASE)


def _numbers(text: str, answer: Answer, scale: Scale) -> Iterator[Finding]:
    rate = answer.rate
    published = may_publish(rate) and rate.ratio is not None
    ranges = [found.span() for found in _RANGE.finditer(text)]
    for found in _PERCENT.finditer(text):
        number, after = _decimal(found[1]), (found[2] or "").strip().lower()
        if (after and after != "below" and number == 95) or (  # noqa: PLR2004 - the level of the interval
            after == "below" and number == scale.response_percent
        ):
            continue
        within = any(start <= found.start() < end for start, end in ranges)
        allowed = _limits(answer) if within else _shown(answer)
        if not published:
            yield Finding(found[0].strip(), WITHHELD)
        elif number not in allowed:
            yield Finding(found[0].strip(), _why_not(number, answer))
    for found in _IN_TEN.finditer(text):
        yield Finding(found[0], f"say the counts instead; {record_says(answer)}")
    for found in _OF.finditer(text):
        pair = tuple(int(each.replace(",", "")) for each in found.groups())
        if _IN_TEN.search(found[0]):
            continue
        if not published:
            yield Finding(found[0], WITHHELD)
        elif pair != (rate.numerator, rate.denominator):
            yield Finding(found[0], f"the counts are {rate.numerator:,} of {rate.denominator:,}")


def _words(text: str, answer: Answer) -> Iterator[Finding]:
    for found in _CAUSAL.finditer(text):
        yield Finding(found[0].strip(), f"says what caused it, but {UNCONTROLLED_REASON}")
    for pattern, choice in ((_MOST, Choice.MOST), (_RELIEF, Choice.RELIEF), (_HOURS, Choice.HOURS)):
        why = refused(choice, answer)
        if why is not None:
            for found in pattern.finditer(text):
                yield Finding(found[0], why.removeprefix("Refused: ").removesuffix("."))


def _left_unsaid(text: str, answer: Answer) -> Iterator[Finding]:
    first = _PERCENT.search(text) or _IN_TEN.search(text)
    if first is None:
        return
    words, of = first[0].strip(), answer.rate.denominator
    if may_publish(answer.rate) and not re.search(rf"(?<![\d,])(?:{of}|{of:,})(?![\d,]\d)", text):
        yield Finding(words, f"says no denominator; the rate is of {of:,}")
    partial = answer.estimand.missing in (Missing.OBSERVED, Missing.COMPLETERS)
    if partial and answer.counts.missing and not _SEEN.search(text):
        yield Finding(words, "is a rate of those scored again alone; say so in the same sentence")
    if not _UNCONTROLLED.search(text):
        yield Finding(words, "stands without “Uncontrolled observational result; not evidence of efficacy”")


def _why_not(number: Decimal, answer: Answer) -> str:
    claimed, seen = answer.claim.rate, answer.bounds.observed
    if number == _decimal(percent(claimed, claimed)):
        return f"is the advertised rate; {record_says(answer)}"
    if (
        seen.ratio is not None
        and not hides_unseen(answer)
        and number == _decimal(percent(seen.ratio, claimed))
    ):
        return f"is the rate of those scored again alone; {record_says(answer)}"
    return f"is not the rate; {record_says(answer)}"


def _shown(answer: Answer) -> set[Decimal]:
    return _percents(answer, answer.rate.ratio)


def _limits(answer: Answer) -> set[Decimal]:
    return _percents(answer, answer.rate.low, answer.rate.high)


def _percents(answer: Answer, *ratios: float | None) -> set[Decimal]:
    return {_decimal(percent(ratio, answer.claim.rate)) for ratio in ratios if ratio is not None}


def _decimal(written: str) -> Decimal:
    return Decimal(written.removesuffix("%").strip().replace(",", "."))
