"""Fixtures every test may ask for, and a guard: no test can reach a record that is not its own."""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine
from xdist.remote import Producer
from xdist.scheduler import Scheduling

from models.store.engine import sqlite
from models.store.engine.database import open_engine
from models.store.moves.migrate import start
from tests.support.builders import NOW
from tests.support.databases import Databases, connected, put_key
from tests.support.places import DISK, put_temporary_files_there
from tests.support.postgres import NoServerError, server
from tests.support.shares import Shares
from tests.support.thorough import is_skipped_on_ci

settings.register_profile("seventy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("seventy")  # a busy machine is slow; that is no finding

ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


def pytest_configure(config: pytest.Config) -> None:
    """Before any test or fixture: the default record, key and folders are a temporary folder's."""
    sys.dont_write_bytecode = False  # or every process of the tests, and what they start, compiles anew
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    put_temporary_files_there()
    folder = Path(tempfile.mkdtemp(prefix="seventy-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ["SEVENTY_DB"] = f"sqlite:///{folder}/nobodys.db"
    os.environ["XDG_DATA_HOME"] = str(folder / "data")
    os.environ["XDG_CONFIG_HOME"] = str(folder / "config")
    os.environ.pop("SEVENTY_KEY_FILE", None)
    os.environ["SEVENTY_PLAIN"] = "1"
    os.environ.pop("SEVENTY_ANCHORS", None)
    os.environ.pop("SEVENTY_COPIES", None)
    os.environ["SEVENTY_LEAST_FREE"] = "0"  # however little the tests' own disk has left
    for name in ("SEVENTY_AS", "SEVENTY_SMTP_URL", "SEVENTY_NOTICE_TO", "SEVENTY_NOTICE_WEBHOOK"):
        os.environ.pop(name, None)  # no test writes to anybody


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """The collector rests while everything is imported, of which nothing goes away."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """What was imported stays: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.fixture(scope="module", autouse=True)
def _what_stays_is_not_walked_through() -> None:
    """What a file of tests imported, or keeps in a cache, is left out as well once the next one begins."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """At the end it is let go again."""
    gc.unfreeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """On CI a thorough test that is skipped has failed."""
    report = yield
    if is_skipped_on_ci(report, item, os.environ.get("CI")):
        report.outcome, report.longrepr = "failed", f"On CI nothing thorough is skipped: {report.longrepr}"
    return report


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """A folder whose files share what is dear goes to one process, as each file does."""
    return Shares(config, log) if config.option.dist == "loadfile" else None


@pytest.fixture(scope="session")
def _keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the keys of all tests lie, each in a folder of its own."""
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(autouse=True)
def _a_key_of_its_own(monkeypatch: pytest.MonkeyPatch, _keys: Path) -> None:
    """No test reads or makes the key of whoever runs it; beside it lie the anchors of the audit trail."""
    monkeypatch.setenv("SEVENTY_KEY_FILE", f"{tempfile.mkdtemp(dir=_keys)}/seventy.key")


@pytest.fixture(autouse=True)
def _only_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening an SQLite file outside the temporary folders is an error, whatever named it."""
    file_of, allowed = sqlite.file_of, {Path(tempfile.gettempdir()).resolve(), DISK.resolve()}

    def guarded(url: object) -> Path:
        path = file_of(url)
        assert allowed & set(path.resolve().parents), f"A test reached for {path}, which is not temporary"
        return path

    monkeypatch.setattr(sqlite, "file_of", guarded)


@pytest.fixture(scope="session")
def _servers() -> list[Databases]:
    """The one that tests have asked for, once any has."""
    return []


@pytest.fixture(scope="session")
def postgres(_servers: list[Databases]) -> Iterator[Databases]:
    """Databases of a PostgreSQL server; without one the test is skipped, and on CI it fails."""
    try:
        with server() as url, closing(Databases(url)) as databases:
            _servers.append(databases)
            yield databases
    except NoServerError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"PostgreSQL: {error}")
        pytest.skip(f"PostgreSQL: {error}")


@pytest.fixture(autouse=True)
def _databases_of_a_test_go(_servers: list[Databases]) -> Iterator[None]:
    """Those of its module stay, and what the next tests copy."""
    with ExitStack() as at_the_end:
        for databases in _servers:
            at_the_end.enter_context(databases.going())
        yield


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each engine, in which nothing was started."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/record.db"
    return str(request.getfixturevalue("postgres").new())


@pytest.fixture(params=ENGINES)
def record_url(request: pytest.FixtureRequest, some_key: None) -> str:
    """A started record of each engine, in which nothing is recorded yet."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    return str(request.getfixturevalue("postgres").started())


@pytest.fixture
def engine(record_url: str) -> Iterator[Engine]:
    """A started, empty record: the test runs once on SQLite and once on PostgreSQL."""
    with connected(record_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def _empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A started, empty record to copy: migrations run once."""
    file = tmp_path_factory.mktemp("record") / "empty.db"
    with connected(f"sqlite:///{file}") as opened:
        start(opened, at=NOW)
    return file


@pytest.fixture(scope="session")
def _begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A started, empty record, and beside it the key it was begun with."""
    folder = tmp_path_factory.mktemp("begun")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEVENTY_KEY_FILE", str(folder / "seventy.key"))
        opened = open_engine(f"sqlite:///{folder}/record.db")
        start(opened, at=NOW)
        opened.dispose()
    return folder


@pytest.fixture
def take(tmp_path: Path, _a_key_of_its_own: None) -> Callable[[Path], str]:
    """Copies a record and its key out of a folder, the key to where this test's key lies; says its URL."""

    def taken(folder: Path) -> str:
        shutil.copy(folder / "seventy.key", os.environ["SEVENTY_KEY_FILE"])
        return f"sqlite:///{shutil.copy(folder / 'record.db', tmp_path / 'record.db')}"

    return taken


@pytest.fixture
def begun(_begun: Path, take: Callable[[Path], str]) -> str:
    """A copy of it: as `start` leaves record and key, only sooner."""
    return take(_begun)


@pytest.fixture
def some_key(_a_key_of_its_own: None) -> None:
    """A key where the record's own is not: commands go on with no trail while there is none."""
    put_key()


@pytest.fixture
def new_sqlite(_empty_file: Path, tmp_path: Path, some_key: None) -> Callable[[], str]:
    """Makes started, empty SQLite records."""
    numbers = count()
    return lambda: f"sqlite:///{shutil.copy(_empty_file, tmp_path / f'record-{next(numbers)}.db')}"


@pytest.fixture(params=ENGINES)
def new_record(request: pytest.FixtureRequest, some_key: None) -> Callable[[], str]:
    """Makes started, empty records of each engine."""
    if request.param == "sqlite":
        return request.getfixturevalue("new_sqlite")  # type: ignore[no-any-return]
    return request.getfixturevalue("postgres").its_own  # type: ignore[no-any-return]


@pytest.fixture
def sqlite_url(new_sqlite: Callable[[], str]) -> str:
    """A started, empty SQLite record."""
    return new_sqlite()


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    """The same, open."""
    with connected(sqlite_url) as opened:
        yield opened
