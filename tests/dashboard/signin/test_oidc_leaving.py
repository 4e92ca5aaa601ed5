"""Signing out at the provider too, proving at the provider and coming back, and what a restart forgets."""

from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from sqlalchemy import Engine

from dashboard.signin.mine import NO_CODE_HERE
from dashboard.signin.oidc.refusal import Why
from dashboard.signin.oidc.routes import PROVE_AGAIN, ProviderPages
from dashboard.signin.places import way_to_prove
from models.access.roles import Role
from models.store.accounts import identities
from models.store.accounts.sessions import open_session
from models.store.accounts.staff import add_account
from models.store.trail.entries import entries
from tests.dashboard.signin.conftest import EMAIL, ISSUER, Clinic
from tests.support.builders import BY, NOW

END = f"{ISSUER}/end"
BACK = "/patient?tab=0123456789abcdef0123456789abcdef"


@pytest.fixture(name="leaving")
def _leaving(clinic: Clinic) -> Clinic:
    """A clinic whose provider has a place to sign out."""
    clinic.idp.told["end_session_endpoint"] = END
    return clinic


def sign_out(clinic: Clinic) -> httpx2.Response:
    return clinic.browser.post("/logout", headers={"origin": clinic.base})


def way_out(answer: httpx2.Response) -> tuple[str, dict[str, str]]:
    """Where the page leads that somebody is shown, and what is asked there."""
    address = unescape(answer.text.partition('content="0; url=')[2].partition('"')[0])
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    return address.partition("?")[0], asked


def test_signing_out_here_leads_on_to_signing_out_there(leaving: Clinic, ada: int) -> None:
    leaving.sign_in()
    answer = sign_out(leaving)
    place, asked = way_out(answer)
    hint = jwt.decode(asked.pop("id_token_hint"), leaving.idp.key)
    assert (place, hint.claims["sub"]) == (END, "subject-1")
    assert asked == {
        "client_id": "seventy",
        "post_logout_redirect_uri": "http://127.0.0.1:8501/login",
    }
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert not leaving.is_in()
    assert leaving.sessions(ada) == []


def test_without_the_token_after_a_restart_the_provider_may_ask(leaving: Clinic, ada: int) -> None:
    token = open_session(leaving.engine, ada, proved_by="provider", address="::1", browser="b", at=NOW)
    leaving.browser.cookies.set("seventy", token)
    place, asked = way_out(sign_out(leaving))
    assert (place, sorted(asked)) == (END, ["client_id", "post_logout_redirect_uri"])


def test_whoever_came_in_with_a_password_leaves_nowhere_else(leaving: Clinic, ada: int) -> None:
    token = open_session(leaving.engine, ada, proved_by="code", address="::1", browser="b", at=NOW)
    leaving.browser.cookies.set("seventy", token)
    assert sign_out(leaving).headers["location"] == "/login?left"


def test_a_provider_without_such_a_place_or_away_keeps_nobody_signed_in(clinic: Clinic) -> None:
    clinic.sign_in()
    assert sign_out(clinic).headers["location"] == "/login?left"
    clinic.sign_in()
    clinic.provider._configuration._told = None
    clinic.network.down = True
    assert sign_out(clinic).headers["location"] == "/login?left"
    assert not clinic.is_in()


@pytest.mark.parametrize("place", ["http://id.clinic.example/end", "javascript:alert(1)"])
def test_a_place_to_sign_out_that_is_not_private_makes_the_provider_unusable(
    clinic: Clinic, place: str
) -> None:
    clinic.idp.told["end_session_endpoint"] = place
    assert clinic.browser.get("/auth/oidc/login").status_code == 503


@pytest.mark.parametrize(("asked", "place"), [(BACK, BACK), ("https://evil.example", "/"), ("//evil", "/")])
def test_a_proof_leads_back_to_the_tab_that_was_left(
    clinic: Clinic, ada: int, asked: str, place: str
) -> None:
    clinic.sign_in()
    clinic.passes(minutes=10)
    away = clinic.leave(str(httpx2.URL(PROVE_AGAIN).copy_add_param("back", asked)))
    assert clinic.come_back(clinic.idp.approve(away)).headers["location"] == place
    (session,) = clinic.sessions(ada)
    assert session.proved_at == clinic.now
    newest = entries(clinic.engine)[0]
    assert (newest.by, newest.action, newest.address) == (EMAIL, "prove again", "testclient")


def test_the_page_that_asks_for_a_proof_leads_to_one_at_the_provider_and_back(clinic: Clinic) -> None:
    clinic.sign_in()
    page = clinic.browser.get(way_to_prove(BACK)).text
    away = clinic.leave(unescape(page.partition('<a class="button" href="')[2].partition('"')[0]))
    assert parse_qs(urlsplit(away).query)["max_age"] == ["0"]
    assert clinic.come_back(clinic.idp.approve(away)).headers["location"] == BACK


def test_whoever_has_no_password_is_asked_for_none(clinic: Clinic) -> None:
    clinic.sign_in()
    for path in ("/account", way_to_prove(BACK)):
        page = clinic.browser.get(path)
        assert (page.status_code, 'type="password"' in page.text) == (200, False)
    refused = clinic.browser.post("/account/password", headers={"origin": clinic.base})
    assert (refused.status_code, NO_CODE_HERE in refused.text) == (404, True)


def test_a_proof_that_fails_is_told_to_the_trail(clinic: Clinic) -> None:
    add_account(clinic.engine, "bob", "Bob", Role.CLINICIAN, by=BY, at=NOW)
    identities.link(clinic.engine, "bob", ISSUER, "subject-2", by=BY, at=NOW)
    clinic.sign_in()
    clinic.idp.person = {"sub": "subject-2"}
    assert clinic.come_back(clinic.idp.approve(clinic.leave(PROVE_AGAIN))).status_code == 403
    newest = entries(clinic.engine)[0]
    assert (newest.by, newest.action, newest.address) == (EMAIL, "refuse proof", "testclient")


def test_nothing_begun_before_a_restart_is_taken_after_it_used_or_not(
    sqlite_engine: Engine, ada: int, caplog: pytest.LogCaptureFixture
) -> None:
    before = Clinic(sqlite_engine)
    told = before.idp.approve(before.leave())
    kept = before.browser.cookies["seventy_errand"]
    assert before.come_back(told).status_code == 303
    before.browser = before.new_browser()
    unused = before.idp.approve(before.leave())
    also_kept = before.browser.cookies["seventy_errand"]
    after = Clinic(sqlite_engine)
    for cookie, answer in ((kept, told), (also_kept, unused)):
        after.browser = after.new_browser()
        after.browser.cookies.set("seventy_errand", cookie)
        assert after.come_back(answer).status_code == 401
        assert f": {Why.NOT_BEGUN}" in caplog.text
        caplog.clear()
        assert not after.is_in()
    assert len(after.sessions(ada)) == 1


def test_the_tokens_kept_for_signing_out_are_forgotten_with_the_longest_session(clinic: Clinic) -> None:
    pages = ProviderPages(clinic.pages, clinic.provider)
    pages._keep("first", "a token")
    clinic.passes(hours=12)
    pages._keep("second", "another")
    assert list(pages._came_with) == ["second"]
