"""What somebody does to a database who has the file and wants nobody to see it: the rules go first."""

from collections.abc import Sequence
from typing import Any

import psycopg
from sqlalchemy import Engine

from models.store.audit.events import COLUMNS
from models.store.engine import sqlite
from models.store.engine.database import reading


def tamper(engine: Engine, *statements: str) -> None:
    """Run statements past every trigger."""
    if engine.dialect.name == "sqlite":
        connection = sqlite.connect(engine.url)
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        connection.execute("PRAGMA foreign_keys=OFF")
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, rule in triggers:
            connection.execute(rule)
        connection.close()
        return
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(statement)


def events(engine: Engine) -> Sequence[Any]:
    """Every event, as it is stored."""
    with reading(engine) as connection:
        sql = f"SELECT {', '.join(COLUMNS)} FROM audit_event ORDER BY id"  # noqa: S608
        return connection.exec_driver_sql(sql).all()
