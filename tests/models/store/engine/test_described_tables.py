"""The tables the migrations make are the tables the product describes, on both engines."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from models.store.engine.database import reading, writing
from models.tables import Table
from tests.support.databases import Databases, connected


def test_the_migrations_make_the_tables_the_product_describes_on_sqlite(
    tmp_path: Path, sqlite_url: str
) -> None:
    def shape(url: str) -> set[str]:
        sql = (
            "SELECT sql FROM sqlite_schema WHERE type IN ('table', 'index') AND tbl_name <> 'alembic_version'"
        )
        with connected(url) as engine, reading(engine) as connection:
            return {
                "\n".join(sorted(filter(None, map(str.strip, re.split(r"[\n,]", statement)))))
                for statement in connection.exec_driver_sql(sql).scalars()
                if statement
            }

    with connected(f"sqlite:///{tmp_path}/described.db") as engine, writing(engine) as connection:
        Table.metadata.create_all(connection)
    assert shape(f"sqlite:///{tmp_path}/described.db") == shape(sqlite_url)


@pytest.mark.postgres
def test_the_migrations_make_the_tables_the_product_describes_on_postgresql(postgres: Databases) -> None:
    def shape(url: str) -> set[tuple[str, ...]]:
        columns = (
            "SELECT table_name, column_name, data_type, is_nullable, coalesce(column_default, '') "
            "FROM information_schema.columns WHERE table_schema = 'public'"
        )
        constraints = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 2200"
        indexes = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        with connected(url) as engine, reading(engine) as connection:
            rows = [
                tuple(row) for sql in (columns, constraints, indexes) for row in connection.execute(text(sql))
            ]
        return {row for row in rows if "alembic_version" not in " ".join(row)}

    described = postgres.new()
    with connected(described) as engine, writing(engine) as connection:
        Table.metadata.create_all(connection)
    assert shape(described) == shape(postgres.started())
