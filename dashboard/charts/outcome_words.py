"""What people did, in words made from the scale: for titles, rows and sentences."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from dashboard.charts.words import NBSP
from models.outcomes.question.change import rule_of
from models.outcomes.question.vocabulary import Outcome
from models.scales import Scale


class OutcomeWords(NamedTuple):
    """One outcome on one scale, at every length a page needs.

    `did` stands after a count in a title, `short` after one in a figure (18 letters at most), `row` and
    `remark` (20) head a row, and `clause` is what is so "for 71 of the 168 people we can count".
    """

    did: str
    short: str
    row: str
    remark: str
    clause: str


def outcome_words(outcome: Outcome, scale: Scale) -> OutcomeWords:
    """The words of an outcome, with the scale's own figures; `UndefinedOutcomeError` where it has none."""
    figures = {figure: _figure(scale, figure) for figure in rule_of(outcome, scale).figures}
    words = OutcomeWords(*(each.format(scale=scale, **figures) for each in _WORDS[outcome]))
    if len(words.remark) > LONGEST_REMARK:
        words = words._replace(remark=words.remark.removeprefix(f"{scale.name} "))
    return words


def _figure(scale: Scale, figure: str) -> str:
    value: int = getattr(scale, figure)
    return share(value) if figure.endswith("percent") else scale.shown(value)


def share(percent: int) -> str:
    """`half`, or `30 %` where there is no word for it."""
    return _SHARES.get(percent, f"{percent}{NBSP}%")


LONGEST_REMARK: Final = 20
_SHARES: Final[Mapping[int, str]] = {50: "half", 25: "a quarter", 20: "a fifth"}
_WORDS: Final[Mapping[Outcome, OutcomeWords]] = {
    Outcome.RESPONSE: OutcomeWords(
        "responded",
        "responded",
        "Responded",
        "at least {response_percent} gone",
        "the {scale.measures} score fell by at least {response_percent}",
    ),
    Outcome.PARTIAL_RESPONSE: OutcomeWords(
        "responded in part",
        "responded in part",
        "Partial response",
        "{partial_response_percent} gone",
        "the {scale.measures} score fell by at least {partial_response_percent}, "
        "but by less than {response_percent}",
    ),
    Outcome.REMISSION: OutcomeWords(
        "reached remission",
        "reached remission",
        "Remission",
        "{scale.name} {remission_at_most} or less",
        "the {scale.measures} score was {remission_at_most} or less",
    ),
    Outcome.MCID: OutcomeWords(
        "improved by at least {mcid} points",
        "improved {mcid} points",
        "Important change",
        "{mcid} points or more",
        "the {scale.measures} score fell by at least {mcid} points",
    ),
    Outcome.MCID20: OutcomeWords(
        "improved by at least {mcid_percent}",
        "improved {mcid_percent}",
        "Important share gone",
        "{mcid_percent} or more",
        "the {scale.measures} score fell by at least {mcid_percent}",
    ),
    Outcome.RELIABLE_IMPROVEMENT: OutcomeWords(
        "improved reliably",
        "improved reliably",
        "Improved reliably",
        "{reliable_change} points or more",
        "the {scale.measures} score fell by at least {reliable_change} points, "
        "more than measurement error explains",
    ),
    Outcome.RECOVERY: OutcomeWords(
        "recovered",
        "recovered",
        "Recovered",
        "from {caseness_at_least} to below",
        "the {scale.measures} score fell from {caseness_at_least} or more to below {caseness_at_least}",
    ),
    Outcome.RELIABLE_RECOVERY: OutcomeWords(
        "recovered reliably",
        "recovered reliably",
        "Recovered reliably",
        "by {reliable_change} or more",
        "the {scale.measures} score fell from {caseness_at_least} or more to below {caseness_at_least}, "
        "and by at least {reliable_change} points",
    ),
    Outcome.RESPONSE_AND_LE9: OutcomeWords(
        "responded and reached {response_and_at_most} or less",
        "responded, low now",
        "Response, low score",
        "and {response_and_at_most} or less",
        "the {scale.measures} score fell by at least {response_percent}, to {response_and_at_most} or less",
    ),
    Outcome.DETERIORATION: OutcomeWords(
        "got worse",
        "got worse",
        "Got worse",
        "{deterioration} points or more",
        "the {scale.measures} score rose by at least {deterioration} points",
    ),
}
