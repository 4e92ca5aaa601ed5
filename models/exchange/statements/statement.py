"""Words a clinic may stand behind: a public sentence, how it was counted, and a seal on its data."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import narwhals as nw

from models.exchange.leaving.small_cells import flow, hides_unseen, may_publish
from models.exchange.statements.statement_appendix import Part, appendix
from models.exchange.statements.statement_locks import locked_in_words
from models.exchange.statements.statement_words import sentence_of
from models.outcomes.answers.answer import Answer
from models.outcomes.answers.claim import Verdict
from models.outcomes.counts.membership import membership
from models.outcomes.derivation.engines import opened, rows_of
from models.outcomes.question.locked import hash_of
from models.scales import Scale
from models.store.record.claims import Lock

SEALED: Final = ("question", "as_of", "known_at", "claim", "data_hash")
"""What every export carries, and all that is needed to count again."""


@dataclass(frozen=True)
class Statement:
    """A sentence with everything it rests on.

    `counts` is the answer's document with every count that may not leave the clinic replaced by null.
    `of_record` says that the hash has the record's own mark in it.
    """

    sentence: str
    appendix: tuple[Part, ...]
    question: dict[str, object]
    as_of: date
    known_at: datetime
    claimed: float
    verdict: Verdict | None
    withheld: bool
    counts: dict[str, Any]
    data_hash: str
    lock: int | None
    of_record: bool = False

    @property
    def seal(self) -> dict[str, object]:
        """What tells this statement from every other (`SEALED`)."""
        return {
            "question": self.question,
            "as_of": self.as_of.isoformat(),
            "known_at": moment(self.known_at),
            "claim": self.claimed,
            "data_hash": self.data_hash,
            "lock": self.lock,
            **({"of_record": True} if self.of_record else {}),
        }


def statement(
    answer: Answer,
    scale: Scale,
    outcomes: Any,
    *,
    known_at: datetime,
    locks: Sequence[Lock],
    trail: str | None = None,
) -> Statement:
    """The statement of an answer from the frame it was counted in; `known_at` as in `Answer.as_json`.

    `locks` are all those known when it is made; the seal has the id of the last. `trail` as in `data_hash`.
    """
    digest = data_hash(answer, scale, outcomes, known_at=known_at, trail=trail)
    return Statement(
        sentence=sentence_of(answer, scale),
        appendix=appendix(
            answer, scale, locked_in_words(answer, scale, outcomes, locks), moment(known_at), digest
        ),
        question=answer.question,
        as_of=answer.as_of,
        known_at=known_at,
        claimed=answer.claim.rate,
        verdict=answer.verdict if may_publish(answer.rate) else None,
        withheld=not may_publish(answer.rate),
        counts=_published(answer, known_at),
        data_hash=digest,
        lock=locks[-1].id if locks else None,
        of_record=trail is not None,
    )


def data_hash(
    answer: Answer, scale: Scale, outcomes: Any, *, known_at: datetime, trail: str | None = None
) -> str:
    """SHA-256 over the question, its day and moment, its counts, and one line for each course treated.

    A line is course, standing, met, baseline, endpoint as a JSON list, the lines sorted as text; the whole is
    canonical JSON (sorted keys, no spaces, UTF-8). The claim and all wording stay outside: the same
    question of the same record has the same hash on every engine and for ever.

    `trail`, by which the record is told from every other (`audit.events.trail_of`), is hashed with it,
    and no statement shows it: of few courses the scores could be guessed, and held against a hash without it.
    """
    document = answer.as_json(known_at)
    parts = ("course_id", "standing", "met", "baseline", "endpoint")
    rows = rows_of(
        opened(membership(outcomes, answer.estimand, scale)).select(*(nw.col(part) for part in parts))
    )
    lines = sorted(canonical([_plain(row[part]) for part in parts]) for row in rows)
    return hash_of(
        canonical(
            {
                "question": answer.estimand.question(),
                "as_of": document["as_of"],
                "known_at": moment(known_at),
                "counts": document["counts"],
                "numerator": document["numerator"],
                "denominator": document["denominator"],
                "courses": lines,
                **({} if trail is None else {"trail": trail}),
            }
        )
    )


def canonical(document: object) -> str:
    """JSON in the one way it can be written."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def moment(known_at: datetime) -> str:
    """A moment in UTC as exports write it."""
    return known_at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _plain(value: Any) -> Any:
    """A cell as JSON knows it: engines hand the same number over as int, float, or NumPy's own."""
    if value is None or value != value:  # noqa: PLR0124 - pandas writes null as NaN
        return None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return bool(value)
    return int(value)


def _published(answer: Answer, known_at: datetime) -> dict[str, Any]:
    document = answer.as_json(known_at)
    counts = document["counts"]
    if not may_publish(answer.rate):
        document |= dict.fromkeys(("numerator", "denominator", "ratio", "low", "high"))
        document["claim"] |= {"verdict": None, "reason": None}
        document["counts"] = dict.fromkeys(counts)
        return document
    if hides_unseen(answer):
        counts |= {"observed": None, "missing": None}
    told = flow(answer)
    counts |= {"treated": told.treated, "eligible": told.eligible, "pending": told.pending}
    counts["excluded"] = {str(why): number for why, number in told.excluded.items()}
    return document
