"""One question answered whole: the rate, who was counted and who was not, and what it says of the claim."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.outcomes.answers.claim import Claim, Reason, Verdict, courses_to_tell_apart, judge
from models.outcomes.counts.bounds import Bounds, bounds, needed_of_missing, tipping_point
from models.outcomes.counts.counting import Counted, at_window, count
from models.outcomes.counts.tally import Tally
from models.outcomes.derivation.engines import opened
from models.outcomes.proportions.rates import Rate, wilson
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Exclusion, Warn
from models.scales import Scale


@dataclass(frozen=True)
class Counts:
    """Everybody treated, and where they went: treated = Σ excluded + eligible."""

    treated: int
    eligible: int
    pending: int
    observed: int
    missing: int
    excluded: dict[Exclusion, int]

    @property
    def counted(self) -> int:
        """Eligible courses whose window has closed, seen or not."""
        return self.observed + self.missing


@dataclass(frozen=True)
class Answer:
    """The answer to one question on one day, with everything a reader needs to doubt it.

    `question` and `sentence` are the `estimand` as documents tell it, with scores as people read them.
    """

    estimand: Estimand
    question: dict[str, object]
    sentence: str
    as_of: date
    rate: Rate
    counts: Counts
    tally: Tally
    warnings: tuple[Warn, ...]
    claim: Claim
    verdict: Verdict | None
    reason: Reason | None
    bounds: Bounds

    @property
    def tipping_point(self) -> float | None:
        """The share of the unseen the claim would need (`bounds.tipping_point`)."""
        return tipping_point(self.tally, self.claim.rate)

    @property
    def needed_of_missing(self) -> int:
        """The same as people."""
        return needed_of_missing(self.tally, self.claim.rate)

    @property
    def courses_to_tell_apart(self) -> int | None:
        """How many people it takes, at this rate, to tell it from the claim."""
        return courses_to_tell_apart(self.rate, self.claim)

    def as_json(self, known_at: datetime) -> dict[str, Any]:
        """The document `seventy check --json` prints, in the interface's names and order; nothing is rounded.

        `known_at` is the moment of the record the frames were read at, in UTC.
        """
        counts = self.counts
        return {
            "question": self.question,
            "sentence": self.sentence,
            "as_of": self.as_of.isoformat(),
            "known_at": known_at.isoformat().replace("+00:00", "Z"),
            "numerator": self.rate.numerator,
            "denominator": self.rate.denominator,
            "ratio": self.rate.ratio,
            "low": self.rate.low,
            "high": self.rate.high,
            "counts": {
                "treated": counts.treated,
                "eligible": counts.eligible,
                "pending": counts.pending,
                "observed": counts.observed,
                "missing": counts.missing,
                "excluded": {str(reason): n for reason, n in counts.excluded.items()},
            },
            "warnings": [str(warning) for warning in self.warnings],
            "claim": {
                "rate": self.claim.rate,
                "verdict": None if self.verdict is None else str(self.verdict),
                "reason": None if self.reason is None else str(self.reason),
            },
        }


def answer(outcomes: Any, estimand: Estimand, scale: Scale, claim: Claim, *, as_of: date) -> Answer:
    """Answer a question from the frame `derive_outcomes` made for the same scale and the same `as_of`.

    Raises `UndefinedOutcomeError` where the scale does not define the outcome, and `ValueError` where the
    question is about another scale.
    """
    if estimand.scale != scale.id:
        raise ValueError(f"the question is about {estimand.scale}, the outcomes are of {scale.id}")
    courses = at_window(opened(outcomes), estimand.window, estimand)
    counted = count(courses, estimand, scale, [estimand.outcome])[()]
    return answer_from(counted, estimand, scale, claim, as_of=as_of)


def answer_from(counted: Counted, estimand: Estimand, scale: Scale, claim: Claim, *, as_of: date) -> Answer:
    """The answer that a count already made gives."""
    tally = counted.tallies[estimand.outcome]
    judgement = judge(tally, estimand, claim)
    return Answer(
        estimand=estimand,
        question=estimand.told(scale),
        sentence=estimand.sentence(scale),
        as_of=as_of,
        rate=wilson(*tally.fraction(estimand.missing, estimand.outcome)),
        counts=Counts(
            treated=counted.treated,
            eligible=counted.eligible,
            pending=tally.pending,
            observed=tally.observed,
            missing=tally.missing,
            excluded=counted.excluded,
        ),
        tally=tally,
        warnings=counted.warnings(estimand.missing),
        claim=claim,
        verdict=judgement.verdict,
        reason=judgement.reason,
        bounds=bounds(tally, estimand.outcome),
    )
