"""The identity provider as we ask it: what it tells of itself, its keys, and the exchange of a code."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeVar
from urllib.parse import quote_plus, urlencode

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, field_validator

from dashboard.networks import is_private
from dashboard.signin.oidc.errand import Errand
from dashboard.signin.oidc.refusal import RefusalError, Why
from dashboard.signin.oidc.trusted import CLAIMED, Trusted

SCOPE: Final = "openid email"
PATIENCE: Final = 5.0  # seconds for one answer
KEPT: Final = timedelta(hours=1)
KEYS_NOT_ASKED_TWICE_WITHIN: Final = timedelta(seconds=10)
"""So that tokens with invented keys do not make us ask the provider all the time."""
LEFT_ALONE: Final = timedelta(seconds=5)
"""After it did not answer: whoever signs in then is told at once."""
NOT_NOW: Final = (408, 425, 429)
"""Statuses of a provider that does not say no, but cannot answer now; so are all from 500 on."""
MOST_TOLD: Final = 2**20
"""Bytes of one answer: configurations and keys are a few thousand."""
NO_ANSWER: Final = (httpx2.HTTPError, TimeoutError, ValueError, TypeError, OverflowError, RecursionError)
"""What is raised where the provider gives none, or one that cannot be read."""
Told = TypeVar("Told")


class Configuration(BaseModel):
    """What the provider tells of itself, as far as we need it (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]
    authorization_response_iss_parameter_supported: bool = False

    @field_validator(
        *("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint")
    )
    @classmethod
    def _private(cls, address: str | None) -> str | None:
        if address is not None and not is_private(address):
            raise ValueError("must be an https address")
        return address


class Asked(Generic[Told]):
    """Something the provider was asked once, by however many wanted to know, and is not asked again soon."""

    def __init__(self, ask: Callable[[], Awaitable[Told]], clock: Callable[[], datetime]) -> None:
        self.ask, self.clock = ask, clock
        self._told: tuple[datetime, Told] | None = None
        self._silent_since: datetime | None = None
        self._one_at_a_time = asyncio.Lock()

    async def told(self, *, within: timedelta = KEPT) -> Told:
        """Its answer, no older than `within`; `RefusalError` when it gives none that can be used."""
        async with self._one_at_a_time:
            now = self.clock()
            if self._told is not None and timedelta() <= now - self._told[0] < within:  # a clock may go back
                return self._told[1]
            if self._silent_since is not None and timedelta() <= now - self._silent_since < LEFT_ALONE:
                raise RefusalError(Why.AWAY)
            try:
                async with asyncio.timeout(2 * PATIENCE):
                    answer = await self.ask()
            except (httpx2.HTTPError, TimeoutError) as error:
                self._silent_since = now
                raise RefusalError(Why.AWAY) from error
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError, JoseError) as error:
                raise RefusalError(Why.UNUSABLE) from error
            self._told, self._silent_since = (now, answer), None
            return answer


