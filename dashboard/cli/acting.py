"""Who gives a command: the operator of the machine, or an account that `--as` names, with its rights alone.

Nothing proves who named the account: whoever can read the record and its key may do anything to it anyway.
`--as` only takes rights away, from a cron job or a shell that is to have fewer, and the audit trail names the
account together with the person of the operating system.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from getpass import getuser
from typing import Final, NamedTuple

from models.access.roles import Right
from models.exchange.deidentified.rules import Product

NEEDS: Final[Mapping[str, Right]] = {
    "demo": Right.DEFINITIONS,
    "serve": Right.MACHINE,
    "import": Right.FILES,
    "check": Right.RATES,
    "grid": Right.RATES,
    "claim": Right.RATES,
    "extract": Right.EXTRACT,
    "patient": Right.PATIENTS,
    "merge": Right.RECORD,
    "scales": Right.DEFINITIONS,
    "migrate": Right.KEEPING,
    "verify": Right.AUDIT,
    "audit": Right.AUDIT,
    "backup": Right.KEEPING,
    "restore": Right.KEEPING,
    "copy": Right.KEEPING,
    "doctor": Right.KEEPING,
    "retention": Right.KEEPING,
    "erase": Right.ERASING,
    "user add": Right.ACCOUNTS,
    "user list": Right.ACCOUNTS,
    "user disable": Right.ACCOUNTS,
    "user link": Right.ACCOUNTS,
    "user reset": Right.ACCOUNTS,
    "key show-sheet": Right.MACHINE,
    "key restore": Right.MACHINE,
    "key encrypt": Right.MACHINE,
    "key rotate": Right.MACHINE,
    "key replace-lost": Right.MACHINE,
}
"""The right each command needs. One that is not here is refused to everybody, the operator too."""


class Also(NamedTuple):
    """A right that an option asks for, unless it has this value."""

    right: Right
    unless: object = None


NEEDS_ALSO: Final[Mapping[tuple[str, str], Also]] = {
    ("claim", "statement"): Also(Right.QUESTION),
    ("extract", "product"): Also(Right.PATIENTS, unless=Product.SAFE_HARBOR),  # the others hold dates
    ("extract", "suicide_items"): Also(Right.PATIENTS),  # person by person, though without names
}
"""The right that a command needs besides when this option of it is given."""

_account: Final[ContextVar[str | None]] = ContextVar("account", default=None)
_reads_patients: Final[ContextVar[bool]] = ContextVar("reads_patients", default=True)


@contextmanager
def acting_as(username: str, *, reads_patients: bool = True) -> Iterator[None]:
    """What is done inside is told as done by this account, which may read what is recorded of one or not."""
    tokens = _account.set(username), _reads_patients.set(reads_patients)
    try:
        yield
    finally:
        _account.reset(tokens[0])
        _reads_patients.reset(tokens[1])


def reads_patients() -> bool:
    """Whether whoever gives the command may be told what is recorded of a patient."""
    return _reads_patients.get()


def told_by(command: str) -> str:
    """Who does what a command does, as the record and its audit trail are told."""
    named = _account.get()
    return f"{command}, {getuser()}" if named is None else f"{command} as {named}, {getuser()}"
