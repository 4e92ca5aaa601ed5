"""The options that name the clinic's own identity provider, each with an environment variable of its name."""

import os
from pathlib import Path
from typing import Annotated, Final

import typer

from dashboard.cli.answering import UsageError
from dashboard.signin.oidc.trusted import Trusted
from models.access.keys import KeyFileError, refuse_open_to_others

SECRET: Final = "SEVENTY_OIDC_SECRET"  # noqa: S105
LONGEST_SECRET: Final = 4096

Issuer = Annotated[
    str | None,
    typer.Option(
        envvar="SEVENTY_OIDC_ISSUER", metavar="URL", help="Let staff sign in at this OpenID Connect provider."
    ),
]
ClientId = Annotated[
    str | None,
    typer.Option(
        envvar="SEVENTY_OIDC_CLIENT_ID", metavar="ID", help="What the provider calls this dashboard."
    ),
]
SecretFile = Annotated[
    Path | None,
    typer.Option(
        envvar="SEVENTY_OIDC_SECRET_FILE",
        metavar="FILE",
        help=f"The client secret, in a file of mode 0600; else it is read from {SECRET}.",
    ),
]
SecondFactor = Annotated[
    str | None,
    typer.Option(
        envvar="SEVENTY_OIDC_REQUIRE_MFA",
        metavar="WORD",
        help="Let in only whom the provider says this of, in `amr` (as mfa) or as `acr`.",
    ),
]
OnlyProvider = Annotated[
    bool,
    typer.Option(
        "--oidc-only", envvar="SEVENTY_OIDC_ONLY", help="Nobody signs in with a password and a code."
    ),
]


def trusted_provider(
    issuer: str | None,
    client_id: str | None,
    secret_file: Path | None,
    second_factor: str | None,
    *,
    only: bool,
) -> Trusted | None:
    """The provider these options name, `None` when they name none; `UsageError` when they are not enough."""
    if not issuer:
        beside = {
            "--oidc-client-id": client_id,
            "--oidc-secret-file": secret_file,
            "--oidc-require-mfa": second_factor,
            "--oidc-only": only,
        }
        given = [name for name, value in beside.items() if value]
        if given:
            raise UsageError(f"{given[0]} needs --oidc-issuer, the address of the identity provider")
        return None
    if not client_id:
        raise UsageError("--oidc-issuer needs --oidc-client-id, what the provider calls this dashboard")
    secret = _read(secret_file) if secret_file else os.environ.get(SECRET, "").strip()
    if not secret:
        raise UsageError(f"--oidc-issuer needs a client secret, in --oidc-secret-file or {SECRET}")
    try:
        return Trusted(issuer, client_id, secret, second_factor or None, local=not only)
    except ValueError as unfit:
        raise UsageError(f"--oidc-issuer {unfit}") from None


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            refuse_open_to_others(path, os.fstat(file.fileno()).st_mode)
            return file.read(LONGEST_SECRET).decode().strip()
    except (KeyFileError, OSError, UnicodeDecodeError) as unfit:
        raise UsageError(f"--oidc-secret-file {unfit}") from None
