"""Back-channel logout: somebody signs out at the provider, and is out here."""

import logging
from typing import Any
from unittest.mock import Mock

import httpx2
import pytest

from dashboard.signin.oidc.refusal import Why
from dashboard.signin.oidc.routes import BACKCHANNEL, CALLBACK, LOGIN
from models.access.roles import Role
from models.store.accounts import identities
from models.store.accounts.sessions import open_session
from models.store.accounts.staff import add_account
from models.store.engine.errors import BusyError
from tests.dashboard.signin.conftest import ISSUER, Clinic
from tests.support.builders import BY, NOW
from tests.support.identity_provider import ENDLESS, LOGOUT, packed


def told(clinic: Clinic, token: str, **headers: str) -> httpx2.Response:
    """The provider's server, which is no browser: it sends neither cookie nor origin."""
    return clinic.new_browser().post(BACKCHANNEL, data={"logout_token": token}, headers=headers)


def test_whoever_signs_out_at_the_provider_is_out_here_on_every_browser(clinic: Clinic, ada: int) -> None:
    clinic.sign_in()
    first, clinic.browser = clinic.browser, clinic.new_browser()
    clinic.sign_in()
    answer = told(clinic, clinic.idp.logout_token())
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert not clinic.is_in()
    clinic.browser = first
    assert not clinic.is_in()
    assert clinic.sessions(ada) == []


def test_nobody_else_is_out(clinic: Clinic) -> None:
    bob = add_account(clinic.engine, "bob", "Bob", Role.CLINICIAN, by=BY, at=NOW).id
    identities.link(clinic.engine, "bob", ISSUER, "subject-2", by=BY, at=NOW)
    open_session(clinic.engine, bob, proved_by="code", address="::1", browser="b", at=NOW)
    clinic.sign_in()
    assert told(clinic, clinic.idp.logout_token()).status_code == 200
    assert told(clinic, clinic.idp.logout_token(sub="unknown")).status_code == 200
    assert len(clinic.sessions(bob)) == 1


REFUSED: list[tuple[dict[str, Any], Why]] = [
    ({"nonce": "n"}, Why.NONCE),
    ({"iss": "https://id.elsewhere.example"}, Why.ISSUER),
    ({"aud": "somebody-else"}, Why.AUDIENCE),
    ({"exp": int(NOW.timestamp()) - 3600}, Why.TIME),
    ({"exp": None}, Why.TIME),
    ({"exp": ENDLESS}, Why.TIME),
    ({"iat": None}, Why.TIME),
    ({"iat": -ENDLESS}, Why.TIME),
    ({"nbf": -ENDLESS}, Why.TIME),
    ({"jti": None}, Why.CLAIM),
    ({"sub": None, "sid": "a session"}, Why.CLAIM),
    ({"events": None}, Why.CLAIM),
    ({"events": {"http://other": {}}}, Why.KIND),
    ({"events": [LOGOUT]}, Why.KIND),
    ({"events": {LOGOUT: "yes"}}, Why.KIND),
]


@pytest.mark.parametrize(("spoilt", "why"), REFUSED, ids=lambda told: str(told)[:40])
def test_a_logout_token_that_is_not_one(
    clinic: Clinic, caplog: pytest.LogCaptureFixture, spoilt: dict[str, Any], why: Why
) -> None:
    clinic.sign_in()
    answer = told(clinic, clinic.idp.logout_token(**spoilt))
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})
    assert f": {why}" in caplog.text
    assert clinic.is_in()


@pytest.mark.parametrize("typ", [None, "JWT", "at+jwt"])
def test_a_token_of_another_kind(clinic: Clinic, typ: str | None) -> None:
    clinic.sign_in()
    clinic.idp.header = {"typ": typ}
    assert told(clinic, clinic.idp.logout_token()).status_code == 400
    assert clinic.is_in()


def test_an_id_token_signs_nobody_out(clinic: Clinic) -> None:
    clinic.sign_in()
    assert told(clinic, clinic.idp.id_token(None)).status_code == 400
    assert clinic.is_in()


@pytest.mark.parametrize("forgery", ["unsigned", "signed_with_the_public_key"])
def test_a_logout_token_nobody_signed(clinic: Clinic, forgery: str) -> None:
    clinic.sign_in()
    clinic.idp.forge = getattr(clinic.idp, forgery)
    assert told(clinic, clinic.idp.logout_token()).status_code == 400
    assert clinic.is_in()


def test_a_logout_token_comes_once(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    clinic.sign_in()
    token = clinic.idp.logout_token()
    assert told(clinic, token).status_code == 200
    clinic.sign_in()
    assert told(clinic, token).status_code == 400
    assert f": {Why.USED}" in caplog.text
    assert clinic.is_in()


def test_where_the_record_was_busy_the_provider_says_it_again(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.sign_in()
    token = clinic.idp.logout_token()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(identities, "end_sessions_of_identity", Mock(side_effect=BusyError))
        assert told(clinic, token).status_code == 503
    assert clinic.is_in()
    assert told(clinic, token).status_code == 200
    assert not clinic.is_in()


def test_while_the_keys_cannot_be_had_the_provider_is_told_to_come_again(clinic: Clinic) -> None:
    token = clinic.idp.logout_token()
    clinic.network.down = True
    assert told(clinic, token).status_code == 503


BODIES = [b"", b"logout_token=", b"other=1", b"logout_token=" + b"a" * 20_000, b"\xff", b"a=1&" * 30]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body[:20]))
def test_anything_else_that_is_posted_there(clinic: Clinic, body: bytes) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert clinic.new_browser().post(BACKCHANNEL, content=body, headers=kind).status_code == 400


HEADERS: list[Any] = [
    {},
    [],
    "text",
    {"alg": None},
    {"alg": ["RS256"]},
    {"alg": {}},
    {"alg": "RS256", "kid": {}},
    {"alg": "RS256", "crit": "b64"},
    {"alg": "RS256", "crit": [[]]},
    {"alg": "RS256", "b64": False, "crit": ["b64"]},
    {"alg": "RS256", "typ": 5},
    {"alg": "RSA-OAEP", "enc": "A256GCM"},
]


@pytest.mark.parametrize("header", HEADERS, ids=str)
@pytest.mark.parametrize("rest", ["e30.e30", "W10.AA", "é.é", "..", "e30.e30.e30.e30"])
def test_whatever_a_stranger_posts_there_is_refused_in_order(clinic: Clinic, header: Any, rest: str) -> None:
    if isinstance(header, dict) and header.get("alg") == "RS256":
        header = {"kid": clinic.idp.key.kid, **header}
    answer = told(clinic, f"{packed(header)}.{rest}")
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})


def test_another_page_cannot_post_there_nor_anybody_to_the_other_ways(clinic: Clinic) -> None:
    clinic.sign_in()
    token = clinic.idp.logout_token()
    assert told(clinic, token, origin="https://evil.example").status_code == 403
    assert told(clinic, token, host="evil.example").status_code == 403
    assert clinic.new_browser().post(LOGIN).status_code == 403
    assert clinic.new_browser().post(CALLBACK).status_code == 403
    assert clinic.new_browser().get(f"{CALLBACK}/more").status_code == 404
    assert clinic.is_in()


def test_whoever_signed_out_there_is_not_logged(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    clinic.sign_in()
    caplog.clear()
    token = clinic.idp.logout_token()
    told(clinic, token)
    told(clinic, token)
    assert str(Why.USED) in caplog.text
    assert "subject-1" not in caplog.text
    assert token[:20] not in caplog.text
