"""Wordings a clinic might like to print, each allowed or refused by what the record carries."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from models.exchange.leaving.small_cells import hides_unseen, may_publish
from models.exchange.statements.statement_appendix import WITHHELD
from models.exchange.statements.statement_words import in_trials, interval, percent, when
from models.outcomes.answers.answer import Answer
from models.outcomes.answers.claim import FEWEST_COURSES, Reason, Verdict
from models.outcomes.question.vocabulary import Missing, Warn, WindowName

HALF: Final = 0.5
_NO_VERDICT: Final = "this question is not judged against {claimed}"
_SAYS: Final[Mapping[tuple[Verdict, Reason | None], str]] = {
    (Verdict.SUPPORTED, None): "the record supports {claimed}",
    (Verdict.CONTRADICTED, None): "the record contradicts {claimed}",
    (Verdict.INCONCLUSIVE, Reason.MISSING): "too many were not scored in time to tell about {claimed}",
    (Verdict.INCONCLUSIVE, Reason.SAMPLING): "{claimed} can be neither confirmed nor excluded",
    (Verdict.TOO_FEW, None): "fewer than {fewest} are counted, too few to judge {claimed}",
}


class Choice(StrEnum):
    """The wordings offered."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    ADVERTISED = "advertised"
    MOST = "most"
    SEEN_ONLY = "seen_only"
    RELIEF = "relief"
    HOURS = "hours"
    BECAUSE = "because"
    PROVEN = "proven"
    CURES = "cures"


class Wording(NamedTuple):
    """A wording, and why it is refused; `None` where the record carries it."""

    choice: Choice
    words: str
    refused: str | None


def wordings(answer: Answer) -> tuple[Wording, ...]:
    """Every wording offered, in the order of `Choice`."""
    return tuple(_wordings(answer))


def refused(choice: Choice | str, answer: Answer) -> str | None:
    """Why one of the wordings is refused, as a sentence; `None` where it may be used."""
    return next(each.refused for each in wordings(answer) if each.choice is Choice(choice))


def uncontrolled_reason() -> str:
    """Why no wording about what caused a response is carried."""
    return f"there is no comparison group; {in_trials()}"


def record_says(answer: Answer) -> str:
    """What the record says of the claim, with its counts: `the record contradicts 70 %: 42 % (71 of 168) …`.

    The rate is that of everyone counted, the unseen as not met: a verdict never rests on fewer.
    """
    claimed = percent(answer.claim.rate, answer.claim.rate)
    rate = answer.bounds.non_responder
    if rate.ratio is None or not may_publish(rate) or not may_publish(answer.rate):
        return WITHHELD[0].lower() + WITHHELD[1:].removesuffix(".")
    found = (
        f"{percent(rate.ratio, answer.claim.rate)} ({rate.numerator:,} of {rate.denominator:,}), "
        f"{interval(rate, answer.claim.rate)}"
    )
    said = _NO_VERDICT if answer.verdict is None else _SAYS[answer.verdict, answer.reason]
    return f"{said.format(claimed=claimed, fewest=FEWEST_COURSES)}: {found}"


def _wordings(answer: Answer) -> Iterator[Wording]:
    claimed = percent(answer.claim.rate, answer.claim.rate)
    says, verdict = record_says(answer), answer.verdict if may_publish(answer.rate) else None
    yield _judged(Choice.SUPPORTS, f"Our own record supports the advertised {claimed}", says, verdict)
    yield _judged(Choice.CONTRADICTS, f"Our own record contradicts the advertised {claimed}", says, verdict)
    yield _given(Choice.ADVERTISED, f"{claimed} of our patients responded", _not_the_rate(answer, claimed))
    yield _given(Choice.MOST, "Most people responded", _not_most(answer))
    yield _given(Choice.SEEN_ONLY, *_seen_only(answer))
    yield _given(
        Choice.RELIEF,
        f"{claimed} found relief",
        "relief is not defined; say what was counted, as the sentence does",
    )
    yield _given(Choice.HOURS, "Better in hours", _not_in_hours(answer))
    yield _given(Choice.BECAUSE, "People got better because of ketamine", uncontrolled_reason())
    yield _given(Choice.PROVEN, "Proven effective", uncontrolled_reason())
    yield _given(
        Choice.CURES,
        "Ketamine cures depression",
        f"a score {when(answer.estimand)} shows no cure, and {uncontrolled_reason()}",
    )


def _given(choice: Choice, words: str, why: str | None) -> Wording:
    return Wording(choice, words, None if why is None else f"Refused: {why}.")


def _judged(choice: Choice, words: str, says: str, verdict: Verdict | None) -> Wording:
    carries = {Choice.SUPPORTS: Verdict.SUPPORTED, Choice.CONTRADICTS: Verdict.CONTRADICTED}[choice]
    return _given(choice, words, None if verdict is carries else says)


def _not_the_rate(answer: Answer, claimed: str) -> str | None:
    rate = answer.bounds.non_responder
    if rate.ratio is None or not may_publish(answer.rate) or not may_publish(rate):
        return record_says(answer)
    same = percent(rate.ratio, answer.claim.rate) == claimed and answer.verdict is Verdict.SUPPORTED
    return None if same else record_says(answer)


def _not_most(answer: Answer) -> str | None:
    rate = answer.bounds.non_responder
    if rate.low is None or not may_publish(answer.rate) or not may_publish(rate):
        return record_says(answer)
    if answer.estimand.outcome.is_harm:
        return "the question counts those who got worse"
    if rate.low > HALF:
        return None
    return (
        f"of everyone counted {rate.numerator:,} of {rate.denominator:,} did, "
        f"{interval(rate, answer.claim.rate)}, which does not lie above half"
    )


def _seen_only(answer: Answer) -> tuple[str, str | None]:
    seen, missing = answer.bounds.observed, answer.counts.missing
    if seen.ratio is None or hides_unseen(answer) or not may_publish(answer.rate):
        return "A rate of those scored again alone", record_says(answer)
    words = f"{percent(seen.ratio, answer.claim.rate)} of our patients responded"
    if not missing:
        return words, None
    honest = answer.estimand.missing in (Missing.OBSERVED, Missing.COMPLETERS)
    left_out = f"that rate is of those scored again alone and leaves out the {missing:,} not scored in time"
    return words, f"{left_out}{'; say so in the same sentence' if honest else ''}"


def _not_in_hours(answer: Answer) -> str | None:
    if answer.estimand.window is not WindowName.H24:
        return f"the score counted was taken {when(answer.estimand)}, not hours after an infusion"
    if Warn.RECALL_OVERLAPS_PRE_TREATMENT in answer.warnings:
        return "the scale asks about days before the infusion, and cannot show a change in hours"
    return uncontrolled_reason() if not may_publish(answer.rate) else None
