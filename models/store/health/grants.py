"""What a role of PostgreSQL may do that runs the dashboard but did not make the tables.

It reads and adds; what is recorded and what was done it cannot change, delete or empty, whatever rules are
dropped, for those are dropped by the tables' owner alone. Migrations are run by the owner.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, Engine, text

from models.store.engine.database import is_sqlite, writing
from models.store.engine.errors import StoreError
from models.store.engine.found import Examined
from models.store.rows.digests import TABLES

CHANGES: Final = ("account", "recovery_code", "setup_link", "auth_session", "elevation", "identity")
"""Accounts and their sessions change; each change is an event."""

PASSES: Final = ("sign_in_failure",)
"""Counted for a while, then deleted."""

READ: Final = ("erasure", "erasing")
"""Only the owner erases a person; the others can see that somebody was."""

ADDED_TO: Final = (*(table for table in TABLES if table not in READ), "audit_event")


GIVEN: Final = (
    (("alembic_version", *READ), ("SELECT",)),
    (ADDED_TO, ("SELECT", "INSERT")),
    (CHANGES, ("SELECT", "INSERT", "UPDATE")),
    (("recovery_code", "identity"), ("DELETE",)),
    (PASSES, ("SELECT", "INSERT", "DELETE")),
)
"""On which tables a role may do what."""

ABOUT: Final = "rights"

MAY: Final = (
    "SELECT r.rolname, c.relname, p.may FROM pg_roles r, pg_class c, "
    "unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES', 'DELETE', 'TRUNCATE', 'TRIGGER']) p(may) "
    "WHERE r.rolcanlogin AND NOT pg_has_role(r.oid, c.relowner, 'MEMBER') AND c.relkind IN ('r', 'p') "
    "AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'audit_event'::regclass) "
    "AND CASE WHEN p.may IN ('DELETE', 'TRUNCATE', 'TRIGGER') THEN has_table_privilege(r.oid, c.oid, p.may) "
    "ELSE has_any_column_privilege(r.oid, c.oid, p.may) END ORDER BY 1, 2, 3"
)
"""What whoever can connect and is not the tables' owner may do, be it by a group or as anybody (PUBLIC)."""

OWNS: Final = (
    "SELECT current_user, pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class "
    "WHERE oid = 'audit_event'::regclass"
)


class GrantError(StoreError):
    """The rights cannot be given; the words say why."""


def grants(connection: Connection, role: str) -> Iterator[str]:
    """The statements that leave a role with these rights and no other on the tables of the record."""
    named = connection.dialect.identifier_preparer.quote_identifier(role)
    schema = connection.dialect.identifier_preparer.quote_identifier(
        connection.exec_driver_sql("SELECT current_schema()").scalar_one()
    )
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {named}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {named}"
    for tables, rights in GIVEN:
        yield f"GRANT {', '.join(rights)} ON {', '.join(tables)} TO {named}"


def grant(engine: Engine, role: str) -> list[str]:
    """Give the rights, all or none, and say how; `GrantError` on SQLite and where no such role is."""
    if is_sqlite(engine):
        raise GrantError("SQLite knows no roles; there the rules of the database hold, and `seventy verify`.")
    with writing(engine) as connection:
        known = connection.execute(
            text("SELECT rolsuper FROM pg_roles WHERE rolname = :role"), {"role": role}
        )
        found = known.first()
        if found is None:
            raise GrantError(f"There is no role {role} on this server; CREATE ROLE makes one.")
        if found[0]:
            raise GrantError(f"{role} is a superuser, whom no grant holds back; name another role.")
        statements = list(grants(connection, role))
        for statement in statements:
            connection.exec_driver_sql(statement)
    return statements


def rights_found(connection: Connection) -> Examined:
    """Whether who connects to PostgreSQL could drop the rules. No fault: small clinics have one role.

    It is one if a role that does not own the tables may do what `grant` gives to none.
    """
    beyond = _beyond(connection)
    if beyond:
        named = "; ".join(f"{role} {', '.join(rights)}" for role, rights in beyond.items())
        return Examined(
            ABOUT,
            False,
            f"More is allowed than `seventy migrate --grants` gives: {named}.",
            "Run `seventy migrate --grants ROLE` as the tables' owner for each: it takes back what ROLE was "
            "given. What a group of roles or PUBLIC was given, take back with REVOKE.",
        )
    role, owns = connection.exec_driver_sql(OWNS).one()
    if not owns:
        return Examined(ABOUT, True, f"The role {role} does not own the tables and cannot drop their rules.")
    return Examined(
        ABOUT,
        True,
        f"The role {role} owns the tables and could drop their rules; `seventy migrate --grants ROLE` gives "
        "another role, for the dashboard, no right to change what is recorded.",
    )


def _beyond(connection: Connection) -> dict[str, list[str]]:
    """By role, the rights that no `grant` gives."""
    given = {(table, right) for tables, rights in GIVEN for table in tables for right in rights}
    beyond: dict[str, list[str]] = {}
    for role, table, right in connection.exec_driver_sql(MAY):
        if (table, right) not in given:
            beyond.setdefault(role, []).append(f"{right} on {table}")
    return beyond
