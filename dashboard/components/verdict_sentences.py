"""The sentences under the finding: the count, what is plausible, and why the verdict is what it is."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from dashboard.charts.hero import per_hundred
from dashboard.charts.outcome_words import OutcomeWords
from dashboard.charts.parts import parts_of
from dashboard.charts.words import NBSP, Rounding, counts, on, whole
from models.outcomes.answer import Answer
from models.outcomes.claim import FEWEST_COURSES, Reason, Verdict
from models.outcomes.rates import Rate
from models.outcomes.vocabulary import Missing

COUNTABLE: Final = "we can count"
OF_WHOM: Final[Mapping[Missing, str]] = {
    Missing.OBSERVED: "scored again",
    Missing.COMPLETERS: "scored again after every planned infusion",
}
ASSUMING: Final[Mapping[Missing, str]] = {
    Missing.LAST_CARRIED: ", where the last score stands in for one that never came",
    Missing.BEST_CASE: ", if it did for everyone never scored again",
}
UNCONTROLLED: Final = "There is no comparison group, so this does not show what caused it."
MOST_COURSES: Final = 100_000


def benefit(answer: Answer, words: OutcomeWords, rounding: Rounding) -> Iterator[str]:
    """The rate, its interval beside the claim, and the reason of the verdict."""
    missing = answer.estimand.missing
    if answer.rate.denominator:
        of_whom = f"{people_of(answer)} {OF_WHOM.get(missing, COUNTABLE)}"
        yield f"For **{_of_the(answer.rate)}** {of_whom}, {words.clause}{ASSUMING.get(missing, '')}."
        yield _plausible(answer, words, rounding)
    else:
        yield f"None of the {whole(answer.counts.missing)} whose window has closed was scored in it."
    yield from _reason(answer, words, rounding)
    if answer.verdict and missing not in (Missing.NON_RESPONDER, Missing.WORST_CASE):
        none, everyone = (rounding.percent(_ratio(r)) for r in (answer.bounds.worst, answer.bounds.best))
        yield f"The verdict does not rest on this way of counting: with none of the unseen it is {none},"
        yield f"with all of them {everyone}."


def harm(answer: Answer, words: OutcomeWords, rounding: Rounding) -> Iterator[str]:
    """Deterioration: of those seen, with its worst case beside it, and no verdict."""
    seen = answer.bounds.observed
    yield f"For **{_of_the(seen)}** {people_of(answer)} scored again, {words.clause}."
    if seen.low is not None and seen.high is not None:
        yield f"The rate could plausibly be anywhere from {_range(seen.low, seen.high, rounding)}."
    if answer.counts.missing:
        yield f"If everyone never scored again {words.did} too, it would be {counts(answer.bounds.worst)}."
    yield "No verdict: the claim is about benefit, and this is harm."


def too_few(answer: Answer, closings: Sequence[date]) -> Iterator[str]:
    """How many a rate needs, and when there will be more."""
    yield f"A rate needs at least **{FEWEST_COURSES}** people."
    lacking = FEWEST_COURSES - answer.counts.counted
    coming = closings[:lacking]
    if not coming:
        yield "No window is open now; the next first infusion opens one."
        return
    more = f"{len(coming)} more {'windows close' if len(coming) > 1 else 'window closes'}"
    yield f"{more} by {on(coming[-1])}{'.' if len(coming) == lacking else ', which is not yet enough.'}"


def people_of(answer: Answer) -> str:
    """What a rate counts: people, or courses where several of one person may be in it."""
    return "people" if answer.estimand.first_course else "courses"


def met_and_unseen(answer: Answer, rounding: Rounding) -> tuple[Decimal, Decimal]:
    """Of a hundred counted: who is known to have met the outcome, and who was never scored again."""
    parts = per_hundred(parts_of(answer.tally, Missing.NON_RESPONDER, answer.estimand.outcome), rounding)
    met, unseen = (Decimal(part).scaleb(-rounding.decimals) for part in (parts.met, parts.unseen))
    return met, unseen


def _plausible(answer: Answer, words: OutcomeWords, rounding: Rounding) -> str:
    low, high, claimed = answer.rate.low or 0.0, answer.rate.high or 0.0, f"{rounding.advertised}{NBSP}%"
    spread = (
        f"From {whole(answer.rate.denominator)} {people_of(answer)}, "
        f"the rate could plausibly be anywhere from {_range(low, high, rounding)}"
    )
    if low >= answer.claim.rate:
        return f"{spread}: all of it above {claimed}."
    if high >= answer.claim.rate:
        return f"{spread}, and {claimed} lies inside."
    if answer.reason is Reason.MISSING and answer.estimand.missing is Missing.NON_RESPONDER:
        return f"{spread}, as long as none of those never scored again {words.did}."
    return f"{spread}. The advertised {claimed} lies outside."


def _reason(answer: Answer, words: OutcomeWords, rounding: Rounding) -> Iterator[str]:
    claimed = f"{rounding.advertised}{NBSP}%"
    match answer.verdict, answer.reason:
        case Verdict.SUPPORTED, _:
            yield UNCONTROLLED
        case Verdict.CONTRADICTED, _:
            yield from _tipping_point(answer, words, rounding)
        case _, Reason.MISSING:
            met, unseen = met_and_unseen(answer, rounding)
            needed = Decimal(rounding.advertised) - met
            yield f"{claimed} would be true only if **{needed} of the {unseen}** in a hundred"
            yield f"we never saw again had {words.did}."
        case _, Reason.SAMPLING if answer.estimand.missing is Missing.NON_RESPONDER:
            yield _until_told_apart(answer)
        case None, _:
            yield "No verdict: several courses of one person are counted, and they are not independent."


def _tipping_point(answer: Answer, words: OutcomeWords, rounding: Rounding) -> Iterator[str]:
    """By how much the unseen would have to differ from the seen."""
    tip, unseen, claimed = answer.tipping_point, answer.counts.missing, f"{rounding.advertised}{NBSP}%"
    if tip is None:
        return
    seen = rounding.percent(_ratio(answer.bounds.observed))
    yield f"Of the **{whole(answer.counts.observed)} scored again**, {seen} {words.did};"
    if tip > 1:
        yield f"for {claimed} overall, not even all of the other {whole(unseen)} would be enough."
    else:
        tipping = rounding.percent(tip)
        yield f"for {claimed} overall, {tipping} of the other {whole(unseen)} would have to have."


def _until_told_apart(answer: Answer) -> str:
    needed = answer.courses_to_tell_apart
    if needed is None or needed > MOST_COURSES:
        return "At this rate no number of people would tell the two apart."
    digits = 1 if needed < 1000 else 2  # noqa: PLR2004 - about 300, about 1,200
    about = int(Decimal(needed).quantize(Decimal(1).scaleb(len(str(needed)) - digits), ROUND_HALF_UP))
    return f"At this rate it takes about {whole(about)} {people_of(answer)} to tell the two apart."


def _of_the(rate: Rate) -> str:
    return f"{whole(rate.numerator)} of the {whole(rate.denominator)}"


def _range(low: float, high: float, rounding: Rounding) -> str:
    return f"{rounding.number(low)} to {rounding.percent(high)}"


def _ratio(rate: Rate) -> float:
    return rate.ratio or 0.0
