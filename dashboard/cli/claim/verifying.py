"""Whether a statement still follows from the record: counted again, and every word compared."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import typer
from sqlalchemy import Engine

from dashboard.cli.acting import reads_patients
from dashboard.cli.answering import DATA_SAY_NO, UsageError, say
from dashboard.cli.claim import answers
from dashboard.cli.erased_words import erased_since
from dashboard.cli.opening import clinic_zone, scales_asked
from models.exchange.statements.statement import Statement, statement
from models.exchange.statements.statement_export import NotAStatementError, differences, seal_of
from models.outcomes.question.estimand import Estimand, QuestionError
from models.scales import get_scale
from models.store.audit.events import trail_in
from models.store.record.claims import locks
from models.store.trail.erasures import erasures

LARGEST: Final = 5_000_000
"""Bytes a statement may take; the longest real one has some ten thousand."""


def verify(path: Path, engine: Engine) -> None:
    """Say "confirmed", or what differs and end with 1; a file that is no statement is wrong usage.

    Once somebody was erased since it was made, what differs denies nothing: it cannot be counted again.
    """
    text = _text(path)
    try:
        found = list(differences(text, _again(seal_of(text), engine)))
    except (NotAStatementError, QuestionError) as refused:
        raise UsageError(f"{path} is not a statement: {refused}") from None
    if not found:
        typer.echo("confirmed")
        return
    gone = [one for one in erasures(engine) if not one.keeps_scores and one.at > _known_at(text)]
    typer.echo("cannot be counted again" if gone else "denied")
    if gone:
        say(erased_since(gone, clinic_zone(engine)))
    for difference in found:
        say(f"By this record {difference}.")
    raise typer.Exit(DATA_SAY_NO)


def _known_at(text: str) -> datetime:
    """The moment of the record a statement was made of, as its seal says."""
    return datetime.fromisoformat(str(seal_of(text)["known_at"])).astimezone(UTC)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as opened:  # which may be a device, and have no end
            content = opened.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise UsageError(f"{path} is not a statement: it is larger than {LARGEST:,} bytes")
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as unreadable:
        raise UsageError(f"{path} is not a statement: it cannot be read as text ({unreadable})") from None


def _again(seal: dict[str, object], engine: Engine) -> Statement:
    """The statement made anew from the record as it was known then."""
    question, claimed = seal["question"], seal["claim"]
    if not isinstance(question, dict) or not isinstance(claimed, float):
        raise NotAStatementError(f"its claim is a rate between 0 and 1; got {claimed!r}")
    scale = get_scale(str(question.get("scale")), scales_asked(engine, str(seal["known_at"])))
    estimand = Estimand.from_told(question, scale)
    asked = answers.ask(engine, scale, _day(seal["as_of"]), str(seal["known_at"]))
    found = asked.answer(estimand, answers.claimed(claimed))
    newest = seal.get("lock")
    known = [lock for lock in locks(engine) if isinstance(newest, int) and lock.id <= newest]
    return statement(
        found,
        asked.scale,
        asked.outcomes,
        known_at=asked.known_at,
        locks=known,
        trail=_trail_sealed(seal, engine),
    )


def _trail_sealed(seal: dict[str, object], engine: Engine) -> str | None:
    """What of the record is in the hash. Guesses could be held against one with nothing of it."""
    if seal.get("of_record"):
        return trail_in(engine)
    if not reads_patients():
        raise UsageError(
            "The statement is of an earlier version of Seventy: whoever may read patients' records can have "
            "it checked, or make it anew."
        )
    return None


def _day(written: object) -> date:
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        raise NotAStatementError(f"its as_of is a date such as 2026-01-31; got {written!r}") from None
