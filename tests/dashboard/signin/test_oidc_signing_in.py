"""Signing in through the clinic's identity provider: there, back, and into a session like any other."""

import logging
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from dashboard.signin.oidc.errand import MOST
from dashboard.signin.oidc.routes import CALLBACK, LOGIN, PROVE_AGAIN
from models.access.roles import Role
from models.store.accounts import identities
from models.store.accounts.staff import add_account, change_account
from tests.dashboard.signin.conftest import EMAIL, ISSUER, Clinic
from tests.support.builders import BY, NOW


def test_whoever_the_provider_vouches_for_is_signed_in_with_a_session_of_the_record(
    clinic: Clinic, ada: int
) -> None:
    assert not clinic.is_in()
    answer = clinic.sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert clinic.is_in()
    (session,) = clinic.sessions(ada)
    assert (session.proved_by, session.account.username) == ("provider", EMAIL)
    assert identities.account_of_identity(clinic.engine, ISSUER, "subject-1") == ada


def test_the_browser_leaves_with_pkce_a_nonce_and_a_state(clinic: Clinic) -> None:
    address = clinic.leave()
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{ISSUER}/authorize?")
    assert asked.pop("code_challenge_method") == "S256"
    assert len(asked.pop("code_challenge")) == 43
    assert min(len(asked.pop(name)) for name in ("state", "nonce")) == 43
    assert asked == {
        "client_id": "seventy",
        "response_type": "code",
        "scope": "openid email",
        "redirect_uri": f"http://127.0.0.1:8501{CALLBACK}",
    }


def test_what_the_browser_leaves_with_is_sealed_for_ten_minutes(sqlite_engine: Engine, ada: int) -> None:
    clinic = Clinic(sqlite_engine, origin="https://seventy.clinic.example")
    answer = clinic.browser.get(LOGIN)
    kept = answer.headers["set-cookie"]
    assert kept.startswith("__Host-seventy_errand=v1.")
    assert {"HttpOnly", "Max-Age=600", "Path=/", "SameSite=lax", "Secure"} <= set(kept.split("; "))
    sent = parse_qs(urlsplit(answer.headers["location"]).query)
    assert sent["redirect_uri"] == [f"https://seventy.clinic.example{CALLBACK}"]
    assert not [name for name in ("state", "nonce") if sent[name][0] in kept]
    assert clinic.come_back(clinic.idp.approve(answer.headers["location"])).headers["location"] == "/"
    assert "__Host-seventy_errand" not in clinic.browser.cookies


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256"])
def test_every_allowed_signature_is_taken(clinic: Clinic, algorithm: str) -> None:
    clinic.idp.new_key("EC" if algorithm == "ES256" else "RSA")
    clinic.idp.algorithm = algorithm
    clinic.sign_in()
    assert clinic.is_in()


def test_the_second_time_the_subject_is_enough(clinic: Clinic, ada: int) -> None:
    clinic.sign_in()
    clinic.idp.person = {"sub": "subject-1", "email": "married@clinic.example", "email_verified": False}
    clinic.browser.cookies.clear()
    assert not clinic.is_in()
    clinic.sign_in()
    assert clinic.is_in()
    assert len(clinic.sessions(ada)) == 2


def test_the_email_may_be_told_apart_from_the_token(clinic: Clinic) -> None:
    clinic.idp.in_token = False
    clinic.sign_in()
    assert clinic.is_in()


def test_an_administrator_links_whose_user_name_is_no_email(sqlite_engine: Engine) -> None:
    bob = add_account(sqlite_engine, "bob", "Bob", Role.MANAGER, by=BY, at=NOW).id
    clinic = Clinic(sqlite_engine)
    clinic.idp.person = {"sub": "subject-1"}
    assert clinic.sign_in().status_code == 403
    identities.link(sqlite_engine, "bob", ISSUER, "subject-1", by=BY, at=NOW)
    clinic.sign_in()
    assert clinic.is_in()
    assert len(clinic.sessions(bob)) == 1


def test_a_disabled_account_is_out_within_a_second(clinic: Clinic) -> None:
    clinic.sign_in()
    assert clinic.is_in()
    change_account(clinic.engine, EMAIL, by=BY, at=clinic.now, active=False)
    assert not clinic.is_in()
    assert clinic.sign_in().status_code == 403


def test_signing_out_here_ends_the_session(clinic: Clinic, ada: int) -> None:
    clinic.sign_in()
    clinic.browser.post("/logout", headers={"origin": clinic.base})
    assert not clinic.is_in()
    assert clinic.sessions(ada) == []


