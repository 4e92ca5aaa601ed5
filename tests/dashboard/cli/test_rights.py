"""Who may give which command: every command, as the operator and as an account of every role, for real."""

import shutil
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.main import get_group

from dashboard.cli import app
from dashboard.cli.acting import NEEDS, NEEDS_ALSO
from dashboard.cli.permitting import commands_of
from models.access.keys import Keys
from models.access.roles import RULES, Role
from models.store.accounts.staff import add_account, change_account
from models.store.backups import unfinished
from models.store.engine.database import open_engine
from models.store.moves.migrate import start
from models.store.record.read import record
from tests.support.builders import BY, NOW, record_patient
from tests.support.clinics import invented
from tests.support.command import Run, seventy
from tests.support.databases import connected_own

CLINICIAN, MANAGER, ADMINISTRATOR, AUDITOR, OPERATOR = actors = (*Role, None)
OFFICE = {ADMINISTRATOR, OPERATOR}
EVERYBODY = set(actors)
READERS = EVERYBODY - {ADMINISTRATOR}


class Command(NamedTuple):
    """How a command is given here, what it says once it did something, and who may give it."""

    given: str
    says: str
    whose: set[Role | None]


COMMANDS = {
    "demo": Command("demo --port {port}", "cannot be used", EVERYBODY),
    "serve": Command("serve --port {port}", "cannot be used", {OPERATOR}),
    "import": Command("import {file}", "new", {CLINICIAN, ADMINISTRATOR, OPERATOR}),
    "check": Command("check", "Too few", READERS),
    "grid": Command("grid", "worst_case", READERS),
    "claim": Command("claim", "Too few", READERS),
    "claim --statement": Command("claim --statement {new}.html", "stands in", {MANAGER, OPERATOR}),
    "extract": Command("extract --product safe-harbor --to {new}", "Data hash", {MANAGER, *OFFICE}),
    "extract --suicide-items": Command(
        "extract --product safe-harbor --suicide-items --to {new}", "Data hash", {OPERATOR}
    ),
    "extract --product limited": Command(
        "extract --product limited --dua DUA-1 --to {new}", "Data hash", {OPERATOR}
    ),
    "extract --product shifted": Command("extract --product shifted --to {new}", "Data hash", {OPERATOR}),
    "patient": Command("patient {number} --to {new}.html", "rows of patient", {CLINICIAN, OPERATOR}),
    "merge": Command(
        "merge {number} {other} --reason registered-twice --confirm",
        "nothing was moved",
        {CLINICIAN, OPERATOR},
    ),
    "scales": Command("scales", "phq9", EVERYBODY),
    "migrate": Command("migrate", "of this version", OFFICE),
    "verify": Command("verify", "as it was recorded", {AUDITOR, OPERATOR}),
    "audit": Command("audit", "add account", {AUDITOR, OPERATOR}),
    "backup": Command("backup {new}.db", "SHA-256", OFFICE),
    "restore": Command("restore {backup}", "is as of", OFFICE),
    "copy": Command("copy --from {url} --to sqlite:///{new}.db", "is what it was", OFFICE),
    "doctor": Command("doctor", "disk", OFFICE),
    "retention": Command("retention", "Nothing is due", OFFICE),
    "erase": Command("erase {other} --reason asked-in-writing --confirm {other}", "Erased: 1", OFFICE),
    "user add": Command("user add eve --role auditor", "/setup/", OFFICE),
    "user list": Command("user list", "link not used yet", OFFICE),
    "user disable": Command("user disable clinician", "is disabled", OFFICE),
    "user link": Command("user link clinician --issuer https://id.example --subject 7", "signs in", OFFICE),
    "user reset": Command("user reset clinician", "/setup/", OFFICE),
    "key show-sheet": Command("key show-sheet", "1)", {OPERATOR}),
    "key restore": Command("key restore", "holds the key of the sheet", {OPERATOR}),
    "key encrypt": Command("key encrypt", "is encrypted with the key", {OPERATOR}),
    "key rotate": Command("key rotate", "holds the new key", {OPERATOR}),
    "key replace-lost": Command("key replace-lost --reason it-was-burnt", "Nothing is lost", {OPERATOR}),
}
CELLS = [
    pytest.param(name, actor, id=f"{name}, {actor or 'operator'}") for name in COMMANDS for actor in actors
]


