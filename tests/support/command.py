"""The real command, run in this process."""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from typer import testing
from typer.testing import CliRunner

# every run would make all commands and their options from their functions again, and they stay the same
testing._get_command = cache(testing._get_command)  # type: ignore[attr-defined]


class Run(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The JSON document on standard output."""
        return json.loads(self.out)


def seventy(*arguments: str | Path | int, db: str | None = None, typed: str | None = None) -> Run:
    """Run `seventy` with these arguments, on this database, typing this."""
    from dashboard.cli import app  # noqa: PLC0415 - its help names folders, set after the conftests

    named = [] if db is None else ["--db", db]
    done = CliRunner().invoke(app, [*named, *(str(argument) for argument in arguments)], input=typed)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Run(done.exit_code, done.stdout, done.stderr)


def counts(run: Run, table: str) -> dict[str, int]:
    """What became of the rows of one table, in an import's JSON; zeros are left out."""
    return {name: number for name, number in run.document["tables"][table].items() if number}
