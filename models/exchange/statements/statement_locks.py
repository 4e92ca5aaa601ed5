"""Whether a statement answers the question its clinic fixed beforehand, and what it had fixed before that."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any, Final

from models.exchange.leaving.small_cells import may_publish
from models.exchange.statements.statement_words import day
from models.outcomes.answers.answer import Answer, answer
from models.outcomes.answers.claim import Verdict
from models.outcomes.question.locked import question_hash
from models.scales import Scale
from models.store.record.claims import Lock

NEVER: Final = "No question was ever locked in this record: this answer is exploratory."
ONLY: Final = "No other question was locked before it."
_TODAY: Final[Mapping[Verdict | None, str]] = {
    Verdict.SUPPORTED: "By this record it is supported.",
    Verdict.CONTRADICTED: "By this record it is contradicted.",
    Verdict.INCONCLUSIVE: "By this record it cannot be told.",
    Verdict.TOO_FEW: "By this record too few are counted.",
    None: "No verdict on it is given here.",
}


def locked_in_words(found: Answer, scale: Scale, outcomes: Any, locks: Sequence[Lock]) -> str:
    """The lock of the question that was answered, and every other question locked, with its verdict.

    `outcomes` is the frame `found` was counted in. Only verdicts are told of the others: from two rates of
    nearly the same people a small count could be worked out.
    """
    if not locks:
        return NEVER
    asked, standing = question_hash(found.estimand), locks[-1]
    if asked != standing.question_hash:
        told = [f"Exploratory: not the question locked on {_when(standing)}, which is:"]
        return " ".join([*told, *_each(found, scale, outcomes, [standing])])
    others = {lock.question_hash: lock for lock in locks if lock.question_hash != asked}
    told = [f"This question was locked on {_when(standing)}."]
    if not others:
        return f"{told[0]} {ONLY}"
    told.append("Locked before it:")
    return " ".join([*told, *_each(found, scale, outcomes, others.values())])


def _each(found: Answer, scale: Scale, outcomes: Any, locks: Any) -> Iterator[str]:
    for lock in locks:
        question = lock.estimand
        if question.scale != scale.id:
            yield f"({_when(lock)}) a question on another scale, {question.scale}."
            continue
        then = answer(outcomes, question, scale, found.claim, as_of=found.as_of)
        verdict = then.verdict if may_publish(then.rate) else None
        yield f"({_when(lock)}) {question.sentence(scale)} {_TODAY[verdict]}"


def _when(lock: Lock) -> str:
    moment = lock.locked_at.astimezone(UTC)
    return f"{day(moment.date())} at {moment:%H:%M} UTC"