class Place(NamedTuple):
    """A folder with a record of its own, its backup and its key."""

    folder: Path
    number: str
    other: str
    port: int

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder}/record.db"

    def run(self, given: str, actor: str | None) -> Run:
        """Give a command as the operator, or as the account that is called like its role."""
        names = {
            "new": self.folder / "new",
            "file": self.folder / "patients.csv",
            "backup": self.folder / "backup.db",
        }
        words = given.format(**names, number=self.number, other=self.other, port=self.port, url=self.url)
        asked = [] if actor is None else ["--as", actor]
        typed = Keys.read(self.folder / "seventy.key").recovery_sheet("") if given == "key restore" else None
        return seventy(*asked, *words.split(), db=self.url, typed=typed)

    def state(self) -> tuple[list[str], list[str]]:
        """Every file, and every row of the record."""
        files = [path.name for path in self.folder.iterdir() if not path.name.endswith(("-wal", "-shm"))]
        connection = sqlite3.connect(self.folder / "record.db")
        try:
            return sorted(files), list(connection.iterdump())
        finally:
            connection.close()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A record with patients and an account of each role, its backup and key; and two patients' numbers."""
    folder = tmp_path_factory.mktemp("model")
    key = Keys.create(folder / "seventy.key").derive("audit")
    engine = open_engine(f"sqlite:///{folder}/record.db", audit_key=key)
    start(engine, at=NOW)
    invented(engine, 4)
    for role in Role:
        add_account(engine, role, role.shown, role, by=BY, at=NOW)
    number = str(record(engine).patients["mrn"][0])
    other = "registered-twice"
    record_patient(engine, other)
    (folder / "patients.csv").write_text("mrn\nnew-1\n")
    engine.dispose()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEVENTY_KEY_FILE", str(folder / "seventy.key"))
        made = seventy("backup", folder / "backup.db", db=f"sqlite:///{folder}/record.db")
    assert made.status == 0
    return folder, number, other


