"""Signing in through a certified provider, npm's `oidc-provider`, in a process of its own, with PKCE."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from dashboard.signin.oidc.routes import PROVE_AGAIN
from models.access.roles import Role
from models.store.accounts.sessions import Limits, Session, sessions_of
from models.store.accounts.staff import StaffAccount, add_account, change_account
from models.store.engine.database import open_engine
from models.store.moves.migrate import start
from models.store.trail.entries import record_mark
from tests.browser.conftest import PATIENCE, SEVENTY, free_port, wait_for
from tests.support.builders import BY, NOW

VERSION: Final = "9.13.3"
OLDEST_NODE: Final = 20
SCRIPT: Final = Path(__file__).with_name("provider.mjs")
SECRET: Final = "a+secret%with/signs"
APP: Final = ".stApp"

pytestmark = pytest.mark.oidc_provider


class House(NamedTuple):
    """A dashboard, the provider it trusts, and what both said."""

    address: str
    issuer: str
    engine: Engine
    log: Path
    provider: subprocess.Popen[bytes]


@pytest.fixture(scope="module")
def provider_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the provider runs; skipped where Node is not, failed without it on CI."""
    folder = tmp_path_factory.mktemp("provider")
    told = fetched(folder)
    if told and os.environ.get("CI") == "true":
        pytest.fail(told)
    if told:
        pytest.skip(told)
    shutil.copy(SCRIPT, folder)
    return folder


def fetched(folder: Path) -> str:
    """Fetch the provider; what kept it from being fetched."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "There is no Node with npm"
    node = subprocess.run(("node", "--version"), capture_output=True, text=True, check=True).stdout
    if int(node.removeprefix("v").partition(".")[0]) < OLDEST_NODE:
        return f"oidc-provider {VERSION} runs on Node {OLDEST_NODE} or later; there is {node.strip()}"
    asked = ("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", f"oidc-provider@{VERSION}")
    done = subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


@pytest.fixture
def house(provider_folder: Path, tmp_path: Path) -> Iterator[House]:
    """The provider and `seventy serve`, which trusts it; both are other sites to a browser."""
    database, log = f"sqlite:///{tmp_path}/clinic.db", tmp_path / "log.txt"
    engine = open_engine(database)
    start(engine, at=NOW)
    port, at_provider = free_port(), free_port()
    address, issuer = f"http://127.0.0.1:{port}", f"http://localhost:{at_provider}"
    ways = [f"{address}/auth/oidc/{way}" for way in ("callback", "backchannel")]
    trust = ("--oidc-issuer", issuer, "--oidc-client-id", "seventy")
    node = ("node", SCRIPT.name, str(at_provider), *ways, SECRET)
    seventy = (str(SEVENTY), "serve", "--headless", "--port", str(port), "--db", database, *trust)
    provider_says = provider_folder / "said.txt"
    with (
        running(node, provider_says, cwd=provider_folder) as provider,
        running(seventy, log, SEVENTY_OIDC_SECRET=SECRET),
    ):
        wait_for(f"{issuer}/.well-known/openid-configuration")
        wait_for(f"{address}/healthz")
        yield House(address, issuer, engine, log, provider)
    engine.dispose()


@contextmanager
def running(
    command: tuple[str, ...], said: Path, cwd: Path | None = None, **env: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A process until the end of the test."""
    with said.open("wb") as words:
        process = subprocess.Popen(
            command, stdout=words, stderr=words, cwd=cwd, env=os.environ | env, start_new_session=True
        )
        try:
            yield process
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process with those it started: a Node that pip installed is a child of its own command."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=PATIENCE)


@pytest.fixture
def ada(house: House) -> StaffAccount:
    """A clinician whose user name is her e-mail."""
    return add_account(house.engine, "ada@clinic.example", "Ada Able", Role.CLINICIAN, by=BY, at=NOW)