class Provider:
    """One trusted provider. `transport` is the network, unless a test says otherwise."""

    def __init__(
        self,
        trusted: Trusted,
        clock: Callable[[], datetime],
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self.trusted, self.clock, self.transport = trusted, clock, transport
        self._configuration = Asked(self._ask_configuration, clock)
        self._keys = Asked(self._ask_keys, clock)

    async def configuration(self) -> Configuration:
        """What it tells of itself."""
        return await self._configuration.told()

    async def keys(self, *, anew: bool = False) -> KeySet:
        """Its public keys; `anew` for a token whose key is not among them."""
        return await self._keys.told(within=KEYS_NOT_ASKED_TWICE_WITHIN if anew else KEPT)

    async def way_to(self, errand: Errand) -> str:
        """Where the browser goes to sign in; to prove it again, the provider must ask anew, however soon."""
        told = await self.configuration()
        more: dict[str, str] = {}
        if errand.session is not None:
            more |= {"prompt": "login", "max_age": "0"}
        if self.trusted.second_factor not in (None, CLAIMED):
            more["acr_values"] = str(self.trusted.second_factor)
        async with self._client(told, errand.back_to) as client:
            address, _ = client.create_authorization_url(
                told.authorization_endpoint,
                state=errand.state,
                nonce=errand.nonce,
                code_verifier=errand.verifier,
                **more,
            )
        return str(address)

    async def way_out(self, back_to: str, id_token: str | None) -> str | None:
        """Where the browser goes to sign out there too; `None` where the provider has no such place.

        OpenID Connect RP-Initiated Logout 1.0. Without the token it came in with it may be asked there.
        """
        place = (await self.configuration()).end_session_endpoint
        if place is None:
            return None
        hint = {"id_token_hint": id_token} if id_token else {}
        asked = {"client_id": self.trusted.client_id, "post_logout_redirect_uri": back_to} | hint
        return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}"

    async def tokens(self, code: str, errand: Errand) -> Mapping[str, Any]:
        """What the provider gives for a code: `id_token` and `access_token` among it."""
        told = await self.configuration()
        try:
            async with asyncio.timeout(2 * PATIENCE), self._client(told, errand.back_to) as client:
                given: Mapping[str, Any] = await client.fetch_token(
                    told.token_endpoint, code=code, code_verifier=errand.verifier
                )
        except OAuthError as error:
            raise RefusalError(Why.CODE) from error
        except NO_ANSWER as error:
            raise RefusalError(Why.AWAY) from error
        return given

    async def person(self, access_token: str) -> Mapping[str, Any]:
        """What the provider tells of the person whose token this is; nothing where it has no such place."""
        told = await self.configuration()
        if told.userinfo_endpoint is None or not access_token:
            return {}
        bearer = {"Authorization": f"Bearer {access_token}"}
        try:
            async with asyncio.timeout(2 * PATIENCE):
                answer = await self._get(told.userinfo_endpoint, bearer)
        except NO_ANSWER as error:
            raise RefusalError(Why.AWAY) from error
        return answer if isinstance(answer, dict) else {}

    async def _ask_configuration(self) -> Configuration:
        told = Configuration.model_validate(await self._get(self.trusted.configuration))
        if told.issuer != self.trusted.issuer:
            raise ValueError("the issuer it names is not the one that is trusted")
        return told

    async def _ask_keys(self) -> KeySet:
        told = await self._get((await self.configuration()).jwks_uri)
        signing = [
            key for key in told["keys"] if key["kty"] in ("RSA", "EC") and key.get("use", "sig") == "sig"
        ]
        return KeySet.import_key_set({"keys": signing})

    async def _get(self, address: str, headers: Mapping[str, str] | None = None) -> Any:
        async with httpx2.AsyncClient(transport=self.transport, **ASKING) as client:
            answer = await client.get(address, headers=dict(headers or {}))
        answer.raise_for_status()
        return answer.json()

    def _client(self, told: Configuration, back_to: str) -> Any:
        methods = told.token_endpoint_auth_methods_supported
        basic = "client_secret_basic" in methods or "client_secret_post" not in methods
        client = AsyncOAuth2Client(
            self.trusted.client_id,
            self.trusted.secret,
            token_endpoint_auth_method="client_secret_basic" if basic else "client_secret_post",
            code_challenge_method="S256",
            scope=SCOPE,
            redirect_uri=back_to,
            transport=self.transport,
            **ASKING,
        )
        client.register_client_auth_method(("client_secret_basic", _basic))
        client.register_compliance_hook("access_token_response", _answered)
        return client


class _Bounded(httpx2.AsyncByteStream):
    """What a provider sends, up to an end of ours if it sets none."""

    def __init__(self, sent: httpx2.AsyncByteStream) -> None:
        self._sent = sent

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = MOST_TOLD
        async for part in self._sent:
            left -= len(part)
            if left < 0:
                raise httpx2.ReadError(f"The provider sent more than {MOST_TOLD} bytes.")
            yield part

    async def aclose(self) -> None:
        await self._sent.aclose()


async def _bounded(answer: httpx2.Response) -> None:
    if isinstance(answer.stream, httpx2.AsyncByteStream):
        answer.stream = _Bounded(answer.stream)


ASKING: Final[dict[str, Any]] = {
    "timeout": PATIENCE,
    "headers": {"Accept-Encoding": "identity"},  # or little that is sent may be much
    "event_hooks": {"response": [_bounded]},
}


def _answered(answer: httpx2.Response) -> httpx2.Response:
    if answer.status_code in NOT_NOW:
        answer.raise_for_status()
    return answer


def _basic(client: Any, _method: str, uri: str, headers: Any, body: Any) -> tuple[str, Any, Any]:
    """As RFC 6749 asks in section 2.3.1: encoded first, which Authlib leaves out."""
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    return uri, headers, body
