"""A provider that is away, changes its keys, or tells of itself what it must not."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest

from dashboard.signin.oidc import routes
from dashboard.signin.oidc.errand import Errand
from dashboard.signin.oidc.provider import MOST_TOLD, Provider
from dashboard.signin.oidc.refusal import RefusalError, Why
from dashboard.signin.oidc.routes import LOGIN
from models.store.accounts.failures import STRANGER
from models.store.audit.events import told_in
from models.store.trail.entries import Wanted, entries
from tests.dashboard.signin.conftest import ISSUER, Clinic
from tests.support.builders import NOW


def test_while_the_provider_is_away_the_page_says_so_and_the_password_is_still_asked(clinic: Clinic) -> None:
    clinic.network.down = True
    answer = clinic.browser.get(LOGIN)
    assert answer.status_code == 503
    assert "id.clinic.example cannot be asked at the moment." in answer.text
    assert "sign in with your password and a code" in answer.text
    assert 'name="password"' in clinic.browser.get("/login").text


def test_a_provider_that_is_away_is_left_alone_for_five_seconds(clinic: Clinic) -> None:
    clinic.network.down = True
    statuses = [clinic.browser.get(LOGIN).status_code for _ in range(3)]
    assert (statuses, clinic.network.tried) == ([503, 503, 503], 1)
    clinic.network.down = False
    clinic.passes(seconds=5)
    clinic.sign_in()
    assert clinic.is_in()


def test_a_provider_that_goes_away_while_somebody_signs_in(
    clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    told = clinic.idp.approve(clinic.leave())
    clinic.network.down = True
    assert clinic.come_back(told).status_code == 503
    assert not clinic.is_in()
    assert f": {Why.AWAY}" in caplog.text


def test_what_the_provider_tells_is_asked_once_an_hour(clinic: Clinic) -> None:
    for _ in range(3):
        clinic.sign_in()
        clinic.browser.cookies.clear()
    assert clinic.idp.keys_asked == 1
    clinic.passes(hours=1)
    clinic.sign_in()
    assert clinic.idp.keys_asked == 2


def test_whoever_waits_for_the_provider_waits_for_one_answer(clinic: Clinic) -> None:
    async def many() -> list[Any]:
        return await asyncio.gather(*(clinic.provider.configuration() for _ in range(20)))

    told = asyncio.run(many())
    assert {each.issuer for each in told} == {ISSUER}
    assert clinic.network.tried == 1


def test_a_new_key_is_asked_for_once(clinic: Clinic) -> None:
    clinic.sign_in()
    clinic.passes(seconds=10)
    clinic.idp.new_key()
    clinic.browser.cookies.clear()
    clinic.sign_in()
    assert clinic.is_in()
    assert clinic.idp.keys_asked == 2


def test_tokens_with_invented_keys_do_not_make_us_ask_all_the_time(clinic: Clinic) -> None:
    clinic.sign_in()
    clinic.passes(seconds=10)
    clinic.browser.cookies.clear()
    clinic.idp.header = {"kid": "invented"}
    assert [clinic.sign_in().status_code for _ in range(3)] == [401, 401, 401]
    assert clinic.idp.keys_asked == 2


WRONG: list[dict[str, Any]] = [
    {"issuer": f"{ISSUER}/"},
    {"issuer": "https://id.elsewhere.example"},
    {"authorization_endpoint": "http://id.clinic.example/authorize"},
    {"token_endpoint": "file:///token"},
    {"jwks_uri": None},
]


@pytest.mark.parametrize("at", ["openid-configuration", "token"])
def test_a_provider_that_sends_without_end_is_not_listened_to_without_end(clinic: Clinic, at: str) -> None:
    told, sent = asyncio.run(clinic.provider.configuration()), []

    async def endless() -> AsyncIterator[bytes]:
        while len(sent) < 1000:
            sent.append(1)
            yield bytes(2**16)

    def answer(asked: httpx2.Request) -> httpx2.Response:
        if asked.url.path.endswith(at):
            return httpx2.Response(200, content=endless())
        return httpx2.Response(200, json=told.model_dump())

    provider = Provider(clinic.provider.trusted, clinic.provider.clock, httpx2.MockTransport(answer))
    errand = Errand("state", "nonce", "verifier", NOW, "https://seventy.clinic.example/back")
    with pytest.raises(RefusalError) as refused:
        asyncio.run(provider.tokens("code", errand))
    assert (refused.value.why, len(sent)) == (Why.AWAY, MOST_TOLD // 2**16 + 1)


@pytest.mark.parametrize("told", WRONG, ids=str)
def test_a_provider_that_tells_of_itself_what_it_must_not(
    clinic: Clinic, caplog: pytest.LogCaptureFixture, told: dict[str, Any]
) -> None:
    clinic.idp.told = told
    assert clinic.browser.get(LOGIN).status_code == 503
    assert f": {Why.UNUSABLE}" in caplog.text


def test_the_provider_is_not_followed_elsewhere(clinic: Clinic) -> None:
    clinic.idp.told = {"jwks_uri": "https://id.elsewhere.example/moved"}
    assert clinic.sign_in().status_code == 503


def test_a_secret_goes_into_the_body_where_the_provider_takes_it_only_there(clinic: Clinic) -> None:
    clinic.idp.told = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    clinic.sign_in()
    assert clinic.is_in()


def test_every_reason_has_its_status_and_names_nobody() -> None:
    statuses = {why: RefusalError(why).status for why in Why}
    assert {why for why, status in statuses.items() if status == 503} == {Why.AWAY, Why.UNUSABLE}
    assert set(statuses.values()) == {401, 403, 503}


BROKEN: dict[str, Callable[[httpx2.Request], httpx2.Response]] = {
    "500 of HTML": lambda _: httpx2.Response(500, html="<p>no</p>"),
    "500 of JSON": lambda _: httpx2.Response(500, json={"error": "server_error"}),
    "busy": lambda _: httpx2.Response(429, json={}),
    "HTML": lambda _: httpx2.Response(200, html="<p>no</p>"),
    "a list": lambda _: httpx2.Response(200, json=[]),
    "nothing": lambda _: httpx2.Response(200, json=None),
    "a time without end": lambda _: httpx2.Response(200, content=b'{"expires_in": 1e400}'),
    "nested without end": lambda _: httpx2.Response(200, content=b"[" * 200_000),
    "elsewhere": lambda _: httpx2.Response(302, headers={"location": f"{ISSUER}/"}),
}


@pytest.mark.parametrize("where", ["/token", "/keys"])
@pytest.mark.parametrize("how", sorted(BROKEN))
def test_a_provider_that_breaks_down_before_it_says_who_came_is_asked_again(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, where: str, how: str
) -> None:
    told, real = clinic.idp.approve(clinic.leave()), clinic.network.handle_async_request

    async def broken(request: httpx2.Request) -> httpx2.Response:
        return BROKEN[how](request) if request.url.path == where else await real(request)

    with monkeypatch.context() as patched:
        patched.setattr(clinic.network, "handle_async_request", broken)
        answer = clinic.come_back(told)
    assert answer.status_code == 503
    assert "id.clinic.example cannot be asked at the moment." in answer.text
    assert 'href="/login"' in answer.text
    (event,) = entries(clinic.engine, Wanted(action="refuse sign-in"))
    assert (event.by, event.address) == (STRANGER, "testclient")
    assert told_in(event.detail)["provider"] == "id.clinic.example"
    clinic.passes(seconds=5)
    clinic.sign_in()
    assert clinic.is_in()


@pytest.mark.parametrize(
    ("error", "status"), [("temporarily_unavailable", 503), ("server_error", 503), ("access_denied", 401)]
)
def test_a_provider_that_sends_somebody_back_since_it_cannot_is_no_proof_that_failed(
    clinic: Clinic, error: str, status: int
) -> None:
    told = clinic.idp.approve(clinic.leave())
    assert clinic.come_back({"error": error, "state": told["state"], "iss": ISSUER}).status_code == status


def test_the_trail_is_told_of_one_refusal_a_minute_and_reason_and_address(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = 0.0
    monkeypatch.setattr(routes, "monotonic", lambda: passed)
    for _ in range(3):
        clinic.come_back({**clinic.idp.approve(clinic.leave()), "code": "guessed"})
    clinic.come_back({**clinic.idp.approve(clinic.leave()), "code": ""})
    passed = routes.TOLD_AGAIN_AFTER
    clinic.come_back({**clinic.idp.approve(clinic.leave()), "code": "guessed"})
    found = entries(clinic.engine, Wanted(action="refuse sign-in"))
    assert [told_in(each.detail)["why"] for each in found] == [Why.CODE, Why.NO_CODE, Why.CODE]


def test_a_clock_that_is_set_back_makes_nobody_wait_for_a_provider_that_answers_again(clinic: Clinic) -> None:
    clinic.network.down = True
    assert clinic.browser.get(LOGIN).status_code == 503
    clinic.network.down = False
    clinic.passes(hours=-1)
    assert clinic.browser.get(LOGIN).status_code == 303
