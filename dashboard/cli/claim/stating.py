"""Writing the statement of an answer to a file a clinic may print."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from dashboard.cli.answering import UsageError, say
from dashboard.cli.claim.answers import Asked
from models.exchange.statements.statement import Statement, statement
from models.exchange.statements.statement_export import as_html, as_json, as_text
from models.outcomes.answers.answer import Answer
from models.store.record.claims import Lock

KINDS: Final[Mapping[str, Callable[[Statement], str]]] = {".txt": as_text, ".html": as_html, ".json": as_json}


def write_statement(
    path: Path, found: Answer, asked: Asked, locks: Sequence[Lock], trail: str | None
) -> None:
    """Write it in the form its ending names; a file that is there already is never replaced."""
    kind = KINDS.get(path.suffix.casefold())
    if kind is None:
        raise UsageError(f"--statement {path}: a statement ends in {', '.join(KINDS)}")
    made = statement(found, asked.scale, asked.outcomes, known_at=asked.known_at, locks=locks, trail=trail)
    try:
        with path.open("x", encoding="utf-8", newline="") as opened:
            opened.write(kind(made))
    except FileExistsError:
        raise UsageError(f"--statement {path} is there already; name another file") from None
    except OSError as refused:
        raise UsageError(f"--statement {path} cannot be written: {refused.strerror}") from None
    say(f"The statement stands in {path}; `seventy check --verify {path}` confirms or denies it.")
