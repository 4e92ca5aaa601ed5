"""Each part of the advertised sentence, and what the record can say about it (clinical specification §7)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

from models.outcomes.answer import Answer, answer
from models.outcomes.case_mix import TRIALS, Group
from models.outcomes.change import defined_outcomes
from models.outcomes.claim import Claim
from models.outcomes.estimand import Estimand
from models.outcomes.rates import Rate, wilson
from models.outcomes.suicide_item import SuicideItemChange
from models.outcomes.vocabulary import Exclusion, Indication, Missing, Outcome, TreatmentResistant, WindowName
from models.scales import Scale

OutcomesOf = Callable[[str], Any]
"""The derived frame of a scale, by its id."""

RAPID: Final = "madrs"
TRAUMA: Final = "pcl5"


class ClaimPart(NamedTuple):
    """A phrase of the claim, what is counted for it, its rate, and what must be said beside it.

    `rate` is `None` where the record cannot answer; `remark` then says why.
    """

    phrase: str
    counted: str
    rate: Rate | None
    remark: str


class Beside(NamedTuple):
    """What the parts rest on besides the answers.

    `rapid` is the frame `rapid.rapid_outcomes` makes of MADRS, `None` where that scale is not known; the
    others are of the question's own people.
    """

    rapid: Any
    suicide: SuicideItemChange | None
    mix: list[Group]


def claim_parts(
    outcomes_of: OutcomesOf,
    beside: Beside,
    asked: Estimand,
    scales: Mapping[str, Scale],
    claim: Claim,
    *,
    as_of: date,
) -> list[ClaimPart]:
    """The parts in the order of the sentence, asked of the people `asked` is asked of."""

    def found(question: Estimand) -> Answer:
        return answer(outcomes_of(question.scale), question, scales[question.scale], claim, as_of=as_of)

    return [
        _people(found, asked),
        *_relief(found, asked, scales[asked.scale]),
        _resistant(found, asked),
        _in_hours(beside.rapid, asked, scales, claim, as_of),
        *_suicidality(beside.suicide, scales[asked.scale]),
        _trauma(found, asked, scales),
        ClaimPart(
            "alongside other therapies",
            "other treatments started in the time counted",
            None,
            "Not recorded here, so it cannot be told apart.",
        ),
        *_failed(beside.mix),
    ]


def _people(found: Callable[[Estimand], Answer], asked: Estimand) -> ClaimPart:
    everyone = replace(
        asked,
        treatment_resistant=TreatmentResistant.ANY,
        baseline_at_least=None,
        indications=(Indication.ANY,),
        missing=Missing.NON_RESPONDER,
    )
    rate = found(everyone).rate
    return ClaimPart(
        "people who have received ketamine",
        f"{asked.outcome.replace('_', ' ')} of everyone with an infusion and a score before it",
        rate,
        "Any indication, any baseline, any history.",
    )


def _relief(found: Callable[[Estimand], Answer], asked: Estimand, scale: Scale) -> Iterator[ClaimPart]:
    for outcome, words in (
        (Outcome.MCID, "an important change"),
        (Outcome.RESPONSE, "response"),
        (Outcome.REMISSION, "remission"),
    ):
        if outcome in defined_outcomes(scale):
            rate = found(replace(asked, outcome=outcome)).rate
            yield ClaimPart("found relief", words, rate, "Relief is not defined; three readings of it.")


def _resistant(found: Callable[[Estimand], Answer], asked: Estimand) -> ClaimPart:
    answered = found(replace(asked, treatment_resistant=TreatmentResistant.YES))
    unknown = answered.counts.excluded[Exclusion.RESISTANCE_UNKNOWN]
    return ClaimPart(
        "treatment-resistant depression",
        "the question, of those with at least 2 failed trials",
        answered.rate,
        f"Of {unknown} more the history is unknown." if unknown else "",
    )


def _in_hours(
    rapid: Any, asked: Estimand, scales: Mapping[str, Scale], claim: Claim, as_of: date
) -> ClaimPart:
    """Only scores that ask about one day may answer; the unseen count as the question says."""
    own, scale = scales[asked.scale], scales.get(RAPID)
    refused = (
        "" if asked.scale == RAPID else f"{own.name} asks about {own.recall_days} days and cannot answer."
    )
    phrase, counted = "in hours", "MADRS response at 24 hours, by scores that ask about that day alone"
    if scale is None or rapid is None:
        return ClaimPart(phrase, counted, None, refused)
    question = replace(
        asked,
        scale=RAPID,
        outcome=Outcome.RESPONSE,
        window=WindowName.H24,
        baseline_at_least=scale.baseline_at_least,
    )
    found = answer(rapid, question, scale, claim, as_of=as_of)
    seen, unseen = found.counts.observed, found.counts.missing
    if not seen:
        return ClaimPart(
            phrase, counted, None, f"{refused} No one was scored on MADRS about one day.".strip()
        )
    return ClaimPart(phrase, counted, found.rate, f"{seen} scored so, {unseen} not. {refused}".strip())


def _suicidality(change: SuicideItemChange | None, scale: Scale) -> Iterator[ClaimPart]:
    if change is None:
        yield ClaimPart("suicidality", "the item about suicide", None, f"{scale.name} does not ask.")
        return
    of = "of those who endorsed it before"
    yield ClaimPart(
        "suicidality",
        f"item resolved, {of}",
        wilson(change.resolved, change.endorsed),
        "This is not safety.",
    )
    worsened = wilson(change.worsened, change.answered)
    yield ClaimPart("suicidality", "item worse, of all who answered twice", worsened, "Never left out.")


def _trauma(found: Callable[[Estimand], Answer], asked: Estimand, scales: Mapping[str, Scale]) -> ClaimPart:
    phrase, counted = "PTSD", "PCL-5 at least 10 points lower, any indication"
    if TRAUMA not in scales:
        return ClaimPart(phrase, counted, None, "PCL-5 is not among the scales known here.")
    rate = found(
        replace(
            asked,
            scale=TRAUMA,
            outcome=Outcome.MCID,
            baseline_at_least=None,
            treatment_resistant=TreatmentResistant.ANY,
            indications=(Indication.ANY,),
        )
    ).rate
    return ClaimPart(phrase, counted, rate, "Published evidence is mixed; a trial of 158 found no effect.")


def _failed(mix: list[Group]) -> Iterator[ClaimPart]:
    for group in mix:
        if group.facet == "trials" and group.label in TRIALS and group.label != "0–1":
            counted = f"the question, of those with {group.label} failed trials in the episode"
            yield ClaimPart("when other treatments failed", counted, group.rate, "")