def sign_in(page: Page, house: House, subject: str) -> None:
    """From our page to the provider's, and back."""
    page.goto(house.address)
    page.get_by_role("link", name=f"Sign in with {urlsplit(house.issuer).netloc}").click()
    page.locator("input[name=login]").fill(subject)
    page.locator("input[name=password]").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def test_a_clinician_signs_in_at_the_provider_and_stays_in(
    house: House, page: Page, ada: StaffAccount
) -> None:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    sign_in(page, house, "subject-of-ada")
    page.locator(APP).wait_for()
    page.reload()
    page.locator(APP).wait_for()
    kept = {cookie["name"]: cookie for cookie in page.context.cookies(house.address)}
    mark = record_mark(house.engine)
    session = kept[f"seventy-{mark}"]
    assert (session["httpOnly"], session["sameSite"]) == (True, "Lax")
    assert f"seventy_errand-{mark}" not in kept

    (back,) = [each for each in addresses if each.startswith(f"{house.address}/auth/oidc/callback")]
    told = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    said = house.log.read_text()
    never = ("ada@", "Ada@", "subject-of-ada", SECRET, told["code"], told["state"], "eyJ")
    assert not [word for word in never if word in said]

    page.goto(back)
    expect(page.locator("h1")).to_have_text("You could not be signed in")
    change_account(house.engine, ada.username, by=BY, at=NOW, active=False)
    page.goto(house.address)
    page.wait_for_url(f"{house.address}/login*")


@pytest.mark.parametrize("subject", ["subject-of-eve", "subject-of-bob"])
def test_a_stranger_and_an_unverified_email_are_told_so_and_not_let_in(
    house: House, page: Page, ada: StaffAccount, subject: str
) -> None:
    add_account(house.engine, "bob@clinic.example", "Bob", Role.CLINICIAN, by=BY, at=NOW)
    with page.expect_response(lambda answer: "/auth/oidc/callback" in answer.url) as answered:
        sign_in(page, house, subject)
    assert answered.value.status == 403
    expect(page.locator("main")).to_contain_text("no account of the clinic is linked to it")
    page.goto(house.address)
    expect(page.locator("h1")).to_have_text("Sign in")


def test_whoever_signs_out_at_the_provider_is_out_here(house: House, page: Page, ada: StaffAccount) -> None:
    sign_in(page, house, "subject-of-ada")
    page.locator(APP).wait_for()
    there = page.context.new_page()
    there.goto(f"{house.issuer}/session/end")
    there.get_by_role("button", name="Yes, sign me out").click()
    page.wait_for_url(f"{house.address}/login*")


def test_whoever_signs_out_here_is_out_at_the_provider(house: House, page: Page, ada: StaffAccount) -> None:
    sign_in(page, house, "subject-of-ada")
    page.locator(APP).wait_for()
    page.goto(f"{house.address}/account")
    page.get_by_role("button", name="Sign out here").click()
    page.get_by_role("button", name="Yes, sign me out").click()
    page.wait_for_url(f"{house.address}/login*")
    assert open_sessions(house.engine, ada) == []
    page.get_by_role("link", name=f"Sign in with {urlsplit(house.issuer).netloc}").click()
    expect(page.locator("input[name=login]")).to_be_visible()


def test_the_provider_is_asked_to_let_the_person_prove_it_again(
    house: House, page: Page, ada: StaffAccount
) -> None:
    sign_in(page, house, "subject-of-ada")
    page.locator(APP).wait_for()
    (before,) = open_sessions(house.engine, ada)
    page.goto(f"{house.address}{PROVE_AGAIN}")
    page.locator("input[name=login]").fill("subject-of-ada")
    page.locator("input[name=password]").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    page.locator(APP).wait_for()
    (after,) = open_sessions(house.engine, ada)
    assert after.id == before.id
    assert after.proved_at > before.proved_at


def open_sessions(engine: Engine, account: StaffAccount) -> list[Session]:
    return sessions_of(engine, account.id, at=datetime.now(UTC), limits=Limits())


def test_while_the_provider_is_gone_the_password_is_still_asked(house: House, page: Page) -> None:
    end(house.provider)
    page.goto(f"{house.address}/login")
    page.get_by_role("link", name="Sign in with").click()
    expect(page.locator("main")).to_contain_text("cannot be asked at the moment")
    page.get_by_role("link", name="Sign in").click()
    expect(page.get_by_label("Password")).to_be_visible()


def test_the_provider_takes_nobody_without_pkce(house: House) -> None:
    asked = {
        "client_id": "seventy",
        "response_type": "code",
        "scope": "openid",
        "redirect_uri": f"{house.address}/auth/oidc/callback",
        "state": "s",
    }
    with pytest.raises(HTTPError) as sent_back:
        build_opener(_Stays()).open(f"{house.issuer}/auth?{urlencode(asked)}")
    assert "requires+PKCE" in sent_back.value.headers["location"]
    sent_back.value.close()


class _Stays(HTTPRedirectHandler):
    """Follows nowhere."""

    def redirect_request(self, *_: object) -> None:
        return None
