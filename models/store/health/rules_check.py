"""Whether a database still has the triggers that keep what is recorded from being changed."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

from sqlalchemy import Connection, create_engine

from models.store.engine import rules_of_server, sqlite
from models.store.engine.database import is_sqlite
from models.store.engine.found import Examined
from models.store.moves.migrate import upgrade

ABOUT: Final = "rules"
_LISTED: Final = 10


def rules_found(connection: Connection) -> Examined:
    """Each trigger held against the one that the migrations make."""
    if is_sqlite(connection):
        wrong = _differing(_triggers(connection), _of_an_empty_record())
    else:
        stands = rules_of_server.standing(connection)
        disabled = rules_of_server.disabled(connection)
        wrong = _differing(stands, rules_of_server.made(), disabled) | rules_of_server.besides(connection)
    named = [f"{name} ({how})" for name, how in sorted(wrong.items())]
    listed = ", ".join(named[:_LISTED]) + (f" and {len(named) - _LISTED} more" if named[_LISTED:] else "")
    return Examined(
        ABOUT,
        not wrong,
        f"Rules of the record are not as they were made: {listed}." if wrong else "All of them stand.",
        "Somebody changed the database behind the program. Run `seventy verify`, and restore the newest "
        "backup.",
    )


def _differing(
    stands: Mapping[str, Any], expected: Mapping[str, Any], disabled: AbstractSet[str] = frozenset()
) -> dict[str, str]:
    """What is wrong with each trigger that is not as expected, in a word."""
    wrong = dict.fromkeys(sorted(disabled), "disabled")
    for name in stands.keys() | expected.keys():
        if name not in stands:
            wrong[name] = "gone"
        elif name not in expected:
            wrong[name] = "new"
        elif stands[name] != expected[name]:
            wrong[name] = "other"
    return wrong


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
