"""Which identity provider the clinic trusts, and as whom it is asked."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from dashboard.networks import is_private

CLAIMED: Final = "mfa"
"""What `amr` says of several factors (RFC 8176)."""


@dataclass(frozen=True)
class Trusted:
    """One identity provider, and as whom we ask it.

    `issuer` is what its tokens must name, to the letter. `second_factor` is a word its tokens must have in
    `amr`, or as their `acr`; `None` asks for none. `local` says whether local accounts sign in beside it.
    """

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    second_factor: str | None = None
    local: bool = True

    def __post_init__(self) -> None:
        """Refuse an issuer that cannot be one."""
        parts = urlsplit(self.issuer)
        if not is_private(self.issuer) or parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError(f"must be an https address without a query, as the issuer; got {self.issuer!r}")

    @property
    def host(self) -> str:
        """As the page to sign in on names it."""
        return urlsplit(self.issuer).netloc

    @property
    def configuration(self) -> str:
        """Where it tells about itself (OpenID Connect Discovery 1.0, section 4)."""
        return f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
