"""The provider's tokens, held against everything that must be so; by joserfc and Authlib."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ClaimError,
    ExpiredTokenError,
    InvalidKeyIdError,
    JoseError,
    KeyParameterError,
    UnsupportedAlgorithmError,
)
from joserfc.jws import JWSRegistry

from dashboard.signin.oidc.errand import Errand
from dashboard.signin.oidc.provider import Provider
from dashboard.signin.oidc.refusal import RefusalError, Why

ALGORITHMS: Final = ("RS256", "ES256", "PS256")
"""Signatures only the provider can make: "none", and any made with a secret both know, are refused unread."""
CLOCKS_DIFFER: Final = 60  # seconds
MOMENTS: Final = ("exp", "iat", "nbf", "auth_time")
LAST_MOMENT: Final = 253_402_300_799  # the end of the year 9999
ID_KINDS: Final = frozenset({"", "jwt"})
LOGOUT_KIND: Final = "logout+jwt"
LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_REGISTRY: Final = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
_UNREADABLE: Final = (ValueError, TypeError, AttributeError, KeyError, RecursionError)
"""What else the libraries raise over JSON of another shape than a token's."""
_CLAIMS: Final[Mapping[str, Why]] = {
    "iss": Why.ISSUER,
    "aud": Why.AUDIENCE,
    "azp": Why.AUDIENCE,
    "exp": Why.TIME,
    "iat": Why.TIME,
    "nbf": Why.TIME,
    "nonce": Why.NONCE,
}


class Proof(NamedTuple):
    """Who somebody is to the provider. `email` is there only if the provider says that it verified it."""

    subject: str
    email: str | None


class SignedOut(NamedTuple):
    """A subject that signed out at the provider. `name` is the token's own, until `until`, Unix seconds."""

    subject: str
    name: str
    until: float


async def proof_of(provider: Provider, given: Mapping[str, Any], errand: Errand) -> Proof:
    """Who signed in, by the ID token among what the provider gave; `RefusalError` if anything is amiss.

    OpenID Connect Core 1.0, section 3.1.3.7.
    """
    token, now = given.get("id_token"), provider.clock()
    if not isinstance(token, str):
        raise RefusalError(Why.NO_TOKEN)
    read = await _read(provider, token, ID_KINDS)
    params = {
        "client_id": provider.trusted.client_id,
        "nonce": errand.nonce,
        "access_token": given.get("access_token"),
    }
    _check(CodeIDToken(read.claims, read.header, _options(provider, "sub"), params), now)
    _check_how(provider, read.claims, errand)
    return Proof(read.claims["sub"], verified_email(read.claims))


async def signed_out(provider: Provider, token: str) -> SignedOut:
    """Whom a logout token is about; `RefusalError` if anything is amiss.

    OpenID Connect Back-Channel Logout 1.0, section 2.6. A token that names a session at the provider but no
    subject is refused: we keep no such session.
    """
    read = await _read(provider, token, frozenset({LOGOUT_KIND}))
    claims, now = read.claims, provider.clock()
    essential = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=CLOCKS_DIFFER,
        **_options(provider, "sub", "jti", "iat", "exp", "events"),
    )
    try:
        essential.validate(claims)
    except ClaimError as error:
        raise RefusalError(_why(error)) from error
    if "nonce" in claims:
        raise RefusalError(Why.NONCE)
    events = claims["events"]
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise RefusalError(Why.KIND)
    return SignedOut(claims["sub"], claims["jti"], float(claims["exp"]) + CLOCKS_DIFFER)


def verified_email(claims: Mapping[str, Any]) -> str | None:
    """The e-mail the provider says it verified: it must say `true`, not merely something like it."""
    email = claims.get("email")
    return email if isinstance(email, str) and claims.get("email_verified") is True else None


async def _read(provider: Provider, token: str, kinds: frozenset[str]) -> jwt.Token:
    """The token, its signature, kind and moments checked; for a key not known the keys are asked for anew."""
    try:
        try:
            read = jwt.decode(token, await provider.keys(), registry=_REGISTRY)
        except InvalidKeyIdError:
            read = jwt.decode(token, await provider.keys(anew=True), registry=_REGISTRY)
    except UnsupportedAlgorithmError as error:
        raise RefusalError(Why.ALGORITHM) from error
    except (BadSignatureError, InvalidKeyIdError, KeyParameterError) as error:
        raise RefusalError(Why.SIGNATURE) from error
    except (JoseError, *_UNREADABLE) as error:
        raise RefusalError(Why.MALFORMED) from error
    if str(read.header.get("typ", "")).lower() not in kinds:
        raise RefusalError(Why.KIND)
    if not all(_is_moment(read.claims.get(name) or 0) for name in MOMENTS):
        raise RefusalError(Why.TIME)
    return read


def _is_moment(told: object) -> bool:
    """Whether it is a number of seconds since 1970 that we can count with; JSON has numbers without end."""
    return isinstance(told, int | float) and 0 <= told <= LAST_MOMENT


def _check(claims: CodeIDToken, now: datetime) -> None:
    try:
        claims.validate(now=int(now.timestamp()), leeway=CLOCKS_DIFFER)
    except ClaimError as error:
        raise RefusalError(_why(error)) from error
    except _UNREADABLE as error:
        raise RefusalError(Why.CLAIM) from error


def _check_how(provider: Provider, claims: Mapping[str, Any], errand: Errand) -> None:
    """Whether the person proved enough, and lately enough."""
    wanted = provider.trusted.second_factor
    if wanted is not None and wanted not in (claims.get("amr") or []) and wanted != claims.get("acr"):
        raise RefusalError(Why.SECOND_FACTOR)
    asked_at = claims.get("auth_time")
    if errand.session is not None and not (
        isinstance(asked_at, int | float) and asked_at >= errand.begun_at.timestamp() - CLOCKS_DIFFER
    ):
        raise RefusalError(Why.NOT_AGAIN)


def _options(provider: Provider, *essential: str) -> dict[str, Any]:
    fixed = {"iss": provider.trusted.issuer, "aud": provider.trusted.client_id}
    exact = {name: {"essential": True, "value": value} for name, value in fixed.items()}
    return exact | {name: {"essential": True} for name in essential}


def _why(error: ClaimError) -> Why:
    first = error.claim.partition(",")[0]
    return Why.TIME if isinstance(error, ExpiredTokenError) else _CLAIMS.get(first, Why.CLAIM)
