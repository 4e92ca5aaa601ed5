"""`seventy serve` with an identity provider, and `seventy user link`: what is taken and what is refused."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from sqlalchemy import Engine
from starlette.routing import Route, Router
from typer.testing import CliRunner, Result

from dashboard import door, server
from dashboard.cli import app
from dashboard.networks import is_private
from dashboard.signin.oidc.routes import BACKCHANNEL, CALLBACK, LOGIN
from dashboard.signin.oidc.trusted import Trusted
from models.access.roles import Role
from models.store.accounts.identities import account_of_identity, link
from models.store.accounts.staff import add_account
from models.store.engine.database import open_engine
from models.store.moves.migrate import start
from tests.support.builders import BY, NOW
from tests.support.way_in import WayIn

if TYPE_CHECKING:
    from starlette.middleware.exceptions import ExceptionMiddleware

ISSUER = "https://id.clinic.example"
SECRET = "do-not-show-this"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[server.Serving]:
    """How the server was started; it is not."""
    served: list[server.Serving] = []
    monkeypatch.setattr(door._Door, "engine", None)
    monkeypatch.setattr(server, "check_address", lambda *_: None)  # somebody else may hold the port
    monkeypatch.setattr(server, "serve", lambda _engine, _scales, serving, **_: served.append(serving))
    return served


def serve(tmp_path: Path, *words: str, **env: str) -> Result:
    given = ("serve", "--headless", "--port", "8777", "--db", f"sqlite:///{tmp_path}/clinic.db", *words)
    return CliRunner().invoke(app, given, env=env)


def test_without_a_provider_nobody_is_trusted(tmp_path: Path, started: list[server.Serving]) -> None:
    assert serve(tmp_path).exit_code == 0
    assert [serving.trusted for serving in started] == [None]


def test_options_name_the_provider_and_a_file_the_secret(
    tmp_path: Path, started: list[server.Serving]
) -> None:
    file = secret_file(tmp_path)
    words = ("--oidc-issuer", ISSUER, "--oidc-client-id", "seventy", "--oidc-secret-file", str(file))
    answered = serve(tmp_path, *words, "--oidc-require-mfa", "mfa", "--oidc-only")
    assert answered.exit_code == 0, answered.output
    (serving,) = started
    assert serving.trusted == Trusted(ISSUER, "seventy", SECRET, "mfa", local=False)
    assert SECRET not in answered.output + repr(serving)


def test_the_environment_names_them_too(tmp_path: Path, started: list[server.Serving]) -> None:
    given = {"SEVENTY_OIDC_ISSUER": ISSUER, "SEVENTY_OIDC_CLIENT_ID": "seventy"}
    answered = serve(tmp_path, **given, SEVENTY_OIDC_SECRET=f"{SECRET}\n")
    assert answered.exit_code == 0, answered.output
    (serving,) = started
    assert serving.trusted == Trusted(ISSUER, "seventy", SECRET)


REFUSED = [
    (("--oidc-only",), "--oidc-only needs --oidc-issuer"),
    (("--oidc-client-id", "seventy"), "--oidc-client-id needs --oidc-issuer"),
    (("--oidc-issuer", ISSUER), "--oidc-issuer needs --oidc-client-id"),
    (("--oidc-issuer", ISSUER, "--oidc-client-id", "seventy"), "needs a client secret"),
]


@pytest.mark.parametrize(("words", "said"), REFUSED, ids=str)
def test_half_a_provider_is_refused_before_anything_is_opened(
    tmp_path: Path, started: list[server.Serving], words: tuple[str, ...], said: str
) -> None:
    answered = serve(tmp_path, *words)
    assert (answered.exit_code, started) == (2, [])
    assert said in answered.stderr
    assert not (tmp_path / "clinic.db").exists()


@pytest.mark.parametrize(
    "issuer",
    ["http://id.clinic.example", "id.clinic.example", f"{ISSUER}?a=1", f"{ISSUER}#a", "https://a@b.example"],
)
def test_an_issuer_others_could_read_along_with_is_refused(
    tmp_path: Path, started: list[server.Serving], issuer: str
) -> None:
    answered = serve(
        tmp_path, "--oidc-issuer", issuer, "--oidc-client-id", "seventy", SEVENTY_OIDC_SECRET=SECRET
    )
    assert (answered.exit_code, started) == (2, [])
    assert "--oidc-issuer must be an https address" in answered.stderr


def test_a_secret_others_can_read_is_refused(tmp_path: Path, started: list[server.Serving]) -> None:
    file = secret_file(tmp_path)
    file.chmod(0o644)
    words = ("--oidc-issuer", ISSUER, "--oidc-client-id", "seventy", "--oidc-secret-file", str(file))
    answered = serve(tmp_path, *words)
    assert (answered.exit_code, started) == (2, [])
    assert "--oidc-secret-file" in answered.stderr
    assert "mode 0600" in answered.stderr
    file.unlink()
    assert serve(tmp_path, *words).exit_code == 2


def test_this_machine_may_be_asked_in_the_clear() -> None:
    assert is_private("http://127.0.0.1:9000/path")
    assert is_private("http://[::1]:9000")
    assert is_private("http://localhost:9000")
    assert not is_private("http://localhost.evil.example")
    assert not is_private("https://")


def test_without_a_provider_its_ways_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ways: list[ExceptionMiddleware] = []
    monkeypatch.setattr(door._Door, "engine", None)
    monkeypatch.setattr(server, "check_address", lambda *_: None)
    monkeypatch.setattr(server.st.App, "run", lambda _app, **_: None)
    monkeypatch.setattr(server, "Middleware", lambda gate, own, **told: ways.append(own) or (gate, told))
    given = {"SEVENTY_OIDC_ISSUER": ISSUER, "SEVENTY_OIDC_CLIENT_ID": "s", "SEVENTY_OIDC_SECRET": SECRET}
    for env in ({}, given):
        answered = serve(tmp_path, **env)
        assert answered.exit_code == 0, answered.output
    routers = [cast("Router", own.app) for own in ways]
    paths = [[route.path for route in router.routes if isinstance(route, Route)] for router in routers]
    assert [CALLBACK in each for each in paths] == [False, True]


def test_without_a_provider_nothing_is_told_of_one(sqlite_engine: Engine) -> None:
    way_in = WayIn(sqlite_engine)
    assert [way_in.page(path).status_code for path in (LOGIN, CALLBACK, BACKCHANNEL)] == [404, 404, 404]
    assert "Sign in with" not in way_in.page("/login").text


def test_an_administrator_links_from_the_command_line(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/clinic.db"
    engine = open_engine(database)
    start(engine, at=NOW)
    bob = add_account(engine, "bob", "Bob", Role.CLINICIAN, by=BY, at=NOW).id
    words = ("user", "link", "bob", "--issuer", ISSUER, "--subject", "subject-1", "--db", database)
    answered = CliRunner().invoke(app, words)
    assert (answered.exit_code, answered.stdout) == (0, f"bob signs in through {ISSUER}.\n")
    assert account_of_identity(engine, ISSUER, "subject-1") == bob
    unknown = CliRunner().invoke(app, ["user", "link", "eve", *words[3:]])
    assert (unknown.exit_code, unknown.stdout) == (2, "")
    assert "There is no account 'eve'" in unknown.stderr
    engine.dispose()


def test_a_reset_takes_the_link_back_and_says_so(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/clinic.db"
    engine = open_engine(database)
    start(engine, at=NOW)
    add_account(engine, "bob", "Bob", Role.CLINICIAN, by=BY, at=NOW)
    link(engine, "bob", ISSUER, "subject-1", by=BY, at=NOW)
    answered = CliRunner().invoke(app, ["user", "reset", "bob", "--db", database])
    assert answered.exit_code == 0
    assert f"bob is linked to {ISSUER} no more" in answered.stderr
    assert account_of_identity(engine, ISSUER, "subject-1") is None
    again = CliRunner().invoke(app, ["user", "reset", "bob", "--db", database])
    assert "no more" not in again.stderr
    engine.dispose()


def test_the_last_administrator_is_the_last_who_enters_where_it_is_served(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/clinic.db"
    engine = open_engine(database)
    start(engine, at=NOW)
    for name in ("ada", "eve"):
        add_account(engine, name, name, Role.ADMINISTRATOR, by=BY, at=NOW)
        link(engine, name, f"{ISSUER}/{name}", "subject-1", by=BY, at=NOW)
    words = ("user", "disable", "ada", "--db", database)
    served = ("--oidc-only", "--oidc-issuer", f"{ISSUER}/ada")
    assert CliRunner().invoke(app, [*words, "--oidc-only"]).exit_code == 2
    refused = CliRunner().invoke(app, [*words, *served])
    assert (refused.exit_code, "last administrator who can sign in" in refused.stderr) == (2, True)
    assert CliRunner().invoke(app, words).exit_code == 0
    engine.dispose()


def test_it_is_said_at_the_start_that_no_administrator_could_enter(
    tmp_path: Path, started: list[server.Serving]
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/clinic.db")
    start(engine, at=NOW)
    add_account(engine, "ada", "Ada", Role.ADMINISTRATOR, by=BY, at=NOW)
    given = {"SEVENTY_OIDC_ISSUER": ISSUER, "SEVENTY_OIDC_CLIENT_ID": "s", "SEVENTY_OIDC_SECRET": SECRET}
    said = f"No administrator is linked to {ISSUER} yet"
    assert said in serve(tmp_path, "--oidc-only", **given).stderr
    link(engine, "ada", ISSUER, "subject-1", by=BY, at=NOW)
    assert said not in serve(tmp_path, "--oidc-only", **given).stderr
    engine.dispose()


def secret_file(folder: Path) -> Path:
    file = folder / "secret"
    file.write_text(f"{SECRET}\n")
    file.chmod(0o600)
    return file
