"""Each part of the advertised sentence, and what the record can say about it (clinical specification §7)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

from models.outcomes.answers.answer import Answer, answer
from models.outcomes.answers.claim import Claim, half_seen
from models.outcomes.answers.of_many import Withheld
from models.outcomes.answers.unanswered import why_unanswered
from models.outcomes.counts.case_mix import TRIALS, Group
from models.outcomes.counts.suicide_item import SuicideItemChange
from models.outcomes.proportions.rates import Rate, wilson
from models.outcomes.question.change import defined_outcomes
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.sentence import rule_in_words
from models.outcomes.question.vocabulary import (
    Exclusion,
    Indication,
    Missing,
    Outcome,
    TreatmentResistant,
    WindowName,
)
from models.outcomes.question.windows import FAILED_TRIALS_OF_RESISTANCE, WINDOWS
from models.outcomes.question.words import WARNING_WORDS
from models.scales import Scale

OutcomesOf = Callable[[str], Any]
"""The derived frame of a scale, by its id."""

TOO_MANY_UNSEEN: Final = "Cannot tell: too many unseen."
RELIEF: Final = "found relief"
RAPID: Final = "madrs"
TRAUMA: Final = "pcl5"
FAILED: Final = {label for label, (_, most) in TRIALS.items() if most >= FAILED_TRIALS_OF_RESISTANCE}


class ClaimPart(NamedTuple):
    """A phrase of the claim, what is counted for it, its rate, and what must be said beside it.

    `rate` is `None` where the record cannot answer; `remark` then says why. `estimand` is the question whose
    people are counted, `None` where nothing is recorded that could be.
    """

    phrase: str
    counted: str
    rate: Rate | None
    remark: str
    estimand: Estimand | None = None


class Beside(NamedTuple):
    """What the parts rest on besides the answers.

    `rapid` is the frame `rapid.rapid_outcomes` makes of MADRS, `None` where that scale is not known; the
    others are of the question's own people.
    """

    rapid: Any
    suicide: SuicideItemChange | Withheld | None
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

    scale = scales[asked.scale]
    return [
        _people(found, asked, scale),
        *_relief(found, asked, scale),
        _resistant(found, asked, scale),
        _in_hours(found, beside.rapid, asked, scales, claim, as_of),
        *_suicidality(beside.suicide, asked, scale),
        _trauma(found, asked, scales),
        ClaimPart(
            "alongside other therapies",
            "other treatments started in the time counted",
            None,
            "Not recorded here, so it cannot be told apart.",
        ),
        *_failed(beside.mix, asked),
    ]


def _part(phrase: str, counted: str, found: Answer, scale: Scale, *remarks: str) -> ClaimPart:
    """The part an answer gives; what must be said of its scores, or why there are none, ends its remark."""
    warnings = (WARNING_WORDS[warning] for warning in found.warnings)
    said = (*remarks, *warnings, why_unanswered(found, scale))
    return ClaimPart(phrase, counted, found.rate, " ".join(filter(None, said)), found.estimand)


def _people(found: Callable[[Estimand], Answer], asked: Estimand, scale: Scale) -> ClaimPart:
    everyone = replace(
        asked,
        treatment_resistant=TreatmentResistant.ANY,
        baseline_at_least=None,
        indications=(Indication.ANY,),
        missing=Missing.NON_RESPONDER,
    )
    return _part(
        "people who have received ketamine",
        f"{asked.outcome.replace('_', ' ')} of everyone with an infusion and a score before it",
        found(everyone),
        scale,
        "Any indication, any baseline, any history.",
    )


def _relief(found: Callable[[Estimand], Answer], asked: Estimand, scale: Scale) -> Iterator[ClaimPart]:
    for outcome, words in (
        (Outcome.MCID, "an important change"),
        (Outcome.RESPONSE, "response"),
        (Outcome.REMISSION, "remission"),
    ):
        if outcome in defined_outcomes(scale):
            of_outcome = found(replace(asked, outcome=outcome))
            yield _part(RELIEF, words, of_outcome, scale, "Relief is not defined; three readings of it.")


def _resistant(found: Callable[[Estimand], Answer], asked: Estimand, scale: Scale) -> ClaimPart:
    answered = found(replace(asked, treatment_resistant=TreatmentResistant.YES))
    unknown = answered.counts.excluded[Exclusion.RESISTANCE_UNKNOWN]
    return _part(
        "treatment-resistant depression",
        f"the question, of those with at least {FAILED_TRIALS_OF_RESISTANCE} failed trials",
        answered,
        scale,
        f"Of {unknown} more the history is unknown." if unknown else "",
    )


def _in_hours(
    found: Callable[[Estimand], Answer],
    rapid: Any,
    asked: Estimand,
    scales: Mapping[str, Scale],
    claim: Claim,
    as_of: date,
) -> ClaimPart:
    """Only scores that ask about one day may answer; the unseen count as the question says."""
    own, scale = scales[asked.scale], scales.get(RAPID)
    refused = (
        "" if asked.scale == RAPID else f"{own.name} asks about {own.recall_days} days and cannot answer."
    )
    phrase, counted = "in hours", "MADRS response at 24 hours, by scores that ask about that day alone"
    if scale is None or rapid is None or Outcome.RESPONSE not in defined_outcomes(scale):
        return ClaimPart(phrase, counted, None, f"{refused} MADRS response is not known here.".strip())
    question = replace(
        asked,
        scale=RAPID,
        outcome=Outcome.RESPONSE,
        window=WindowName.H24,
        baseline_at_least=scale.baseline_at_least,
    )
    alone = answer(rapid, question, scale, claim, as_of=as_of)
    seen, unseen = alone.counts.observed, alone.counts.missing
    longer = found(question).tally != alone.tally
    on_page = "Its question on the Claim page counts scores about a longer time too." if longer else ""
    if seen:
        scored = _scored("so", alone)
        return _told(_part(phrase, counted, alone, scale, scored, refused, on_page), alone)
    why = _not_asked(unseen, scale) if unseen else why_unanswered(alone, scale)
    remark = " ".join(filter(None, (refused, why, on_page)))
    return ClaimPart(phrase, counted, None, remark, question)


def _not_asked(unseen: int, scale: Scale) -> str:
    first, last = WINDOWS[WindowName.H24].first_hour, WINDOWS[WindowName.H24].last_hour
    return (
        f"No one was asked {scale.name} about one day alone {first} to {last} hours after the first "
        f"infusion; {unseen:,} could have been."
    )


def _suicidality(
    change: SuicideItemChange | Withheld | None, asked: Estimand, scale: Scale
) -> Iterator[ClaimPart]:
    """Better and worse at one size; whoever was not asked a second time is told, never filled in."""
    phrase = "suicidality"
    if change is None:
        yield ClaimPart(phrase, "the item about suicide", None, f"{scale.name} does not ask.", asked)
        return
    if isinstance(change, Withheld):
        yield ClaimPart(phrase, "the item about suicide", None, str(change), asked)
        return
    twice = "" if change.answered else "No one answered it both before and in that time."
    of, nobody = "of those who endorsed it before", twice or "No one who answered twice endorsed it before."
    why = "" if change.endorsed else nobody
    once = f"{change.only_before:,} answered before and not after." if change.only_before else ""
    for words, met, remark in (
        ("resolved", change.resolved, "This is not safety."),
        ("lower", change.improved, once),
    ):
        said = " ".join(filter(None, (remark, why)))
        yield ClaimPart(phrase, f"item {words}, {of}", wilson(met, change.endorsed), said, asked)
    worsened = wilson(change.worsened, change.answered)
    said = " ".join(filter(None, ("Never left out.", twice)))
    yield ClaimPart(phrase, "item worse, of all who answered twice", worsened, said, asked)


def _trauma(found: Callable[[Estimand], Answer], asked: Estimand, scales: Mapping[str, Scale]) -> ClaimPart:
    phrase, scale = "PTSD", scales.get(TRAUMA)
    if scale is None or Outcome.MCID not in defined_outcomes(scale):
        return ClaimPart(phrase, "an important change on PCL-5", None, "PCL-5 has none that is known here.")
    of_everyone = replace(
        asked,
        scale=TRAUMA,
        outcome=Outcome.MCID,
        baseline_at_least=None,
        treatment_resistant=TreatmentResistant.ANY,
        indications=(Indication.ANY,),
    )
    counted = f"{scale.name} {rule_in_words(Outcome.MCID, scale)}, any indication"
    mixed = "Published evidence is mixed: one trial in veterans found no effect."
    answered = found(of_everyone)
    scored = _scored("again", answered) if answered.counts.observed else ""
    part = _part(phrase, counted, answered, scale, scored, mixed)
    return _told(part, answered) if answered.counts.observed else part._replace(rate=None)


def _scored(how: str, found: Answer) -> str:
    """How many were scored; where they are fewer than half, that no rate can be told of them."""
    seen, unseen = found.counts.observed, found.counts.missing
    told = f"{seen:,} scored {how}, {unseen:,} not."
    return told if half_seen(found.tally) else f"{told} {TOO_MANY_UNSEEN}"


def _told(part: ClaimPart, found: Answer) -> ClaimPart:
    """The part without its rate where fewer than half were scored: most of that rate is who was not asked."""
    return part if half_seen(found.tally) else part._replace(rate=None)


def _failed(mix: list[Group], asked: Estimand) -> Iterator[ClaimPart]:
    phrase = "when other treatments failed"
    failed = [group for group in mix if group.facet == "trials" and group.label in FAILED]
    for group in failed:
        counted = f"the question, of those with {group.label} failed trials in the episode"
        yield ClaimPart(phrase, counted, group.rate, "", asked)
    if not failed:
        fewest = FAILED_TRIALS_OF_RESISTANCE
        counted = f"the question, of those with {fewest} or more failed trials in the episode"
        yield ClaimPart(phrase, counted, None, "Of no one counted are so many recorded.", asked)
