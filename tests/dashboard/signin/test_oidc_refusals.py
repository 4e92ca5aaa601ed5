"""What a provider, or somebody in its place, might send us, and nobody is signed in by."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from dashboard.signin.oidc.refusal import RefusalError, Why
from dashboard.signin.oidc.routes import CALLBACK, PROVE_AGAIN
from models.access.roles import Role
from models.store.accounts import identities
from models.store.accounts.staff import add_account
from tests.dashboard.signin.conftest import EMAIL, ISSUER, Clinic
from tests.support.builders import BY, NOW
from tests.support.identity_provider import CLIENT_ID, ENDLESS

Spoil = Callable[[Clinic], None]
LONG_AGO, SOON = NOW.timestamp() - 3600, NOW.timestamp() + 3600


def refused(clinic: Clinic, answer: httpx2.Response, why: Why, caplog: pytest.LogCaptureFixture) -> None:
    """The one friendly page, with the reference under which the log says why; and nobody is signed in."""
    assert answer.status_code == RefusalError(why).status
    assert "You could not be signed in" in answer.text
    said = [record.getMessage() for record in caplog.records if record.name == "seventy"]
    reference, _, words = said[-1].partition(":")
    assert words.endswith(f": {why}")
    assert f"Reference {reference}." in answer.text
    assert str(why) not in answer.text
    assert "seventy_errand" not in clinic.browser.cookies
    assert not clinic.is_in()


CLAIMS: list[tuple[dict[str, Any], Why]] = [
    ({"iss": "https://id.elsewhere.example"}, Why.ISSUER),
    ({"iss": f"{ISSUER}/"}, Why.ISSUER),
    ({"iss": ISSUER.upper()}, Why.ISSUER),
    ({"iss": [ISSUER]}, Why.ISSUER),
    ({"iss": None}, Why.ISSUER),
    ({"aud": "somebody-else"}, Why.AUDIENCE),
    ({"aud": ["somebody-else"]}, Why.AUDIENCE),
    ({"aud": None}, Why.AUDIENCE),
    ({"aud": [CLIENT_ID, "somebody-else"]}, Why.AUDIENCE),
    ({"aud": [CLIENT_ID, "somebody-else"], "azp": "somebody-else"}, Why.AUDIENCE),
    ({"azp": "somebody-else"}, Why.AUDIENCE),
    ({"exp": int(LONG_AGO)}, Why.TIME),
    ({"exp": None}, Why.TIME),
    ({"exp": "never"}, Why.TIME),
    ({"exp": True}, Why.TIME),
    ({"exp": ENDLESS}, Why.TIME),
    ({"auth_time": ENDLESS}, Why.TIME),
    ({"auth_time": float("inf")}, Why.TIME),
    ({"iat": int(SOON)}, Why.TIME),
    ({"iat": None}, Why.TIME),
    ({"nbf": int(SOON)}, Why.TIME),
    ({"nonce": None}, Why.NONCE),
    ({"nonce": "another"}, Why.NONCE),
    ({"nonce": 0}, Why.NONCE),
    ({"sub": None}, Why.CLAIM),
    ({"sub": ""}, Why.CLAIM),
    ({"sub": 1}, Why.CLAIM),
    ({"amr": "mfa"}, Why.CLAIM),
    ({"at_hash": "of another token"}, Why.CLAIM),
    ({"at_hash": ["of another shape"]}, Why.CLAIM),
]


@pytest.mark.parametrize(("spoilt", "why"), CLAIMS, ids=lambda told: str(told)[:40])
def test_a_token_with_a_wrong_claim(
    clinic: Clinic, caplog: pytest.LogCaptureFixture, spoilt: dict[str, Any], why: Why
) -> None:
    clinic.idp.spoilt = spoilt
    refused(clinic, clinic.sign_in(), why, caplog)


def test_several_audiences_are_fine_where_we_are_the_one_authorised(clinic: Clinic) -> None:
    clinic.idp.spoilt = {"aud": [CLIENT_ID, "somebody-else"], "azp": CLIENT_ID}
    clinic.sign_in()
    assert clinic.is_in()


FORGERIES: dict[str, tuple[Spoil, Why]] = {
    "alg none": (lambda clinic: setattr(clinic.idp, "forge", clinic.idp.unsigned), Why.ALGORITHM),
    "HS256 with the public key": (
        lambda clinic: setattr(clinic.idp, "forge", clinic.idp.signed_with_the_public_key),
        Why.ALGORITHM,
    ),
    "RS512": (lambda clinic: setattr(clinic.idp, "algorithm", "RS512"), Why.ALGORITHM),
    "no alg": (lambda clinic: setattr(clinic.idp, "forge", lambda _: "e30.e30."), Why.MALFORMED),
    "no token at all": (lambda clinic: setattr(clinic.idp, "forge", lambda _: "token"), Why.MALFORMED),
    "another kind": (lambda clinic: clinic.idp.header.update(typ="at+jwt"), Why.KIND),
    "a logout token": (lambda clinic: clinic.idp.header.update(typ="logout+jwt"), Why.KIND),
    "a header we must know": (
        lambda clinic: setattr(clinic.idp, "forge", clinic.idp.signed_with_a_critical_header),
        Why.MALFORMED,
    ),
    "the key to encrypt with": (
        lambda clinic: clinic.idp.header.update(kid="for-encryption"),
        Why.SIGNATURE,
    ),
}


@pytest.mark.parametrize("named", FORGERIES)
def test_a_token_that_is_not_signed_as_it_must_be(
    clinic: Clinic, caplog: pytest.LogCaptureFixture, named: str
) -> None:
    spoil, why = FORGERIES[named]
    spoil(clinic)
    refused(clinic, clinic.sign_in(), why, caplog)


def test_a_token_signed_by_somebody_else_under_the_providers_key_name(
    clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    clinic.other.header = {"kid": clinic.idp.key.kid}
    clinic.idp.forge = clinic.other.signed
    refused(clinic, clinic.sign_in(), Why.SIGNATURE, caplog)


def test_a_callback_nobody_began(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    refused(clinic, clinic.come_back({"code": "c", "state": "s", "iss": ISSUER}), Why.NOT_BEGUN, caplog)


def test_a_callback_on_another_browser(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    told = clinic.idp.approve(clinic.leave())
    clinic.browser = clinic.new_browser()
    refused(clinic, clinic.come_back(told), Why.NOT_BEGUN, caplog)


def test_a_callback_with_the_cookie_altered(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    told = clinic.idp.approve(clinic.leave())
    sealed = clinic.browser.cookies["seventy_errand"]
    altered = sealed[:20] + ("B" if sealed[20] == "A" else "A") + sealed[21:]
    clinic.browser.cookies.clear()
    clinic.browser.cookies.set("seventy_errand", altered, domain="127.0.0.1")
    refused(clinic, clinic.come_back(told), Why.NOT_BEGUN, caplog)


def test_a_callback_after_more_than_ten_minutes(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    told = clinic.idp.approve(clinic.leave())
    clinic.passes(minutes=10)
    refused(clinic, clinic.come_back(told), Why.NOT_BEGUN, caplog)


@pytest.mark.parametrize("state", ["another", ""])
def test_another_state(clinic: Clinic, caplog: pytest.LogCaptureFixture, state: str) -> None:
    told = clinic.idp.approve(clinic.leave())
    refused(clinic, clinic.come_back({**told, "state": state}), Why.STATE, caplog)


def test_a_state_used_again_with_its_own_cookie(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    address = clinic.leave()
    sealed = clinic.browser.cookies["seventy_errand"]
    clinic.come_back(clinic.idp.approve(address))
    assert clinic.is_in()
    clinic.browser.cookies.clear()
    clinic.browser.cookies.set("seventy_errand", sealed, domain="127.0.0.1")
    refused(clinic, clinic.come_back(clinic.idp.approve(address)), Why.USED, caplog)


def test_a_code_used_again(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    first = clinic.idp.approve(clinic.leave())
    clinic.come_back(first)
    clinic.browser.cookies.clear()
    again = {**clinic.idp.approve(clinic.leave()), "code": first["code"]}
    refused(clinic, clinic.come_back(again), Why.CODE, caplog)


def test_a_code_of_another_browser_lacks_the_verifier(
    clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    theirs = clinic.idp.approve(clinic.leave())
    clinic.browser.cookies.clear()
    mine = {**clinic.idp.approve(clinic.leave()), "code": theirs["code"]}
    refused(clinic, clinic.come_back(mine), Why.CODE, caplog)


def test_a_nonce_used_again(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    address = clinic.leave()
    clinic.come_back(clinic.idp.approve(address))
    clinic.idp.spoilt = {"nonce": clinic.idp.asked["nonce"]}
    clinic.browser.cookies.clear()
    refused(clinic, clinic.sign_in(), Why.NONCE, caplog)


@pytest.mark.parametrize("name", ["code", "state", "iss"])
def test_a_parameter_given_twice(clinic: Clinic, caplog: pytest.LogCaptureFixture, name: str) -> None:
    told = clinic.idp.approve(clinic.leave())
    answer = clinic.browser.get(CALLBACK, params=[*told.items(), (name, "another")])
    refused(clinic, answer, Why.REPEATED, caplog)


def test_an_error_in_place_of_a_code(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    told = clinic.idp.approve(clinic.leave())
    answer = clinic.come_back({"error": "<b>wolverine", "state": told["state"], "iss": ISSUER})
    assert "wolverine" not in answer.text + caplog.messages[-1]
    refused(clinic, answer, Why.DENIED, caplog)


def test_neither_code_nor_error(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    told = clinic.idp.approve(clinic.leave())
    refused(clinic, clinic.come_back({"state": told["state"], "iss": ISSUER}), Why.NO_CODE, caplog)


@pytest.mark.parametrize("issuer", ["https://id.elsewhere.example", f"{ISSUER}/", "", None])
def test_a_code_another_provider_gave(
    clinic: Clinic, caplog: pytest.LogCaptureFixture, issuer: str | None
) -> None:
    told = clinic.idp.approve(clinic.leave())
    tried = clinic.network.tried
    told = {**told, "iss": issuer} if issuer is not None else {"code": told["code"], "state": told["state"]}
    refused(clinic, clinic.come_back(told), Why.RESPONSE_ISSUER, caplog)
    assert clinic.network.tried == tried, "the code was sent somewhere"


def test_a_token_of_another_provider_in_the_place_of_ours(
    clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    clinic.idp.forge = lambda claims: clinic.other.signed({**claims, "iss": clinic.other.issuer})
    refused(clinic, clinic.sign_in(), Why.SIGNATURE, caplog)


@pytest.mark.parametrize("verified", [False, None, "true", 1])
@pytest.mark.parametrize("in_token", [True, False])
def test_an_email_that_is_not_verified(
    clinic: Clinic, caplog: pytest.LogCaptureFixture, *, verified: object, in_token: bool
) -> None:
    clinic.idp.person["email_verified"] = verified
    clinic.idp.in_token = in_token
    refused(clinic, clinic.sign_in(), Why.EMAIL, caplog)


def test_an_email_told_of_another_subject(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    clinic.idp.in_token = False
    clinic.idp.spoilt = {"sub": "subject-2"}
    refused(clinic, clinic.sign_in(), Why.EMAIL, caplog)


def test_somebody_who_is_not_of_the_staff(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    clinic.idp.person["email"] = "eve@clinic.example"
    answer = clinic.sign_in()
    assert "no account of the clinic is linked" in answer.text
    refused(clinic, answer, Why.NOBODY, caplog)


def test_the_same_email_under_another_subject(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    clinic.sign_in()
    clinic.browser.cookies.clear()
    clinic.idp.person["sub"] = "subject-2"
    refused(clinic, clinic.sign_in(), Why.NOBODY, caplog)


def test_to_prove_it_again_by_an_older_sign_in(clinic: Clinic, ada: int) -> None:
    clinic.sign_in()
    clinic.passes(minutes=10)
    clinic.idp.spoilt = {"auth_time": int(NOW.timestamp())}
    address = clinic.leave(PROVE_AGAIN)
    assert clinic.come_back(clinic.idp.approve(address)).status_code == 401
    (session,) = clinic.sessions(ada)
    assert session.proved_at == NOW


def test_to_prove_it_again_as_somebody_else(clinic: Clinic, ada: int) -> None:
    add_account(clinic.engine, "bob", "Bob", Role.CLINICIAN, by=BY, at=NOW)
    identities.link(clinic.engine, "bob", ISSUER, "subject-2", by=BY, at=NOW)
    clinic.sign_in()
    clinic.passes(minutes=10)
    clinic.idp.person = {"sub": "subject-2"}
    address = clinic.leave(PROVE_AGAIN)
    assert clinic.come_back(clinic.idp.approve(address)).status_code == 403
    (session,) = clinic.sessions(ada)
    assert (session.proved_at, session.account.username) == (NOW, EMAIL)
