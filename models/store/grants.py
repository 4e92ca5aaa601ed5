"""What a role of PostgreSQL may do that runs the dashboard but did not make the tables.

It reads and adds; what is recorded and what was done it cannot change, delete or empty, whatever rules are
dropped, for those are dropped by the tables' owner alone. Migrations are run by the owner.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, Engine, text

from models.store.database import is_sqlite, writing
from models.store.digests import TABLES
from models.store.errors import StoreError
from models.store.found import Finding

CHANGES: Final = ("account", "recovery_code", "setup_link", "auth_session", "elevation", "identity")
"""Accounts and their sessions change; each change is an event."""

PASSES: Final = ("sign_in_failure",)
"""Counted for a while, then deleted."""

READ: Final = ("erasure", "erasing")
"""Only the owner erases a person; the others can see that somebody was."""

ADDED_TO: Final = (*(table for table in TABLES if table not in READ), "audit_event")


ABOUT: Final = "rights"

OWNS: Final = (
    "SELECT current_user, pg_has_role(current_user, relowner, 'USAGE') FROM pg_class "
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
    yield f"GRANT SELECT ON alembic_version TO {named}"
    yield f"GRANT SELECT ON {', '.join(READ)} TO {named}"
    yield f"GRANT SELECT, INSERT ON {', '.join(ADDED_TO)} TO {named}"
    yield f"GRANT SELECT, INSERT, UPDATE ON {', '.join(CHANGES)} TO {named}"
    yield f"GRANT DELETE ON recovery_code, identity TO {named}"
    yield f"GRANT SELECT, INSERT, DELETE ON {', '.join(PASSES)} TO {named}"


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


def rights_found(connection: Connection) -> Finding:
    """Whether who connects to PostgreSQL could drop the rules. No fault: small clinics have one role."""
    role, owns = connection.exec_driver_sql(OWNS).one()
    if not owns:
        return Finding(ABOUT, True, f"The role {role} does not own the tables and cannot drop their rules.")
    return Finding(
        ABOUT,
        True,
        f"The role {role} owns the tables and could drop their rules; `seventy migrate --grants ROLE` gives "
        "another role, for the dashboard, no right to change what is recorded.",
    )
