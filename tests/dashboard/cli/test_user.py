"""`seventy user add` and `reset` print a link that begins where the record is served."""

import pytest

from dashboard import server
from dashboard.cli.people import users
from models.store.accounts.staff import accounts
from models.store.engine.database import open_engine
from models.store.engine.errors import StoreError
from tests.support.command import Run, seventy

ADD = ("user", "add", "ada", "--role", "administrator")
ASSUMED = "http://127.0.0.1:8501"


@pytest.fixture(name="db")
def _db(begun: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A record in which nothing is recorded yet, and a server that takes no port."""
    monkeypatch.setattr(server, "check_address", lambda *_: None)
    monkeypatch.setattr(server, "serve", lambda *_, **__: None)
    return begun


def serve(db: str, *where: str) -> None:
    assert seventy("serve", "--headless", "--backup-every", "0", *where, db=db).status == 0


def beginning(run: Run) -> str:
    assert run.status == 0, run.err
    return run.out.partition("/setup/")[0]


def test_before_the_first_start_the_address_is_assumed_and_said(db: str) -> None:
    run = seventy(*ADD, db=db)
    assert beginning(run) == ASSUMED
    assert f"not known yet, so it begins with {ASSUMED}; --url gives another" in run.err


@pytest.mark.parametrize("again", [ADD, ("user", "reset", "ada")])
def test_a_link_begins_where_the_record_was_last_served(db: str, again: tuple[str, ...]) -> None:
    if again != ADD:
        seventy(*ADD, db=db)
    serve(db, "--port", "8777")
    serve(db, "--behind-proxy", "https://Seventy.clinic.example/")
    run = seventy(*again, db=db)
    assert beginning(run) == "https://seventy.clinic.example"
    assert "not known" not in run.err
    serve(db, "--port", "8777")
    assert beginning(seventy("user", "reset", "ada", db=db)) == "http://127.0.0.1:8777"


@pytest.mark.parametrize("url", ["https://other.example", "http://127.0.0.1:9000/"])
def test_a_link_begins_as_it_is_told_to(db: str, url: str) -> None:
    serve(db, "--behind-proxy", "https://seventy.clinic.example")
    assert beginning(seventy(*ADD, "--url", url, db=db)) == url.rstrip("/")
    assert beginning(seventy("user", "reset", "ada", "--url", url, db=db)) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    ["", "clinic.example", "ftp://clinic.example", "https://clinic.example/x", "https://a@clinic.example"],
)
def test_what_is_no_address_is_refused_and_nobody_is_added_or_reset(db: str, url: str) -> None:
    seventy("user", "add", "bo", "--role", "auditor", db=db)
    for given in (ADD, ("user", "reset", "bo")):
        run = seventy(*given, "--url", url, db=db)
        assert run.status == 2
        assert f"--url must be an http or https address without a path; got {url!r}" in run.err
    assert [(each.username, each.ready) for each in accounts(open_engine(db))] == [("bo", False)]


def test_the_list_says_of_each_how_they_get_in(db: str) -> None:
    for name in ("ada", "bo", "cy"):
        assert seventy("user", "add", name, "--role", "auditor", db=db).status == 0
    given = ("--issuer", "https://id.clinic.example", "--subject", "bo's")
    assert seventy("user", "link", "bo", *given, db=db).status == 0
    assert seventy("user", "disable", "cy", db=db).status == 0
    states = [
        line.split("Auditor")[1].strip() for line in seventy("user", "list", db=db).out.splitlines()[-3:]
    ]
    assert states == ["link not used yet", "signs in through https://id.clinic.example", "disabled"]
    told = seventy("user", "list", "--json", db=db).document
    assert [each["linked_at"] for each in told] == [[], ["https://id.clinic.example"], []]


def test_an_administrator_may_be_called_admin(db: str) -> None:
    assert seventy("user", "add", "ada", "--role", "admin", db=db).status == 0
    assert [one.role for one in accounts(open_engine(db))] == ["administrator"]


def test_another_role_is_refused_with_those_there_are(db: str) -> None:
    run = seventy("user", "add", "ada", "--role", "boss", db=db)
    assert run.status == 2
    assert "'boss' is not one of clinician, manager, administrator, auditor" in run.err


@pytest.mark.parametrize("name", ["x" * 201, "x" * 100_000])
def test_a_name_longer_than_the_form_takes_is_refused_and_nobody_is_added(db: str, name: str) -> None:
    seventy("user", "add", "bo", "--role", "auditor", db=db)
    run = seventy(*ADD, "--name", name, db=db)
    assert run.status == 2
    assert "The name of a person has 1 to 200 characters; got 'xxx" in run.err
    assert f"which has {len(name):,} characters" in run.err
    assert len(run.err) < 400
    assert [each.username for each in accounts(open_engine(db))] == ["bo"]
    assert seventy(*ADD, "--name", f" {name[:200]} ", db=db).status == 0
    assert accounts(open_engine(db))[1].name == "x" * 200


def test_who_was_disabled_is_not_let_back_in_with_what_they_had(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> str:
        raise StoreError("The disk is full, nothing was saved.")

    seventy(*ADD, db=db)
    seventy("user", "add", "bo", "--role", "auditor", db=db)
    assert seventy("user", "disable", "bo", db=db).status == 0
    with monkeypatch.context() as until:
        until.setattr(users, "new_setup_link", full)
        assert seventy("user", "reset", "bo", db=db).status == 3
    assert [each.active for each in accounts(open_engine(db))] == [True, False]
    assert seventy("user", "reset", "bo", db=db).status == 0
    assert [each.active for each in accounts(open_engine(db))] == [True, True]