def test_whoever_is_signed_in_is_not_sent_away(clinic: Clinic) -> None:
    clinic.sign_in()
    assert clinic.leave() == "/"


def test_to_prove_it_again_the_provider_is_told_to_ask(clinic: Clinic, ada: int) -> None:
    assert clinic.leave(PROVE_AGAIN) == "/login"
    clinic.sign_in()
    clinic.passes(minutes=10)
    address = clinic.leave(PROVE_AGAIN)
    asked = parse_qs(urlsplit(address).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    clinic.come_back(clinic.idp.approve(address))
    (session,) = clinic.sessions(ada)
    assert (session.proved_at, session.created_at) == (clinic.now, NOW)


@pytest.mark.parametrize("word", [{"amr": ["pwd", "mfa"]}, {"acr": "mfa"}])
def test_a_second_factor_is_asked_for_where_the_clinic_wants_one(
    sqlite_engine: Engine, ada: int, word: dict[str, object]
) -> None:
    clinic = Clinic(sqlite_engine, second_factor="mfa")
    assert clinic.sign_in().status_code == 403
    clinic.idp.spoilt = {"amr": ["pwd"], "acr": "0"}
    assert clinic.sign_in().status_code == 403
    clinic.idp.spoilt = word
    clinic.sign_in()
    assert clinic.is_in()


def test_a_named_level_is_asked_for_by_its_name(sqlite_engine: Engine, ada: int) -> None:
    clinic = Clinic(sqlite_engine, second_factor="urn:clinic:gold")
    assert parse_qs(urlsplit(clinic.leave()).query)["acr_values"] == ["urn:clinic:gold"]


def test_the_page_to_sign_in_on_names_the_provider_beside_the_password(clinic: Clinic) -> None:
    page = clinic.browser.get("/login").text
    assert "Sign in with id.clinic.example" in page
    assert 'name="password"' in page


def test_with_the_provider_alone_no_password_is_asked_or_taken(sqlite_engine: Engine, ada: int) -> None:
    clinic = Clinic(sqlite_engine, local=False)
    page = clinic.browser.get("/login").text
    assert "Sign in with id.clinic.example" in page
    assert 'name="password"' not in page
    sent = {"username": EMAIL, "password": "p", "code": "000000", "form_key": form_key(clinic.browser)}
    answer = clinic.browser.post("/login", data=sent, headers={"origin": clinic.base})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


def form_key(browser: TestClient) -> str:
    return str(browser.cookies["seventy_form"])


def test_nothing_of_the_person_is_logged(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    clinic.sign_in()
    clinic.idp.spoilt = {"aud": "somebody-else"}
    clinic.browser.cookies.clear()
    told = clinic.idp.approve(clinic.leave())
    clinic.come_back(told)
    secret = ("ada@", "subject-1", "an-access-token", "eyJ", "a+secret", told["code"], told["state"])
    assert "for somebody else" in caplog.text
    assert not [word for word in secret if word in _ours(caplog)]


def _ours(caplog: pytest.LogCaptureFixture) -> str:
    """Everything our server logs; the browser of the test logs the addresses it asks for, too."""
    return "\n".join(
        record.getMessage() for record in caplog.records if "127.0.0.1:8501" not in record.getMessage()
    )


def test_two_tabs_on_their_way_at_once_end_in_one_session(clinic: Clinic, ada: int) -> None:
    told = [clinic.idp.approve(clinic.leave()) for _ in range(2)]
    for each in told:
        assert clinic.come_back(each).headers["location"] == "/"
        assert clinic.is_in()
    assert len(clinic.sessions(ada)) == 1
    assert "seventy_errand" not in clinic.browser.cookies


def test_the_tab_that_left_last_may_be_back_first(clinic: Clinic) -> None:
    first, last = (clinic.idp.approve(clinic.leave()) for _ in range(2))
    clinic.come_back({"state": last["state"], "error": "access_denied", "iss": last["iss"]})
    assert not clinic.is_in()
    clinic.come_back(first)
    assert clinic.is_in()


def test_of_many_tabs_the_last_few_may_come_back(clinic: Clinic) -> None:
    told = [clinic.idp.approve(clinic.leave()) for _ in range(MOST + 1)]
    assert clinic.come_back(told[1]).status_code == 303
    clinic.browser = clinic.new_browser()
    told = [clinic.idp.approve(clinic.leave()) for _ in range(MOST + 1)]
    assert clinic.come_back(told[0]).status_code == 401
    assert not clinic.is_in()
