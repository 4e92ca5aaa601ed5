"""Whether an SQLite file still has the triggers that keep what is recorded from being changed."""

from typing import Final

from sqlalchemy import Connection, create_engine

from models.store import sqlite
from models.store.found import Finding
from models.store.migrate import upgrade

ABOUT: Final = "rules"
_LISTED: Final = 10


def rules_found(connection: Connection) -> Finding:
    """Each trigger held against that of an empty record of this version."""
    stands, expected = _triggers(connection), _of_an_empty_record()
    wrong = sorted(name for name in stands.keys() | expected.keys() if stands.get(name) != expected.get(name))
    listed = ", ".join(wrong[:_LISTED]) + (f" and {len(wrong) - _LISTED} more" if wrong[_LISTED:] else "")
    return Finding(
        ABOUT,
        not wrong,
        f"Rules of the record are gone, other or new: {listed}." if wrong else "All of them stand.",
        "Somebody changed the file behind the program. Run `seventy verify`, and restore the newest backup.",
    )


def _triggers(connection: Connection) -> dict[str, str]:
    found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    return {row.name: row.sql for row in found}


def _of_an_empty_record() -> dict[str, str]:
    engine = create_engine("sqlite://", module=sqlite.driver)
    try:
        with engine.begin() as connection:
            upgrade(connection)
            return _triggers(connection)
    finally:
        engine.dispose()
