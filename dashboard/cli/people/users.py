"""Accounts from the command line: how the first administrator gets in, and how anybody gets back in."""

from typing import Annotated, Final

import typer
from sqlalchemy import Engine

from dashboard.cli.acting import told_by
from dashboard.cli.answering import UsageError, say
from dashboard.cli.opening import now, record_to_read, record_to_write
from dashboard.cli.options import AsJson, Database, KeptKey, examples, print_json
from dashboard.cli.people.trusting import Issuer, OnlyProvider
from dashboard.cli.tables import table
from dashboard.signin.address import origin_of
from models.access.roles import Role
from models.access.usernames import LONGEST_NAME
from models.store.accounts.doors import Doors
from models.store.accounts.identities import link, linked_at
from models.store.accounts.staff import (
    AccountError,
    StaffAccount,
    accounts,
    change_account,
    invite,
    new_setup_link,
)
from models.store.audit.events import told_in
from models.store.trail.entries import Wanted, entries

EXAMPLES: Final = examples(
    'seventy user add ada --role administrator --name "Ada Able"', "seventy user reset ada"
)
SHORT: Final = {"admin": Role.ADMINISTRATOR}
user = typer.Typer(
    name="user", no_args_is_help=True, help="Who may enter: add, list, disable, link, reset.", epilog=EXAMPLES
)

Name = Annotated[str, typer.Argument(help="The user name.", metavar="NAME")]
Url = Annotated[
    str | None,
    typer.Option(
        metavar="https://…",
        help="The address the link begins with; without it where the record was last served.",
    ),
]
HERE: Final = "http://127.0.0.1:8501"
LINKED_ANEW: Final = (
    "who is called like their verified e-mail is linked at their next sign-in there, others by "
    "`seventy user link`"
)


def _role(given: str) -> Role:
    try:
        return SHORT.get(given) or Role(given)
    except ValueError:
        raise typer.BadParameter(f"{given!r} is not one of {', '.join(Role)}") from None


@user.command()
def add(
    context: typer.Context,
    username: Name,
    *,
    role: Annotated[
        Role,
        typer.Option(parser=_role, metavar="|".join(Role), help="What the person does in the clinic."),
    ],
    name: Annotated[
        str | None,
        typer.Option(
            help=f"The person's name, at most {LONGEST_NAME} characters; the user name if none is given."
        ),
    ] = None,
    sees_names: Annotated[
        bool, typer.Option("--sees-names", help="A practice manager may see names.")
    ] = False,
    url: Url = None,
    kept: KeptKey = False,
    db: Database = None,
) -> None:
    """Add somebody, and print the link with which they choose a password. Nobody has one before."""
    origin = _origin(url)
    engine = record_to_write(context, db, kept=kept)
    try:
        token = invite(engine, username, name or username, role, by=person(), at=now(), sees_names=sees_names)
    except AccountError as refusal:
        raise UsageError(str(refusal)) from None
    _print_link(username, token, origin or _served_last(engine))


@user.command("list")
def list_(context: typer.Context, *, as_json: AsJson = False, db: Database = None) -> None:
    """List everybody with an account."""
    engine = record_to_read(context, db)
    found = [(account, linked_at(engine, account.username)) for account in accounts(engine)]
    if as_json:
        told = [
            account._asdict() | {"created_at": account.created_at.isoformat(), "linked_at": issuers}
            for account, issuers in found
        ]
        print_json(told)
        return
    rows = [
        (
            account.username,
            account.name,
            account.role.shown + (", sees names" if account.sees_names else ""),
            _state(account, issuers),
        )
        for account, issuers in found
    ]
    typer.echo(table(("user name", "name", "role", "state"), rows))


def _state(account: StaffAccount, issuers: list[str]) -> str:
    if not account.active:
        return "disabled"
    if account.ready:
        return "can sign in"
    return f"signs in through {', '.join(issuers)}" if issuers else "link not used yet"


@user.command()
def disable(
    context: typer.Context,
    username: Name,
    *,
    oidc_issuer: Issuer = None,
    oidc_only: OnlyProvider = False,
    db: Database = None,
) -> None:
    """Let somebody in no longer; wherever they are signed in, their page closes within two seconds.

    One administrator stays who can sign in where the options say how the dashboard is served.
    """
    if oidc_only and not oidc_issuer:
        raise UsageError("--oidc-only needs --oidc-issuer, the address of the identity provider")
    doors = Doors(not oidc_only, oidc_issuer) if oidc_issuer else None
    engine = record_to_write(context, db)
    try:
        change_account(engine, username, by=person(), at=now(), active=False, doors=doors)
    except AccountError as refusal:
        raise UsageError(str(refusal)) from None
    typer.echo(f"{username} is disabled.")


@user.command("link")
def link_(
    context: typer.Context,
    username: Name,
    *,
    issuer: Annotated[
        str, typer.Option(envvar="SEVENTY_OIDC_ISSUER", help="The identity provider, as its tokens name it.")
    ],
    subject: Annotated[str, typer.Option(help="What the provider calls the person: `sub` in its tokens.")],
    db: Database = None,
) -> None:
    """Say who somebody is at the identity provider, where their verified e-mail is not their user name."""
    try:
        link(record_to_write(context, db), username, issuer, subject, by=person(), at=now())
    except AccountError as refusal:
        raise UsageError(str(refusal)) from None
    typer.echo(f"{username} signs in through {issuer.strip()}.")


@user.command()
def reset(context: typer.Context, username: Name, *, url: Url = None, db: Database = None) -> None:
    """Print a new link for somebody who forgot their password or lost their phone, and let them back in.

    What they had no longer lets them in, nor does whoever they were linked to at an identity provider.
    """
    origin = _origin(url)
    engine = record_to_write(context, db)
    try:
        linked = linked_at(engine, username)
        token = new_setup_link(engine, username, by=person(), at=now())
        change_account(engine, username, by=person(), at=now(), active=True)  # with nothing of before
    except AccountError as refusal:
        raise UsageError(str(refusal)) from None
    if linked:
        say(f"{username} is linked to {', '.join(linked)} no more: {LINKED_ANEW}.")
    _print_link(username, token, origin or _served_last(engine))


def person() -> str:
    """Who changes an account from the command line."""
    return told_by("seventy user")


def _origin(url: str | None) -> str | None:
    try:
        return None if url is None else origin_of(url, "http", "https")
    except ValueError as unfit:
        raise UsageError(f"--url {unfit}") from None


def _served_last(engine: Engine) -> str | None:
    """Where the record was last served, `None` when the trail tells of no address."""
    for start in entries(engine, Wanted(action="serve"), newest=1):
        address: str | None = told_in(start.detail).get("address")
        return address
    return None


def _print_link(username: str, token: str, origin: str | None) -> None:
    typer.echo(f"{origin or HERE}/setup/{token}")
    say(f"Give this link to {username}. It works once, within 24 hours, while `seventy serve` runs.")
    if origin is None:
        say(f"Where Seventy is served is not known yet, so it begins with {HERE}; --url gives another.")
