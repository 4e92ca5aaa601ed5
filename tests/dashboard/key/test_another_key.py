"""Another key than the one that seals the audit trail lies there: nothing goes on with it unasked."""

from pathlib import Path

import pytest

from models.access.keys import Keys
from models.store.engine.database import open_engine, reading
from tests.support.clinic_key import alone
from tests.support.tampering import events, tamper

ADD = ("user", "add", "--role", "auditor")


@pytest.fixture(name="db")
def _db(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A record on each engine that its key does not open, begun under it."""
    monkeypatch.setenv("SEVENTY_PLAIN", "1")
    assert alone(*ADD, "ada", db=database_url).status == 0
    return database_url


@pytest.fixture(name="other")
def _other(tmp_path: Path) -> Path:
    path = tmp_path / "other" / "seventy.key"
    Keys.create(path)
    return path


def told_in(db: str) -> int:
    engine = open_engine(db)
    try:
        return len(events(engine))
    finally:
        engine.dispose()


@pytest.mark.parametrize(
    "words",
    [
        (*ADD, "bob"),
        ("serve", "--headless", "--port", "1"),
        ("migrate",),
        ("audit",),
        ("key", "show-sheet"),
        ("key", "rotate"),
        ("key", "encrypt"),
    ],
    ids=" ".join,
)
def test_nothing_is_sealed_with_it(
    db: str, other: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = told_in(db)
    with monkeypatch.context() as mounted:
        mounted.setenv("SEVENTY_KEY_FILE", str(other))
        run = alone(*words, db=db)
        assert run.status == 3
        named = f"{other} ({Keys.read(other).fingerprint()}) is another key than the one that seals"
        assert named in run.err
        for way in ("SEVENTY_KEY_FILE", "`seventy key restore`", "`seventy key replace-lost --reason TEXT`"):
            assert way in run.err
    assert told_in(db) == before
    assert not other.with_name("seventy.key.trail").exists()
    assert alone(*ADD, "bob", db=db).status == 0
    assert alone("verify", db=db).status == 0


def test_nothing_is_copied_under_it(
    db: str, other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEVENTY_KEY_FILE", str(other))
    target = tmp_path / "copy.db"
    assert alone("copy", "--from", db, "--to", f"sqlite:///{target}", db=db).status == 3
    assert not target.exists()


def test_what_only_reads_goes_on(db: str, other: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEVENTY_KEY_FILE", str(other))
    assert alone("check", db=db).status == 0
    assert "No event fits this key" in alone("verify", db=db).out
    assert "does not fit the first event" in alone("doctor", db=db).out


@pytest.mark.parametrize("which", ["max(id)", "min(id)"])
def test_one_event_that_somebody_changed_stops_nobody_from_saving(db: str, which: str) -> None:
    engine = open_engine(db)
    with reading(engine) as connection:
        number = connection.exec_driver_sql(f"SELECT {which} FROM audit_event").scalar_one()  # noqa: S608
    tamper(engine, f"UPDATE audit_event SET happened_by = 'x' WHERE id = {number}")  # noqa: S608
    engine.dispose()
    assert alone(*ADD, "bob", db=db).status == 0
    assert "is not as it was written" in alone("verify", db=db).out
