"""The shares and counts of people an English sentence tells, read from its text alone.

A number of points, days, doses or milligrams is none of these, nor is `half` of a score, which is the
outcome's own rule. The lists of words are in `own_words.toml`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from importlib.resources import files
from typing import Final, NamedTuple

WORDS: Final[Mapping[str, list[str]]] = tomllib.loads(
    (files(__package__) / "own_words.toml").read_text(encoding="utf-8")
)
_UNITS: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUES: Final = {
    **{word: value for value, word in enumerate(_UNITS)},
    **{word: 10 * value for value, word in enumerate(_TENS, start=2)},
}
_PARTS: Final = "hal(?:f|ves)|thirds?|quarters?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?"
TEN: Final = 10
HUNDRED: Final = 100
_IN: Final = re.compile(r"[\s-]in[\s-]", re.IGNORECASE)


class Kind(StrEnum):
    """How a share is told."""

    LEVEL = "level"  # the 95 % of an interval: no share
    RULE = "rule"  # a percentage below baseline, or that a response is said to be: the outcome's rule
    RANGE = "range"
    PERCENT = "percent"
    PAIR = "pair"
    MORE_THAN_HALF = "more than half"
    FRACTION = "fraction"
    DECIMAL = "decimal"
    COUNT = "count"


class Said(NamedTuple):
    """A share as it stands in the sentence; its numbers in per cent, or as people for a pair or a count.

    `before` and `after` are the rest of the sentence.
    """

    kind: Kind
    words: str
    before: str
    after: str
    numbers: tuple[Decimal, ...]


def listed(*names: str) -> re.Pattern[str]:
    """Any of the words listed under these names, as whole words."""
    return re.compile(rf"\b(?:{_any(*names)})(?!\w)", re.IGNORECASE)


def shares_said(text: str) -> list[Said]:
    """Every share or count of people told, in the order of the sentence; none overlaps another."""
    found: list[Said] = []
    taken: list[tuple[int, int]] = []
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            if kind is Kind.COUNT and _SHARE_OF.search(text[:start]):
                continue
            numbers = tuple(_numbers(kind, match))
            if kind is Kind.PAIR and not _is_share(match, numbers):
                continue
            taken.append((start, end))
            found.append(Said(kind, match[0].strip(), text[:start], text[end:], numbers))
    return sorted(found, key=lambda said: len(said.before))


def _any(*names: str) -> str:
    return "|".join(word for name in names for word in WORDS[name])


def _patterns() -> dict[Kind, re.Pattern[str]]:
    """In order: what a pattern has taken, no later one reads."""
    ten, unit, one = ("|".join(words) for words in (_TENS, _UNITS, _UNITS[1:10]))
    word = rf"(?:(?:{ten})(?:[-\s](?:{one}))?|(?:a|one)\s+hundred|{unit})"
    share, count = rf"(?:\d+(?:[.,]\d+)?|\b{word})", rf"(?:\d+(?:,\d{{3}})*|{word})"
    sign = r"\s*-?(?:%|per\s?cent\b|pct\b)"
    decimal = r"(?<![\w.,])(?:0[.,]\d+|\.\d+|1\.0+)(?!\d)"
    to = r"(?:\s+to\s+|(?<=[\d%\s])\s*[-\u2013]\s*(?=\d))"
    whose = r"(?:(?:the|our|all|these|those|every|of)\s+)*"
    between = rf"(?:(?!(?:{_any('not_people')}|and|but|while)(?!\w))[^\W\d][\w'’-]*\s+){{0,5}}?"
    others = rf"(?!\s*(?:%|per\s?cent|to\s+\d|[-\u2013]\s*\d|(?:{_any('not_people')})(?!\w)))"
    of_people = rf"(?:\s+{between}(?:{_any('people', 'did')})(?!\w))"
    part = rf"(?:(?:a|{word})[-\s]+)?(?:{_PARTS})"
    bound = r"(?:(?:more|fewer|less)\s+than|over|under|above|almost|nearly|about|at\s+least|up\s+to)"
    whom = rf"(?:(?:{_any('people')})\s+)?"
    of = rf"(?:[\s-]+{whom}(?:in|(?:out[\s-]+)?of)[\s-]+{whose}|\s*/\s*)"
    means = (
        r"\bresponse\s+(?:is|was|means|meant|(?:is|was)\s+defined\s+as|being)\s+(?:an?\s+)?"
        rf"(?:(?:at\s+least|≥)\s*({share}){sign}|({share}){sign}\s+or\s+(?:more|greater))\s+"
        r"(?:improvement|reduction|decrease|drop|fall)"
        r"(?=\s*(?:[.,;)]|$)|\s+(?:in|on|of|from)\s+(?:[\w-]+\s+){0,3}?(?:scores?|baselines?|symptoms?)\b)"
    )
    written: dict[Kind, str] = {
        Kind.LEVEL: rf"95(?:\.0+)?{sign}\s+(?:(?:Wilson|score)\s+)*(?:interval|confidence|CI)\b",
        Kind.RULE: rf"({share}){sign}\s+below\b|{means}",
        Kind.RANGE: (
            rf"({share})(?:{sign})?{to}({share}){sign}|between\s+({share})(?:{sign})?\s+and\s+({share}){sign}"
            rf"|({decimal}){to}({decimal}){others}"
        ),
        Kind.PERCENT: rf"({share}){sign}",
        Kind.PAIR: rf"(?<![\d.,/])\b({count}){of}({count})(?![\d.,/]*\d)\b{others}",
        Kind.MORE_THAN_HALF: rf"\b(?:more\s+than|over|above)\s+half{of_people}",
        Kind.FRACTION: rf"\b(?:{bound}\s+)?(?:{part}|\d+/\d+|[½⅓⅔¼¾]){of_people}",
        Kind.DECIMAL: rf"({decimal}){others}",
        Kind.COUNT: rf"(?<![\d.,])\b({count})\s+{between}(?:{_any('did')})(?!\w)",
    }
    return {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in written.items()}


_PATTERNS: Final = _patterns()
_SHARE_OF: Final = re.compile(r"\b(?:of|in|from)\s+(?:(?:the|our|all|these|those)\s+)*$", re.IGNORECASE)


def _numbers(kind: Kind, match: re.Match[str]) -> Iterator[Decimal]:
    for written in filter(None, match.groups()):
        if kind in (Kind.PAIR, Kind.COUNT):
            yield _value(written.replace(",", ""))
        elif kind is Kind.DECIMAL or (kind is Kind.RANGE and match[match.re.groups]):
            yield _value(written).scaleb(2)
        else:
            yield _value(written)


def _is_share(match: re.Match[str], numbers: tuple[Decimal, ...]) -> bool:
    """`7 in 10` and `65/159` are shares; `12 in 2026`, `24/7` and `1/2` are not pairs of people."""
    few, many = numbers
    if "/" in match[0]:
        return few <= many and many >= TEN
    return not _IN.search(match[0]) or few <= many <= HUNDRED


def _value(written: str) -> Decimal:
    """A number in digits, with a decimal point or comma, or in words up to a hundred."""
    if any(each.isdigit() for each in written):
        return Decimal(written.rstrip(",").replace(",", "."))
    words = re.split(r"[-\s]+", written.lower())
    return Decimal(HUNDRED if "hundred" in words else sum(_VALUES[word] for word in words))
