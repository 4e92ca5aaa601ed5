"""What several commands share: options, examples, and the one document a program reads."""

import json
from pathlib import Path
from typing import Annotated, Any, Final

import typer

COPIES: Final = "SEVENTY_COPIES"
AS_NAMED: Final = "SEVENTY_AS"
Database = Annotated[
    str | None,
    typer.Option(
        "--db",
        metavar="URL",
        help="The database, as an SQLAlchemy URL. Without it SEVENTY_DB, else a file in your data folder.",
        show_default=False,
    ),
]
Account = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="NAME",
        envvar=AS_NAMED,
        help="Act as this account, with its rights alone. Without it, as the operator of the machine.",
        show_default=False,
        show_envvar=True,
    ),
]
KeptKey = Annotated[
    bool,
    typer.Option(
        "--yes-i-kept-the-key",
        help="The key's recovery sheet is locked away: nobody is asked to type from it.",
    ),
]
Copies = Annotated[
    Path | None,
    typer.Option(
        "--copies",
        metavar="FOLDER",
        envvar=COPIES,
        file_okay=False,
        help="A second folder of backups, on another disk: `seventy serve` makes one there every day.",
        show_default=False,
        show_envvar=True,
    ),
]
JSON_ASKED: Final = "seventy.json"


def wants_json(context: Any) -> bool:
    """Whether whoever gave the command reads a document, also where it comes to nothing."""
    return bool(context.meta.get(JSON_ASKED))


def _note_json(context: typer.Context, asked: bool) -> bool:
    context.meta[JSON_ASKED] = asked
    return asked


AsJson = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Print one JSON document on standard output.",
        is_eager=True,  # read before an option or argument that cannot be taken
        callback=_note_json,
    ),
]


def examples(*lines: str) -> str:
    """Examples for the end of a --help, each on a line of its own."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def print_json(document: Any) -> None:
    """Print the document."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))