@pytest.fixture
def place(model: tuple[Path, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    folder = shutil.copytree(model[0], tmp_path / "place")
    monkeypatch.setenv("SEVENTY_KEY_FILE", str(folder / "seventy.key"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield Place(folder, model[1], model[2], taken.getsockname()[1])


def test_every_command_there_is_stands_in_the_table() -> None:
    there = {path for path, _ in commands_of(get_group(app))}
    assert there == {name.partition(" --")[0] for name in COMMANDS} == set(NEEDS)


def test_the_operator_has_each_right_that_a_command_needs_and_no_other() -> None:
    assert {right for right, rule in RULES.items() if rule.operator} == {
        *NEEDS.values(),
        *(asked.right for asked in NEEDS_ALSO.values()),
    }


@pytest.mark.parametrize(("name", "actor"), CELLS)
def test_every_cell(place: Place, name: str, actor: Role | None) -> None:
    command = COMMANDS[name]
    before = place.state()
    run = place.run(command.given, actor)
    said = run.out + run.err
    if actor in command.whose:
        assert command.says in said
        assert "Nothing was done" not in said
    else:
        assert (run.status, run.out) == (2, "")
        assert run.err.startswith("Nothing was done: a")
        assert run.err.endswith(f"; {actor} is {actor.shown.lower()}.\n" if actor else "")
        assert place.state() == before


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"demo", "restore", "key restore"}))
def test_no_command_opens_a_record_of_which_a_restore_did_not_end(place: Place, name: str) -> None:
    connection = sqlite3.connect(place.folder / "record.db")
    connection.execute(f"CREATE TABLE {unfinished.TABLE} (kept text)")
    connection.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    before = place.state()
    for actor in (None, ADMINISTRATOR) if ADMINISTRATOR in COMMANDS[name].whose else (None,):
        run = place._replace(port=port).run(COMMANDS[name].given, actor)
        assert "A restore of this record was broken off" in run.out + run.err
        assert run.status == {"scales": 0, "key show-sheet": 0, "doctor": 1}.get(name if not actor else "", 3)
    assert place.state() == before


def test_a_command_that_declares_nothing_is_refused_to_the_operator_too(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.cli.permitting.NEEDS", {})
    run = place.run("check", None)
    assert (run.status, run.out) == (2, "")
    assert run.err == "`seventy check` declares no right that it needs: nobody may.\n"


@pytest.mark.parametrize(
    "asked", ["safe-harbor --suicide-items", "limited --dua DUA-1", "shifted", "shifted --suicide-items"]
)
def test_a_manager_with_the_right_to_names_takes_every_extract(place: Place, asked: str) -> None:
    engine = open_engine(place.url)
    change_account(engine, MANAGER, by=BY, at=NOW, sees_names=True)
    engine.dispose()
    run = place.run(f"extract --product {asked} --to {{new}}", MANAGER)
    assert (run.status, "Data hash" in run.out) == (0, True)


def test_a_refusal_is_a_document_for_whoever_asked_for_one(place: Place) -> None:
    run = place.run("user list --json", "auditor")
    assert run.status == 2
    assert run.document == {"error": run.err.removesuffix("\n"), "exit_status": 2}


def test_the_environment_names_the_account_too(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEVENTY_AS", "Auditor")
    assert place.run("verify", None).status == 0
    assert "auditor is auditor" in place.run("backup {new}.db", None).err


def test_an_environment_that_names_nobody_gives_nobody_the_rights_of_the_operator(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEVENTY_AS", "")
    run = place.run("backup {new}.db", None)
    assert (run.status, run.err.startswith("SEVENTY_AS names nobody.")) == (2, True)
    assert place.run("verify", "auditor").status == 0


def test_nobody_acts_as_an_account_that_is_unknown_or_disabled(place: Place) -> None:
    assert place.run("check", "mallory").err == "--as: There is no account 'mallory'.\n"
    with connected_own(place.url) as engine:
        change_account(engine, "auditor", by=BY, at=NOW, active=False)
    run = place.run("check", "auditor")
    assert (run.status, run.err) == (2, "--as: the account 'auditor' is disabled.\n")


def test_nobody_acts_as_an_account_of_a_record_that_is_not_there(tmp_path: Path) -> None:
    run = seventy("--as", "ada", "check", db=f"sqlite:///{tmp_path}/none.db")
    assert (run.status, run.out, "has no accounts" in run.err) == (2, "", True)
    assert not list(tmp_path.iterdir())


def test_what_an_account_does_is_told_with_the_person_at_the_machine(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(variable, "nightly")
    assert place.run("import {file}", "clinician").status == 0
    assert place.run("backup {new}.db", "administrator").status == 0
    assert place.run("import {file}", None).status == 0
    connection = sqlite3.connect(place.folder / "record.db")
    told = connection.execute("SELECT happened_by FROM audit_event ORDER BY id DESC LIMIT 3").fetchall()
    ((by,),) = connection.execute("SELECT recorded_by FROM patient WHERE mrn = 'new-1'")
    connection.close()
    assert by == "seventy import as clinician, nightly"
    assert [name for (name,) in told] == [
        "seventy import, nightly",
        "seventy backup as administrator, nightly",
        "seventy import as clinician, nightly",
    ]


def test_whoever_may_not_see_names_is_told_rates_without_them(place: Place) -> None:
    with connected_own(place.url) as engine:
        patients = record(engine).patients
    names = {*patients["mrn"], *patients["given_name"], *patients["family_name"]} - {None, ""}
    for given in ("check", "check --json", "grid --json", "claim", "claim --json"):
        words = {word.strip('",.:;()') for word in place.run(given, "manager").out.split()}
        assert words
        assert not names & words


def test_a_manager_with_the_right_to_names_may_hand_a_patient_the_record(place: Place) -> None:
    with connected_own(place.url) as engine:
        change_account(engine, "manager", by=BY, at=NOW, sees_names=True)
    assert "rows of patient" in place.run("patient {number} --to {new}.html", "manager").out


def test_the_accounts_that_count_are_those_of_the_record_that_would_be_replaced(
    place: Place, tmp_path: Path
) -> None:
    other = open_engine(f"sqlite:///{tmp_path}/other.db")
    start(other, at=NOW)
    add_account(other, "administrator", "Another", Role.AUDITOR, by=BY, at=NOW)
    other.dispose()
    run = place.run(f"restore {{backup}} --to {tmp_path}/other.db", "administrator")
    assert (run.status, run.err[-28:]) == (2, "; administrator is auditor.\n"[-28:])
    assert "is as of" in place.run("restore {backup} --to {new}.db", "administrator").out
