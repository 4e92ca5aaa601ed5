"""The key that sealed the audit trail is lost for good: another goes on, and nobody hides anything by it."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Engine

from models.access.keys import Keys
from models.access.roles import Role
from models.store.audit.events import LOST
from models.store.backups.backup import folder_of
from models.store.engine.database import open_engine, reading
from models.store.health.trial import HELD, READ, try_restore
from models.store.trail.entries import entries
from tests.support.builders import NOW
from tests.support.clinic_key import alone
from tests.support.command import Run
from tests.support.tampering import tamper
from tests.support.way_in import ready_account

ADD = ("user", "add", "--role", Role.AUDITOR)
REASON = "the disk with the key burnt"
REPLACE = ("key", "replace-lost", "--reason", REASON)


class Clinic(NamedTuple):
    """A record that its key does not open, where that lies, and where another would."""

    db: str
    first: Path
    second: Path
    folder: Path
    suffix: str

    def run(self, *words: str | Path) -> Run:
        return alone(*words, db=self.db)

    def engine(self) -> Engine:
        return open_engine(self.db)

    def tampered(self, *statements: str) -> None:
        engine = self.engine()
        tamper(engine, *statements)
        engine.dispose()

    def newest(self) -> tuple[int, str]:
        engine = self.engine()
        try:
            return next((entry.number, entry.action) for entry in entries(engine, newest=1))
        finally:
            engine.dispose()

    def backup(self, name: str) -> Path:
        path = self.folder / f"{name}{self.suffix}"
        assert self.run("backup", path).status == 0
        return path


@pytest.fixture(name="clinic")
def _clinic(
    database_url: str, key_file: Path, tmp_path: Path, people: Path, monkeypatch: pytest.MonkeyPatch
) -> Clinic:
    monkeypatch.setenv("SEVENTY_PLAIN", "1")
    monkeypatch.setenv("SEVENTY_ANCHORS", str(tmp_path / "anchors"))
    suffix = ".db" if database_url.startswith("sqlite") else ".dump"
    clinic = Clinic(database_url, key_file, tmp_path / "second" / "seventy.key", tmp_path, suffix)
    assert clinic.run("import", people).status == 0
    return clinic


@pytest.fixture(name="lost")
def _lost(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """The key is away, and the environment names a place where none lies."""
    clinic.first.rename(clinic.folder / "first.key")
    monkeypatch.setenv("SEVENTY_KEY_FILE", str(clinic.second))
    return clinic


@pytest.fixture(name="replaced")
def _replaced(lost: Clinic) -> Clinic:
    """Event 5 tells of it; four were sealed with the lost key."""
    assert lost.run(*REPLACE).status == 0
    return lost


def sentence(by: str = "key replace-lost", events: int = 4, why: str = REASON) -> str:
    says = f"Events 1 to {events} were sealed with a key that was lost, as event {events + 1} says "
    return rf"^{says}\(seventy {by}, \S+, on [^)]+ UTC: {why}\), and nothing proves what they tell\.\n$"


def matches(pattern: str, said: str) -> bool:
    return re.search(pattern, said) is not None


def test_another_is_made_and_goes_on_with_the_trail(lost: Clinic) -> None:
    before = lost.run(*ADD, "bob")
    assert before.status == 3
    assert "`seventy key replace-lost --reason TEXT` makes another" in before.err
    run = lost.run(*REPLACE)
    keys = Keys.read(lost.second)
    assert run.status == 0
    assert run.out.startswith(f"A new key was made. {lost.second} ({keys.fingerprint()}) seals the audit")
    assert "Nothing proves the events up to 4 any more" in run.err
    assert "`seventy key show-sheet`" in run.err
    assert lost.newest() == (5, LOST)
    assert f"{REASON}" in lost.run("audit").out
    assert lost.run(*ADD, "bob").status == 0


def test_verify_says_it_in_one_sentence_ever_after(replaced: Clinic) -> None:
    for _ in range(2):
        run = replaced.run("verify")
        assert (run.status, run.err) == (1, "")
        assert matches(sentence(), run.out)
        assert replaced.run(*ADD, f"bob{_}").status == 0
    assert [one["kind"] for one in replaced.run("verify", "--json").document["findings"]] == ["lost"]
    told = replaced.run("doctor", "--json").document["findings"]
    (found,) = [one for one in told if one["about"] == "key of the trail"]
    assert found["fine"]
    assert found["says"].endswith("holds it since event 5; the one before was lost.")


def test_whoever_cannot_come_in_as_before_and_who_is_known_no_more_is_said(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = clinic.engine()
    ready_account(engine)
    engine.dispose()
    assert clinic.run("erase", "7", "--reason", "asked for it in May", "--confirm", "7").status == 0
    monkeypatch.setenv("SEVENTY_KEY_FILE", str(clinic.second))
    clinic.first.unlink()
    said = clinic.run(*REPLACE).err
    assert "1 authenticator opens nothing any more, and everybody is signed out." in said
    assert "by a recovery code" in said
    assert "`seventy user reset NAME`" in said
    assert "1 person who was erased is no longer known by number" in said


def test_of_many_rows_told_of_under_the_lost_key_none_is_named_in_the_place_of_another(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = clinic.folder / "many.csv"
    many.write_text("mrn\n" + "".join(f"{number}\n" for number in range(100, 130)))
    assert clinic.run("import", many).status == 0
    clinic.tampered("UPDATE patient SET mrn = 'x' WHERE id = 9")
    assert "patient 9 was changed" in clinic.run("verify").out
    monkeypatch.setenv("SEVENTY_KEY_FILE", str(clinic.second))
    clinic.first.unlink()
    assert clinic.run(*REPLACE).status == 0
    assert ", were changed.\n" in clinic.run("verify").out


def test_what_is_changed_is_found_as_before(replaced: Clinic) -> None:
    assert replaced.run(*ADD, "bob").status == 0
    replaced.tampered(
        "UPDATE patient SET family_name = 'X'", "UPDATE audit_event SET happened_by = 'x' WHERE id IN (2, 6)"
    )
    said = replaced.run("verify").out.splitlines()
    assert len(said) == 3
    assert matches(sentence(), f"{said[0]}\n")
    assert said[1].startswith("Event 6 (add account, account 1, by x) is not as it was written")
    assert said[2].startswith("Patient 1: recorded by seventy import")


def test_no_key_is_lost_to_hide_that_the_end_was_cut_off(clinic: Clinic, lost: Clinic) -> None:
    clinic.tampered("DELETE FROM audit_event WHERE id > 2")
    assert lost.run(*REPLACE).status == 0
    said = lost.run("verify").out
    assert matches("there were 4 events; the trail now ends with event 3: event 4 is cut off", said)
    assert lost.run(*ADD, "bob").status == 0
    assert matches("there were 4 events, and event 4 was another one then", lost.run("verify").out)


def test_what_was_noted_under_the_lost_key_is_said_to_be_changed_only_after_it(replaced: Clinic) -> None:
    noted = replaced.folder / "anchors" / "audit-anchors.jsonl"
    *_, last = noted.read_text().splitlines()
    noted.write_text(noted.read_text() + last.replace('"events":5', '"events":4') + "\n")
    assert "was changed, or written with another key" in replaced.run("verify").out


def test_the_lost_key_goes_on_no_more_should_it_be_found(
    replaced: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEVENTY_KEY_FILE", str(replaced.folder / "first.key"))
    run = replaced.run(*ADD, "bob")
    assert (run.status, "is another key than the one that seals" in run.err) == (3, True)
    assert "does not fit event 5, from which on" in replaced.run("doctor").out


def test_it_is_refused_while_the_key_fits(clinic: Clinic) -> None:
    run = clinic.run(*REPLACE)
    assert run.status == 2
    assert run.err.startswith(f"Nothing is lost: {clinic.first} (")
    assert clinic.newest()[0] == 4


def test_one_changed_event_loses_no_key(clinic: Clinic) -> None:
    clinic.tampered("UPDATE audit_event SET happened_by = 'x' WHERE id = 4")
    assert clinic.run(*REPLACE).status == 2


def test_it_is_refused_while_somebody_has_the_record_open(lost: Clinic) -> None:
    engine = lost.engine()
    with reading(engine) as connection:
        connection.exec_driver_sql("SELECT count(*) FROM audit_event").all()
        run = lost.run(*REPLACE)
    engine.dispose()
    assert run.status == 3
    assert "is in use. Stop the dashboard" in run.err
    assert not lost.second.exists()


@pytest.mark.parametrize(
    ("reason", "words"), [("burnt", "The reason must be 10 characters or more"), ("a\0" * 9, "--reason: ")]
)
def test_a_reason_says_something(lost: Clinic, reason: str, words: str) -> None:
    run = lost.run("key", "replace-lost", "--reason", reason)
    assert (run.status, words in run.err) == (2, True)
    assert not lost.second.exists()


def test_where_no_record_stands_nothing_is_made(lost: Clinic) -> None:
    run = alone(*REPLACE, db=f"sqlite:///{lost.folder}/none.db")
    assert run.status == 3
    assert "`seventy restore FILE --despite-findings`" in run.err
    assert not lost.second.exists()


def test_a_backup_made_since_is_restored_and_one_from_before_when_that_is_asked_for(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = clinic.backup("old")
    clinic.first.rename(clinic.folder / "first.key")
    monkeypatch.setenv("SEVENTY_KEY_FILE", str(clinic.second))
    assert clinic.run(*REPLACE).status == 0
    since = clinic.backup("since")
    assert clinic.run("restore", since).status == 0
    assert matches(sentence(events=5), clinic.run("verify").out)
    refused = clinic.run("restore", old)
    assert refused.status == 1
    assert f"{old} does not fit the key that is there" in refused.err
    assert clinic.run("restore", old, "--despite-findings").status == 0
    why = rf"restored from {old.name} with --despite-findings"
    assert matches(sentence("restore", 4, why), clinic.run("verify").out)
    assert clinic.run(*ADD, "bob").status == 0


def test_the_trial_of_a_backup_made_since_holds(replaced: Clinic) -> None:
    assert replaced.run("backup", "--keep").status == 0
    engine = replaced.engine()
    came = try_restore(engine, folder_of(engine), by="a test", at=NOW)
    engine.dispose()
    assert came == (HELD if replaced.suffix == ".db" else READ)


def test_a_backup_is_restored_where_neither_record_nor_key_is_left(
    clinic: Clinic, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = clinic.backup("old")
    lite = clinic.suffix == ".db"
    there = f"sqlite:///{clinic.folder}/new.db" if lite else request.getfixturevalue("postgres").new()
    monkeypatch.setenv("SEVENTY_KEY_FILE", str(clinic.second))
    assert alone("restore", old, db=there).status == 3
    assert not clinic.second.exists()
    assert alone("restore", old, "--despite-findings", db=there).status == 0
    assert clinic.second.exists()
    assert "were sealed with a key that was lost" in alone("verify", db=there).out
    assert alone(*ADD, "bob", db=there).status == 0


def test_the_copy_says_it_too(replaced: Clinic) -> None:
    target = f"sqlite:///{replaced.folder}/copy.db"
    assert alone("copy", "--from", replaced.db, "--to", target, db=replaced.db).status == 0
    assert matches(sentence(), alone("verify", db=target).out)
    assert matches(sentence(), replaced.run("verify").out)
