"""What several commands share: options, examples, and the one document a program reads."""

import json
from typing import Annotated, Any

import typer

Database = Annotated[
    str | None,
    typer.Option(
        "--db",
        metavar="URL",
        help="The database, as an SQLAlchemy URL. Without it SEVENTY_DB, else a file in your data folder.",
        show_default=False,
    ),
]
KeptKey = Annotated[
    bool,
    typer.Option(
        "--yes-i-kept-the-key",
        help="The key's recovery sheet is locked away: nobody is asked to type from it.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]


def examples(*lines: str) -> str:
    """Examples for the end of a --help, each on a line of its own."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def print_json(document: Any) -> None:
    """Print the document."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))
