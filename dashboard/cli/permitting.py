"""The one check before every command: whether whoever gives it has the right the command declares."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Engine, inspect
from typer.core import TyperGroup

from dashboard.cli.acting import NEEDS, NEEDS_ALSO, acting_as
from dashboard.cli.answering import Answering, UsageError
from dashboard.cli.keyring import record_named
from dashboard.cli.opening import holds_record, released, url_of
from models.access.roles import RULES, Right, may
from models.store.accounts.staff import AccountError, StaffAccount, account_named
from models.store.engine.database import place_of, reading

AS: Final = "seventy.as"
"""Under which a command's context keeps the account that `--as` named."""


class NotPermittedError(UsageError):
    """Whoever gave a command has not the right it needs."""


class Permitting(Answering):
    """The whole command: checks before each of its commands, wherever that stands."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        for path, command in commands_of(self):
            _check_first(path, command)


def commands_of(group: TyperGroup, above: str = "") -> Iterator[tuple[str, Any]]:
    """Every command with the words it is called by, as `user add`."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands_of(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


def _check_first(path: str, command: Any) -> None:
    run = command.invoke

    def invoke(context: Any) -> Any:
        needed = rights_needed(path, context.params)
        username = context.meta.get(AS)
        if username is None:
            _permit_operator(path, needed)
        else:
            account = _account(username, _url_asked(path, context))
            _permit(account, needed)
            reads = may(account.role, Right.PATIENTS, sees_names=account.sees_names)
            context.with_resource(acting_as(account.username, reads_patients=reads))
        return run(context)

    command.invoke = invoke


def rights_needed(path: str, options: Mapping[str, Any]) -> tuple[Right, ...]:
    """What a command with these options needs; `NotPermittedError` when it declares nothing."""
    if path not in NEEDS:
        raise NotPermittedError(f"`seventy {path}` declares no right that it needs: nobody may.")
    also = (
        asked.right
        for (command, option), asked in NEEDS_ALSO.items()
        if command == path and options.get(option) and options[option] != asked.unless
    )
    return (NEEDS[path], *also)


def _permit_operator(path: str, needed: tuple[Right, ...]) -> None:
    for right in needed:
        if not RULES[right].operator:
            whose = RULES[right].whose
            raise NotPermittedError(f"Nothing was done: `seventy {path}` is for {whose}; name one with --as.")


def _permit(account: StaffAccount, needed: tuple[Right, ...]) -> None:
    """A broken glass counts on the pages alone, where its banner stands."""
    for right in needed:
        if not may(account.role, right, sees_names=account.sees_names):
            rule = RULES[right]
            raise NotPermittedError(
                f"Nothing was done: {rule.whose} may {rule.allows}; "
                f"{account.username} is {account.role.shown.lower()}."
            )


def _account(username: str, url: str | None) -> StaffAccount:
    with released(record_named(url)) as engine:
        _refuse_without_accounts(engine, username)
        try:
            account = account_named(engine, username)
        except AccountError as unknown:
            raise NotPermittedError(f"--as: {unknown}") from None
    if not account.active:
        raise NotPermittedError(f"--as: the account {username!r} is disabled.")
    return account


def _refuse_without_accounts(engine: Engine, username: str) -> None:
    if holds_record(engine):
        with reading(engine) as connection:
            if inspect(connection).has_table("account"):
                return
    raise NotPermittedError(f"--as: {place_of(engine)} has no accounts, and so none called {username!r}.")


def _url_asked(path: str, context: Any) -> str | None:
    """The record whose accounts count: the one that is read, or the one that `restore` would replace."""
    named = context.params.get("db") or context.find_root().obj
    if path == "copy":
        return str(context.params["source"])
    if path == "restore" and context.params["to"] is not None:
        there = url_of(context.params["to"])
        with released(record_named(there)) as engine:
            return there if holds_record(engine) else named
    return None if named is None else str(named)
