"""A PostgreSQL server for tests: the one named in SEVENTY_TEST_POSTGRES, or one that is thrown away."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from tests.support.places import DISK, roomy

OWNER: Final = "postgres"
FAST: Final = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class NoServerError(RuntimeError):
    """There is no PostgreSQL to test on; says what is missing."""


class Server:
    """A server of its own in a folder: its URL, and its ends and beginnings."""

    def __init__(self, folder: Path, settings: str) -> None:
        self.url = f"postgresql://{OWNER}@/postgres?host={folder}"
        self.folder = folder
        self._cluster, self._log = folder / "cluster", folder / "log"
        self._options = f"{settings} -c listen_addresses='' -k {folder}"
        _run(
            "initdb",
            "--no-sync",
            "--auth=trust",
            f"--username={OWNER}",
            "--encoding=UTF8",
            f"--pgdata={self._cluster}",
        )

    def start(self) -> None:
        """Start it, after a kill as well."""
        _run(
            "pg_ctl",
            "start",
            "--wait",
            f"--pgdata={self._cluster}",
            f"--log={self._log}",
            "-o",
            self._options,
        )

    def stop(self) -> None:
        """End it at once."""
        _run("pg_ctl", "stop", "--mode=immediate", f"--pgdata={self._cluster}")

    def kill(self) -> None:
        """SIGKILL for the postmaster and every process it began."""
        master = int((self._cluster / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        family = [master, *map(int, children)]
        for process in family:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while any(Path(f"/proc/{process}").exists() for process in family):  # even the unburied hold a lock
            time.sleep(0.01)


@contextmanager
def own_server(settings: str = "") -> Iterator[Server]:
    """A server that is thrown away; without settings it syncs what it commits, as a clinic's does."""
    place = roomy() if settings == FAST else None  # what syncs nothing loses nothing more in memory
    folder = Path(tempfile.mkdtemp(prefix="seventy-postgres-", dir=place or DISK))
    try:
        _own(folder)
        made = Server(folder, settings)
        made.start()
        try:
            yield made
        finally:
            with suppress(NoServerError):  # killed, and not started again
                made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server() -> Iterator[str]:
    """The URL of a server's `postgres` database, by a user who may create databases."""
    named = os.environ.get("SEVENTY_TEST_POSTGRES")
    if named:
        yield named
        return
    with own_server(FAST) as made:
        yield made.url


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
