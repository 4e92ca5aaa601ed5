"""The triggers of a record in PostgreSQL: those that stand there, and those that the migrations make.

What they are to be is read from the statements of the migrations, replayed without a server: to make them in
a schema of their own takes rights that the dashboard's role has not.
"""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Final, NamedTuple

from sqlalchemy import Connection

from models.store import migrations

_TRIGGER: Final = re.compile(
    r"CREATE TRIGGER (?P<name>\w+) (?P<moment>BEFORE|AFTER) (?P<events>[A-Z ]+) ON (?:\w+\.)?(?P<table>\w+) "
    r"FOR EACH (?P<each>ROW|STATEMENT) EXECUTE FUNCTION (?:\w+\.)?(?P<function>\w+)\(\)"
)
_FUNCTION: Final = re.compile(
    r"CREATE FUNCTION (?P<name>\w+)\(\) RETURNS trigger LANGUAGE plpgsql AS \$\$(?P<body>.*)\$\$", re.DOTALL
)
_DROP: Final = re.compile(r"DROP TRIGGER (?P<name>\w+) ON (?P<table>\w+)")

_OURS: Final = (
    "c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'audit_event'::regclass) "
    "AND c.relkind IN ('r', 'p')"
)
_STANDING: Final = (
    "SELECT t.tgname, c.relname, pg_get_triggerdef(t.oid), f.proname, f.prosrc, "  # noqa: S608
    "f.pronamespace = c.relnamespace AND l.lanname = 'plpgsql' AND NOT f.prosecdef AND f.proconfig IS NULL "
    "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc f ON f.oid = t.tgfoid "
    f"JOIN pg_language l ON l.oid = f.prolang WHERE NOT t.tgisinternal AND {_OURS}"
)
_DISABLED: Final = (
    "SELECT coalesce(k.conname, t.tgname), c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "  # noqa: S608
    f"LEFT JOIN pg_constraint k ON k.oid = t.tgconstraint WHERE t.tgenabled NOT IN ('O', 'A') AND {_OURS}"
)
_REWRITING: Final = (
    f"SELECT r.rulename, c.relname FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE {_OURS}"  # noqa: S608
)
_NOT_FIRED: Final = (
    "SELECT 1 FROM pg_db_role_setting, unnest(setconfig) one WHERE one = 'session_replication_role=replica' "
    "AND setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))"
)


class Rule(NamedTuple):
    """When a trigger fires and what it then does. What no migration of ours says is kept as it is said."""

    said: tuple[object, ...]
    does: str
    plain: bool = True


def standing(connection: Connection) -> dict[str, Rule]:
    """The triggers of the record's tables, with what their functions do."""
    found = connection.exec_driver_sql(_STANDING)
    return {
        _called(name, table): Rule(_said(definition, function), body, plain)
        for name, table, definition, function, body, plain in found
    }


def disabled(connection: Connection) -> frozenset[str]:
    """Those that do not fire, and references that are not looked at."""
    return frozenset(_called(name, table) for name, table in connection.exec_driver_sql(_DISABLED))


def besides(connection: Connection) -> dict[str, str]:
    """What else lets a change pass: a statement that is rewritten, a setting under which no trigger fires."""
    rewriting = connection.exec_driver_sql(_REWRITING)
    found = {_called(name, table): "new" for name, table in rewriting}
    if connection.exec_driver_sql(_NOT_FIRED).first():
        found["session_replication_role"] = "set to replica"
    return found


def made() -> dict[str, Rule]:
    """Those that all migrations, one after the other, leave behind; `ValueError` at a statement not known."""
    bodies: dict[str, str] = {}
    triggers: dict[str, tuple[tuple[object, ...], str]] = {}
    for statement in _statements():
        if found := _FUNCTION.fullmatch(statement):
            bodies[found["name"]] = found["body"]
        elif found := _DROP.fullmatch(statement):
            del triggers[_called(found["name"], found["table"])]
        elif found := _TRIGGER.fullmatch(statement):
            said = _said(statement, found["function"])
            triggers[_called(found["name"], found["table"])] = said, found["function"]
        else:
            raise ValueError(f"A migration says what is not read here: {statement[:80]}")
    return {name: Rule(said, bodies[function]) for name, (said, function) in triggers.items()}


def _statements() -> Iterator[str]:
    for name in sorted(found.name for found in iter_modules(migrations.__path__)):
        if name.startswith("triggers_"):
            yield from import_module(f"{migrations.__name__}.{name}").for_postgresql()


def _said(definition: str, function: str) -> tuple[object, ...]:
    """A trigger's definition, whichever order its events are listed in."""
    found = _TRIGGER.fullmatch(definition)
    if found is None:
        return (definition,)
    return found["moment"], frozenset(found["events"].split(" OR ")), found["table"], found["each"], function


def _called(name: str, table: str) -> str:
    return name if name.startswith(f"{table}_") else f"{name} on {table}"
