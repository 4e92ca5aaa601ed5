"""PostgreSQL's own dump as a backup: `pg_dump` of one snapshot, read back whole by `pg_restore`."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryFile
from typing import IO, Final, cast

from sqlalchemy import URL, Connection

from models.store.backups import unfinished
from models.store.engine.errors import BackupError

INSTALLED: Final = Path("/usr/lib/postgresql")


def write(connection: Connection, url: URL, path: Path) -> None:
    """Dump the state this connection sees, without the mark of a restore: a copy has none to end."""
    snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
    unmarked = f"--exclude-table={unfinished.TABLE}"
    arguments = ["--format=custom", "--no-owner", unmarked, f"--snapshot={snapshot}", f"--file={path}"]
    _run("pg_dump", *arguments, environment=_server(url))


def is_dump(path: Path) -> bool:
    """Whether a file is a dump of PostgreSQL; any other is SQLite's, whose first bytes may be sealed."""
    with path.open("rb") as file:
        return file.read(5) == b"PGDMP"


def row_counts(path: Path, tables: dict[str, int]) -> dict[str, int]:
    """Rows of each table in a dump, counted by reading it through."""
    counts = dict.fromkeys(tables, 0)
    table: str | None = None
    for line in _lines("pg_restore", "--data-only", "--file=-", str(path)):
        if table is None and line.startswith("COPY "):
            table = line.split()[1].split(".")[-1].strip('"')
        elif line == "\\.":
            table = None
        elif table in counts:
            counts[table] += 1
    return counts


def cells(path: Path, table: str, columns: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """What stands in columns of a table of a dump, row by row, as text without control characters."""
    places: list[int] = []
    for line in _lines("pg_restore", "--data-only", f"--table={table}", "--file=-", str(path)):
        if line.startswith("COPY "):
            named = line[line.index("(") + 1 : line.index(")")].split(", ")
            places = [named.index(column) for column in columns]
        elif line == "\\.":
            places = []
        elif places:
            row = line.split("\t")
            yield tuple(row[place].replace("\\\\", "\\") for place in places)


def run(path: Path, url: URL, *, before: str, after: str) -> None:
    """Fill a database from a dump, between SQL that begins a transaction and SQL that ends it.

    Whatever goes wrong on the way, the transaction does not end well: nothing is changed then.
    """
    quiet = {"PGOPTIONS": "-c client_min_messages=warning", **os.environ, **_server(url)}
    reader = [_program("pg_restore"), "--no-owner", "--file=-", str(path)]
    writer = [_program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"]
    with (
        TemporaryFile() as said,
        Popen(writer, env=quiet, stdin=PIPE, stdout=DEVNULL, stderr=said) as psql,  # noqa: S603
        Popen(reader, stdout=PIPE, stderr=said) as pg_restore,  # noqa: S603
    ):
        script, dumped = cast("IO[bytes]", psql.stdin), cast("IO[bytes]", pg_restore.stdout)
        with suppress(BrokenPipeError), script:  # it breaks when psql has ended, and said why
            script.write(before.encode())
            shutil.copyfileobj(dumped, script)
            if pg_restore.wait() == 0:
                script.write(after.encode())
        pg_restore.kill()
        if psql.wait() or pg_restore.wait():
            said.seek(0)
            lines = said.read().decode(errors="replace").splitlines()
            why = next((line for line in lines if "error" in line.lower()), "it was stopped")
            raise BackupError(f"PostgreSQL could not restore it, nothing was changed: {why}")


def refuse_missing() -> None:
    """`BackupError` names the first program that backups need and that is not installed."""
    for name in ("pg_dump", "pg_restore", "psql"):
        _program(name)


def _server(url: URL) -> dict[str, str]:
    """Where the server is and who asks, out of sight of the list of running programs."""
    said = {
        "PGHOST": url.query.get("host") or url.host,
        "PGPORT": url.query.get("port") or url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        **{f"PG{name.upper()}": said for name, said in url.query.items() if name.startswith("ssl")},
    }
    return {name: str(value) for name, value in said.items() if value}


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        installed = sorted(INSTALLED.glob(f"*/bin/{name}"))
        found = str(installed[-1]) if installed else None
    if found is None:
        raise BackupError(f"{name} is not installed; it comes with PostgreSQL's client programs.")
    return found


def _run(name: str, *arguments: str, environment: dict[str, str]) -> None:
    done = subprocess.run(  # noqa: S603
        [_program(name), *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{name} could not do it: {done.stderr.strip()}")


def _lines(name: str, *arguments: str) -> Iterator[str]:
    with subprocess.Popen(  # noqa: S603
        [_program(name), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as running:
        if running.stdout is not None:
            for line in running.stdout:
                yield line.rstrip("\n")
        if running.wait() and running.stderr is not None:
            raise BackupError(f"{name} could not do it: {running.stderr.read().strip()}")
