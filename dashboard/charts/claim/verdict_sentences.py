"""Why the verdict is what it is, in a few plain sentences; bold marks the counts (Markdown)."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from dashboard.charts.outcome_words import OutcomeWords
from dashboard.charts.words import NBSP, Rounding, on, whole
from models.outcomes.answers.answer import Answer
from models.outcomes.answers.claim import FEWEST_COURSES, Reason, Verdict
from models.outcomes.question.vocabulary import Missing
from models.outcomes.question.words import OUTCOME_NOUNS

THOUSAND: Final = 1000
UNHEARD_OF: Final = 100_000  # people in one clinic


def sentence_of(answer: Answer, words: OutcomeWords, rounding: Rounding, closed_by: date | None) -> str:
    """What was counted, how sure it is, what it would take; by `closed_by` every open window has closed."""
    if answer.verdict is Verdict.TOO_FEW or not answer.counts.counted:
        return " ".join(_too_few(answer, closed_by))
    if answer.estimand.outcome.is_harm:
        return " ".join(_harm(answer, words))
    return " ".join(_benefit(answer, words, rounding))


def _too_few(answer: Answer, closed_by: date | None) -> Iterator[str]:
    yield f"A rate needs at least **{FEWEST_COURSES}** {_whom(answer)}."
    pending = answer.counts.pending
    windows = "1 more window" if pending == 1 else f"{whole(pending)} more windows"
    one = pending == 1
    if pending and closed_by:
        yield f"{windows} {'closes' if one else 'close'} by {on(closed_by)}."
    elif pending:
        yield f"{windows} {'is' if one else 'are'} still open."


def _harm(answer: Answer, words: OutcomeWords) -> Iterator[str]:
    seen, worst, unseen = answer.bounds.observed, answer.bounds.worst, answer.counts.missing
    met = _of_the(seen.numerator, seen.denominator)
    yield f"For **{met}** {_whom(answer)} scored in time, {words.clause}."
    if unseen:
        yield (
            f"Were that so of all {whole(unseen)} not scored in time, "
            f"it would be **{_of_the(worst.numerator, worst.denominator)}**."
        )
    yield "The advertised rate speaks of benefit: on harm there is no verdict."


def _benefit(answer: Answer, words: OutcomeWords, rounding: Rounding) -> Iterator[str]:
    rate = answer.rate
    if rate.denominator:
        yield f"For **{_of_the(rate.numerator, rate.denominator)}** {_whom(answer)} {_which(answer, words)}."
        if answer.verdict is None and rate.denominator < FEWEST_COURSES:
            yield f"That is too few: a rate needs at least **{FEWEST_COURSES}** {_whom(answer)}."
        else:
            yield _interval(answer, rounding)
    else:
        yield f"None of the {whole(answer.counts.counted)} whose window has closed can be counted this way."
    match answer.verdict, answer.reason:
        case None, _:
            yield "Several courses of one person are not independent, so no verdict is given."
            return
        case Verdict.SUPPORTED, _:
            yield "There is no comparison group, so this does not show what caused it."
        case Verdict.CONTRADICTED, _:
            yield from _tipping_point(answer, words, rounding)
        case _, Reason.MISSING:
            yield _of_the_unseen(answer, words, rounding)
        case _ if _of_everyone(answer):
            yield from _how_many(answer)
    if not _of_everyone(answer):
        none, everyone = (
            rounding.percent(bound.ratio or 0) for bound in (answer.bounds.worst, answer.bounds.best)
        )
        yield "The verdict does not rest on this way of counting:"
        if answer.counts.missing:
            yield f"with none of the unseen it is {none}, with all of them {everyone}."
        else:
            yield f"of everyone it is {everyone}."


def _of_everyone(answer: Answer) -> bool:
    """Whether the rate shown is the one a verdict of `supported` rests on."""
    return answer.estimand.missing in (Missing.NON_RESPONDER, Missing.WORST_CASE)


def _which(answer: Answer, words: OutcomeWords) -> str:
    """Whom the rate is of, and what is so for those in its numerator."""
    unseen = "the one" if answer.counts.missing == 1 else f"all {whole(answer.counts.missing)}"
    return {
        Missing.OBSERVED: f"scored in time, {words.clause}",
        Missing.COMPLETERS: f"who had every planned infusion and were scored in time, {words.clause}",
        Missing.LAST_CARRIED: f"we can count, {words.clause}, by the last score where none came in time",
        Missing.BEST_CASE: f"we can count, {words.clause}, if it did so for {unseen} not scored in time",
    }.get(answer.estimand.missing, f"we can count, {words.clause}")


def _interval(answer: Answer, rounding: Rounding) -> str:
    rate, claim = answer.rate, f"{rounding.advertised}{NBSP}%"
    if rate.low is None or rate.high is None:
        return ""
    anywhere = (
        f"From {whole(rate.denominator)} {_whom(answer, rate.denominator)}, the rate could plausibly be "
        f"anywhere from {rounding.number(rate.low)} to {rounding.number(rate.high)}{NBSP}%"
    )
    if answer.reason is Reason.MISSING and rate.denominator == answer.counts.counted:
        return f"{anywhere} if a missing score means no {OUTCOME_NOUNS[answer.estimand.outcome]}."
    if rate.high < rounding.claim:
        return f"{anywhere}. The advertised {claim} lies outside."
    if rate.low >= rounding.claim:
        return f"{anywhere}: all of it above {claim}."
    return f"{anywhere}, and {claim} lies inside."


def _of_the_unseen(answer: Answer, words: OutcomeWords, rounding: Rounding) -> str:
    """How many of the unseen the claim needs; of more than there are, what all of them would make it."""
    missing, needed, claim = answer.counts.missing, answer.needed_of_missing, f"{rounding.advertised}{NBSP}%"
    best = answer.bounds.best.ratio
    if best is not None and needed > missing:
        every = "the one" if missing == 1 else f"all {whole(missing)}"
        return (
            f"Even if **{every}** not scored in time had {words.did}, it would be {rounding.percent(best)}, "
            f"which chance alone does not tell from {claim}."
        )
    part = "the one" if missing == 1 else _of_the(needed, missing)
    return f"{claim} would be true only if **{part}** not scored in time had {words.did}."


def _tipping_point(answer: Answer, words: OutcomeWords, rounding: Rounding) -> Iterator[str]:
    """How much better than the seen the unseen would have had to do."""
    seen, unseen, share = answer.bounds.observed, whole(answer.counts.missing), answer.tipping_point
    best, alone = answer.bounds.best.ratio, answer.counts.missing == 1
    if share is None or best is None:
        return
    if share > 1:
        every = "the other one" if alone else f"all of the other {unseen}"
        other = f"even if {every} had, it would be {rounding.percent(best)}"
    else:
        claim = f"{rounding.advertised}{NBSP}%"
        part = "the other one" if alone else f"{rounding.percent(share)} of the other {unseen}"
        other = f"for {claim} overall, {part} would have to have"
    if seen.ratio is None or answer.estimand.missing is Missing.OBSERVED:
        yield f"{other[0].upper()}{other[1:]}."
        return
    found = rounding.percent(seen.ratio) if seen.denominator >= FEWEST_COURSES else whole(seen.numerator)
    yield f"Of the **{whole(seen.denominator)} scored in time**, {found} {words.did}; {other}."


def _how_many(answer: Answer) -> Iterator[str]:
    """How many people it takes to tell the rate from the claim, where that is more than there are."""
    needed = answer.courses_to_tell_apart
    if needed is not None and answer.rate.denominator < needed < UNHEARD_OF:
        digits = 1 if needed < THOUSAND else 2
        rough = round(needed, digits - len(str(needed)))
        yield f"At this rate it takes about {whole(rough)} {_whom(answer)} to tell the two apart."


def _of_the(part: int, all_of_them: int) -> str:
    return f"{whole(part)} of the {whole(all_of_them)}"


def _whom(answer: Answer, count: int = 0) -> str:
    one, many = ("person", "people") if answer.estimand.first_course else ("course", "courses")
    return one if count == 1 else many
