"""A PostgreSQL server for tests: the one named in SEVENTY_TEST_POSTGRES, or one that is thrown away."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

OWNER: Final = "postgres"
SETTINGS: Final = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses=''"


class NoServerError(RuntimeError):
    """There is no PostgreSQL to test on; says what is missing."""


@contextmanager
def server() -> Iterator[str]:
    """The URL of a server's `postgres` database, by a user who may create databases."""
    named = os.environ.get("SEVENTY_TEST_POSTGRES")
    if named:
        yield named
        return
    folder = Path(tempfile.mkdtemp(prefix="seventy-postgres-", dir="/tmp"))
    try:
        _own(folder)
        cluster = folder / "cluster"
        _run(
            "initdb",
            "--no-sync",
            "--auth=trust",
            f"--username={OWNER}",
            "--encoding=UTF8",
            f"--pgdata={cluster}",
        )
        _run(
            "pg_ctl",
            "start",
            "--wait",
            f"--pgdata={cluster}",
            f"--log={folder}/log",
            "-o",
            f"{SETTINGS} -k {folder}",
        )
        try:
            yield f"postgresql://{OWNER}@/postgres?host={folder}"
        finally:
            _run("pg_ctl", "stop", "--mode=immediate", f"--pgdata={cluster}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _own(folder: Path) -> None:
    """PostgreSQL refuses to run as root: the folder then belongs to its own user."""
    if os.geteuid() == 0:
        try:
            owner = pwd.getpwnam(OWNER)
        except KeyError:
            raise NoServerError(f"there is no user {OWNER} to run PostgreSQL as") from None
        os.chown(folder, owner.pw_uid, owner.pw_gid)


def _run(program: str, *arguments: str) -> None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    found = next((str(path / program) for path in reversed(folders) if (path / program).exists()), None)
    found = found or shutil.which(program)
    if found is None:
        raise NoServerError(f"{program} is not installed; name a server in SEVENTY_TEST_POSTGRES")
    became = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*became, found, *arguments],
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
    )
    if done.returncode:
        raise NoServerError(f"{program} failed: {done.stderr.strip()}")
