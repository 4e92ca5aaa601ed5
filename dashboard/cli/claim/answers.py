"""The record asked, and its answer as a terminal shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from dashboard.charts.claim.verdict_words import verdict_words
from dashboard.charts.words import Rounding
from dashboard.cli.acting import reads_patients
from dashboard.cli.answering import UsageError
from dashboard.cli.opening import clinic_zone, moment_known, now
from dashboard.cli.permitting import NotPermittedError
from dashboard.cli.tables import table
from models.outcomes.answers.answer import Answer, answer
from models.outcomes.answers.claim import Claim
from models.outcomes.answers.specifications import Grid, grid
from models.outcomes.derivation.derive import derive_outcomes
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.words import EXCLUSION_WORDS, WARNING_WORDS
from models.scales import Scale
from models.store.record.read import Record, record


@dataclass(frozen=True)
class Asked:
    """The outcomes of one scale as known at a moment, ready to be asked as of a day."""

    outcomes: Any
    scale: Scale
    as_of: date
    known_at: datetime
    record: Record

    def answer(self, estimand: Estimand, claim: Claim) -> Answer:
        """The answer to one question."""
        return answer(self.outcomes, estimand, self.scale, claim, as_of=self.as_of)

    def outcomes_of(self, scale: Scale) -> Any:
        """The outcomes of another scale of the same record."""
        if scale.id == self.scale.id:
            return self.outcomes
        return derive_outcomes(self.record, scale, self.as_of)

    def grid(self, estimand: Estimand, claim: Claim) -> Grid:
        """The answers to all the ways of asking it."""
        return grid(self.outcomes, estimand, self.scale, claim, as_of=self.as_of)


def ask(engine: Engine, scale: Scale, as_of: date | None, known_at: str | None) -> Asked:
    """What the record says; without a day, on the clinic's today. `UsageError` of a day that is yet to come.

    `NotPermittedError` of a scale about suicide for whoever may not read what is recorded of one patient.

    Without a moment it is that of the newest row seen: asked again with it, the answer is the same for ever.
    """
    if scale.is_of_suicide and not reads_patients():
        raise NotPermittedError(
            f"Nothing was done: every answer on the {scale.name} is about suicide. "
            "What is counted of them is for whoever may read patients' records."
        )
    zone = clinic_zone(engine)
    moment = moment_known(known_at, zone)
    today = now().astimezone(zone).date()
    day = as_of or today
    if day > today:
        raise UsageError(f"--as-of {day} is a day to come: today at the clinic is {today}.")
    frames = record(engine, known_at=moment)
    return Asked(derive_outcomes(frames, scale, day), scale, day, moment or frames.known_until, frames)


def claimed(rate: float) -> Claim:
    """The claim of an advertised rate."""
    try:
        return Claim(rate)
    except ValueError as refused:
        raise UsageError(f"--claim: {refused}") from None


def in_words(found: Answer, scale: Scale) -> str:
    """The answer for a person: the question, the verdict, and where everybody went."""
    verdict = verdict_words(found, scale, Rounding.beside(found.claim.rate, [found.rate]))
    badge = "" if verdict.title.endswith(f"{verdict.badge}.") else f"{verdict.badge}: "
    said = f"{badge}{verdict.title}\n{verdict.sentence.replace('**', '')}"
    warned = [WARNING_WORDS[warning] for warning in found.warnings]
    return "\n\n".join([found.sentence, said, *warned, table(("", "courses"), list(_flow(found)))])


def grid_in_words(answers: Sequence[Answer], scale: Scale) -> str:
    """A line for each way to count."""
    return table(
        ("outcome", "window", "missing", "baseline", "met", "of", "%"),
        [_line(each, scale) for each in answers],
    )


def _line(found: Answer, scale: Scale) -> tuple[object, ...]:
    asked, rate = found.estimand, found.rate
    gate = "any" if asked.baseline_at_least is None else f"≥ {scale.shown(asked.baseline_at_least)}"
    percent = "" if rate.ratio is None else Rounding(found.claim.rate).number(rate.ratio)
    return asked.outcome, asked.window, asked.missing, gate, rate.numerator, rate.denominator, percent


def _flow(found: Answer) -> Iterator[tuple[str, int]]:
    counts = found.counts
    yield "treated", counts.treated
    yield from (
        (f"  not counted: {EXCLUSION_WORDS[why]}", number)
        for why, number in counts.excluded.items()
        if number
    )
    yield "eligible", counts.eligible
    yield "  window still open", counts.pending
    yield "  scored in the window", counts.observed
    yield "  window closed, no score", counts.missing
