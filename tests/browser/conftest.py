"""A running dashboard and a real browser; skipped where there is no Chromium, failed without one on CI."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sqlalchemy import Engine

from models.access.keys import AUDIT, Keys, key_file
from models.access.roles import Role
from models.store.accounts.sessions import open_session
from models.store.accounts.staff import accounts, add_account
from models.store.engine.database import open_engine
from models.store.moves.migrate import start
from models.store.trail.entries import record_mark
from tests.support.builders import BY, NOW
from tests.support.databases import put_key

CHROMIUM: Final = Path("/usr/bin/chromium")
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SEVENTY: Final = Path(sys.executable).with_name("seventy")
PATIENCE: Final = 180


class Served(NamedTuple):
    """A dashboard somebody can open, and the record behind it."""

    address: str
    database: str
    engine: Engine
    log: Path

    def sign_in(self, context: BrowserContext, role: Role = Role.CLINICIAN) -> str:
        """Sign this browser in as somebody of that role, past the form; their user name."""
        found = [each.id for each in accounts(self.engine) if each.username == role]
        at = datetime.now(UTC)
        account = found[0] if found else add_account(self.engine, role, role.shown, role, by=BY, at=at).id
        token = open_session(
            self.engine, account, proved_by="test", address="127.0.0.1", browser="a test", at=at
        )
        cookie = f"seventy-{record_mark(self.engine)}"
        context.add_cookies([{"name": cookie, "value": token, "url": self.address}])
        return str(role)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a real Chromium."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"There is no {CHROMIUM}")
        pytest.skip(f"There is no {CHROMIUM}")
    expect.set_options(timeout=60_000)  # five seconds are few on a busy machine
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """`seventy serve` on an empty record of this test's own."""
    with serving(tmp_path) as running:
        yield running


@contextmanager
def serving(tmp_path: Path, *, behind: str | None = None, **environment: str) -> Iterator[Served]:
    """`seventy serve` on a new record in a folder, with more in its environment; `behind` a proxy's host."""
    database = f"sqlite:///{tmp_path}/clinic.db"
    put_key()
    engine = open_engine(database, audit_key=Keys.read(key_file()).derive(AUDIT))  # another test's is another
    start(engine, at=NOW)
    port = free_port()
    log = tmp_path / "log.txt"
    proxy = ["--behind-proxy", f"https://{behind}"] if behind else []
    where = ["--port", str(port), "--db", database, *proxy]
    with log.open("wb") as said:
        process = subprocess.Popen(
            [SEVENTY, "serve", "--headless", "--backup-every", "0", *where],
            stdout=said,
            stderr=said,
            env={**os.environ, **environment},
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", behind)
            yield Served(f"http://127.0.0.1:{port}", database, engine, log)
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)
            engine.dispose()


@pytest.fixture
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window of a desk's size, where a clinician is signed in to what is served, if it is."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    if "served" in request.fixturenames:
        request.getfixturevalue("served").sign_in(context)
    window = context.new_page()
    window.set_default_timeout(60_000)
    yield window
    context.close()


def free_port() -> int:
    """A port nobody holds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, host: str | None = None) -> None:
    """Until it answers, to another `Host` than the one in the address where one is named."""
    until = time.monotonic() + PATIENCE
    asked = Request(address, headers={"Host": host} if host else {})  # noqa: S310
    while time.monotonic() < until:
        with suppress(OSError), urlopen(asked, timeout=5) as answered:  # noqa: S310
            if answered.status == 200:
                return
        time.sleep(0.2)
    pytest.fail(f"{address} did not answer")
