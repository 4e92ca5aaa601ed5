"""A small identity provider for tests, which can be made to do everything a provider must not do."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any, Final
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

import httpx2
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

CLIENT_ID: Final = "seventy"
SECRET: Final = "a+secret%with/signs"
LOGOUT: Final = "http://schemas.openid.net/event/backchannel-logout"
LASTS: Final = 300
ENDLESS: Final = 10**400
"""A number of seconds that JSON can name, and no float holds."""


class IdentityProvider:
    """Everybody who comes is `person`. `spoilt` replaces claims of the ID token; `None` leaves one out."""

    def __init__(self, issuer: str, clock: Callable[[], datetime]) -> None:
        self.issuer, self.clock = issuer, clock
        self.person: dict[str, Any] = {
            "sub": "subject-1",
            "email": "ada@clinic.example",
            "email_verified": True,
        }
        self.in_token = True
        self.spoilt: dict[str, Any] = {}
        self.told: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.algorithm = "RS256"
        self.forge: Callable[[dict[str, Any]], str] | None = None
        self.asked: dict[str, str] = {}
        self.keys_asked = 0
        self._codes: dict[str, dict[str, str]] = {}
        self._numbers = count()
        self.new_key()
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._configuration),
                Route("/keys", self._keys),
                Route("/token", self._token, methods=["POST"]),
                Route("/person", self._person),
            ]
        )

    def new_key(self, kind: str = "RSA") -> None:
        """Sign with another key from now on; the one before is forgotten."""
        self.key = _signing(self.issuer, next(self._numbers), kind)

    def approve(self, address: str) -> dict[str, str]:
        """The person signs in where they were sent: what the browser brings back."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = secrets.token_urlsafe(8)
        self._codes[code] = self.asked
        return {"code": code, "state": self.asked["state"], "iss": self.issuer}

    def id_token(self, nonce: str | None) -> str:
        """What the provider says of the person."""
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + LASTS,
            "auth_time": now,
            "nonce": nonce,
            **(self.person if self.in_token else {"sub": self.person["sub"]}),
            **self.spoilt,
        }
        return self.signed({name: value for name, value in claims.items() if value is not None})

    def logout_token(self, **spoilt: Any) -> str:
        """What the provider says when the person signed out there."""
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + LASTS,
            "jti": secrets.token_hex(8),
            "sub": self.person["sub"],
            "events": {LOGOUT: {}},
            **spoilt,
        }
        told = {name: value for name, value in claims.items() if value is not None}
        return self.signed(told, typ="logout+jwt")

    def signed(self, claims: dict[str, Any], **header: Any) -> str:
        """A token of these claims."""
        if self.forge is not None:
            return self.forge(claims)
        whole = {"alg": self.algorithm, "kid": self.key.kid, **header, **self.header}
        known = {name: value for name, value in whole.items() if value is not None}
        return jwt.encode(known, claims, self.key, algorithms=[self.algorithm], default_type=None)

    def unsigned(self, claims: dict[str, Any]) -> str:
        """`alg` none."""
        return f"{packed({'alg': 'none', 'kid': self.key.kid})}.{packed(claims)}."

    def signed_with_the_public_key(self, claims: dict[str, Any]) -> str:
        """HS256, with what everybody can fetch as its secret."""
        told = f"{packed({'alg': 'HS256', 'kid': self.key.kid})}.{packed(claims)}"
        public = self.key.as_pem(private=False)
        return f"{told}.{_base64(hmac.new(public, told.encode(), hashlib.sha256).digest())}"

    def signed_with_a_critical_header(self, claims: dict[str, Any]) -> str:
        """Signed, with a header nobody may pass over, and that nobody knows."""
        header = {"alg": "RS256", "kid": self.key.kid, "crit": ["x"], "x": 1}
        told = f"{packed(header)}.{packed(claims)}"
        signature = self.key.private_key.sign(told.encode(), PKCS1v15(), SHA256())
        return f"{told}.{_base64(signature)}"

    async def _configuration(self, _request: Request) -> JSONResponse:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/person",
                "authorization_response_iss_parameter_supported": True,
                **self.told,
            }
        )

    async def _keys(self, _request: Request) -> JSONResponse:
        self.keys_asked += 1
        mine = {**self.key.as_dict(private=False), "use": "sig"}
        others = {**_for_encryption().as_dict(private=False), "use": "enc", "kid": "for-encryption"}
        return JSONResponse({"keys": [others, mine, {"kty": "from the future", "kid": "new"}]})

    async def _token(self, request: Request) -> JSONResponse:
        form = await request.form()
        asked = self._codes.pop(str(form["code"]), None)
        in_body = "token_endpoint_auth_methods_supported" in self.told
        who = (form.get("client_id"), form.get("client_secret")) if in_body else _basic(request)
        challenge = _base64(hashlib.sha256(str(form.get("code_verifier")).encode()).digest())
        right = (
            asked is not None
            and asked["code_challenge_method"] == "S256"
            and asked["code_challenge"] == challenge
            and asked["redirect_uri"] == form["redirect_uri"]
            and who == (CLIENT_ID, SECRET)
        )
        if asked is None or not right:
            return JSONResponse({"error": "invalid_grant"}, 400)
        token = {"id_token": self.id_token(asked.get("nonce")), "access_token": "an-access-token"}
        return JSONResponse({**token, "token_type": "Bearer"})

    async def _person(self, request: Request) -> JSONResponse:
        allowed = request.headers.get("authorization") == "Bearer an-access-token"
        return JSONResponse(self.person if allowed else {}, 200 if allowed else 401)


@cache
def _signing(issuer: str, number: int, kind: str) -> RSAKey | ECKey:
    """A provider's first key, its second …: no two are one, and each is made once for all tests."""
    name = secrets.token_hex(4)
    if kind == "RSA":
        return RSAKey.generate_key(2048, {"kid": name})
    return ECKey.generate_key("P-256", {"kid": name})


@cache
def _for_encryption() -> RSAKey:
    return RSAKey.generate_key(2048)


class Network(httpx2.AsyncBaseTransport):
    """What our server reaches: each provider by its host, unless it is down."""

    def __init__(self, *providers: IdentityProvider) -> None:
        self.ways = {urlsplit(each.issuer).hostname: httpx2.ASGITransport(app=each.app) for each in providers}
        self.down = False
        self.tried = 0

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer, or not."""
        self.tried += 1
        if self.down:
            raise httpx2.ConnectError("no way there", request=request)
        return await self.ways[request.url.host].handle_async_request(request)


def packed(part: Any) -> str:
    """A part of a token."""
    return _base64(json.dumps(part).encode())


def query(told: dict[str, str]) -> str:
    """What the browser brings back, as it stands in an address."""
    return urlencode(told)


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _basic(request: Request) -> tuple[str, str]:
    """As RFC 6749 writes a client and its secret: form-encoded, then joined."""
    _, _, encoded = request.headers.get("authorization", "").partition(" ")
    name, _, secret = base64.b64decode(encoded).decode().partition(":")
    return unquote_plus(name), unquote_plus(secret)
