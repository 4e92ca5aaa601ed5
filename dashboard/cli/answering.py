"""What a command answers when it cannot: a sentence on standard error, and an exit status for its kind.

A program that asked for JSON reads the same in the one document it gets: `{"error": …, "exit_status": …}`.
"""

import errno
from typing import Any, Final, NoReturn

import typer
from typer.core import TyperGroup

from dashboard.cli.options import print_json, wants_json
from models.exchange.columns.mapping import MappingError
from models.exchange.imports.rejects import RejectsError
from models.exchange.sheets.sheet import UnknownKindError, UnreadableFileError
from models.outcomes.question.change import UndefinedOutcomeError
from models.outcomes.question.estimand import QuestionError
from models.scales import UnknownScaleError
from models.store.engine.errors import BackupError, StoreError

DATA_SAY_NO: Final = 1
WRONG_USAGE: Final = 2
NO_DATABASE: Final = 3
WHOSE: Final = "Is it somebody else's, or the folder it lies in, or read-only?"


class UsageError(Exception):
    """A command was asked for what it cannot be asked for; the words say what it can."""


STATUS: Final[tuple[tuple[type[Exception], int], ...]] = (
    (UnknownKindError, WRONG_USAGE),
    (UnreadableFileError, DATA_SAY_NO),
    (MappingError, WRONG_USAGE),
    (RejectsError, WRONG_USAGE),
    (UndefinedOutcomeError, WRONG_USAGE),
    (QuestionError, WRONG_USAGE),
    (UnknownScaleError, WRONG_USAGE),
    (UsageError, WRONG_USAGE),
    (BackupError, DATA_SAY_NO),
    (StoreError, NO_DATABASE),
)
"""Each error a command may end with; the first that fits decides."""


LIBRARYS: Final = "Value error, "
FORMAT: Final = "does not match the formats '%Y-%m-%d'"
A_DAY: Final = "is not a day, written as 2026-01-31"
"""How the library begins and ends what a person reads, and what stands there instead."""


class Answering(TyperGroup):
    """Turns an error into its sentence and its status, for every command in one place."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as misused:
            misused.message = misused.message.removeprefix(LIBRARYS).replace(FORMAT, A_DAY)
            _document(ctx, misused.format_message(), WRONG_USAGE)
            raise
        except tuple(kind for kind, _ in STATUS) as wrong:
            status = next(status for kind, status in STATUS if isinstance(wrong, kind))
            _end(ctx, str(wrong), status)
        except OSError as refused:
            if refused.errno == errno.EPIPE:  # whoever read the output has gone
                raise
            hint = f" {WHOSE}" if isinstance(refused, PermissionError) else ""
            _end(ctx, f"The system did not allow it: {refused}.{hint}", NO_DATABASE)


def _end(context: Any, words: str, status: int) -> NoReturn:
    say(words)
    _document(context, words, status)
    raise typer.Exit(status) from None


def _document(context: Any, words: str, status: int) -> None:
    if wants_json(context):
        print_json({"error": words, "exit_status": status})


def say(words: str) -> None:
    """Tell the person at the terminal; programs read standard output."""
    typer.echo(shown(words), err=True)


def shown(words: str) -> str:
    """Words for a terminal: a name from elsewhere may hold its commands, which are shown, not obeyed."""
    return "".join(
        each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}" for each in words
    )
