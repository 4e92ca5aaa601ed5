"""What the database itself holds about kept scales: as revision 0010 made it, never edited.

They are inserted, never changed or deleted; their ids only grow and their moments never go back.
"""

from collections.abc import Iterator

SAID = "kept_scale: what is recorded is never changed"
_LAST = "(SELECT {} FROM kept_scale ORDER BY id DESC LIMIT 1)"
_OUT_OF_ORDER = f"NEW.id <= {_LAST.format('id')} OR NEW.kept_at < {_LAST.format('kept_at')}"
_ORDERED = "kept_scale: ids only grow and moments never go back"


def for_sqlite() -> Iterator[str]:
    """The triggers in SQLite's words."""
    for event in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER kept_scale_no_{event.lower()} BEFORE {event} ON kept_scale BEGIN "
            f"SELECT RAISE(ABORT, '{SAID}'); END"
        )
    yield (
        f"CREATE TRIGGER kept_scale_insert BEFORE INSERT ON kept_scale WHEN {_OUT_OF_ORDER} "
        f"BEGIN SELECT RAISE(ABORT, '{_ORDERED}'); END"
    )


def for_postgresql() -> Iterator[str]:
    """The same in PostgreSQL's, with the functions revision 0001 made for what all tables share."""
    yield (
        "CREATE TRIGGER kept_scale_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON kept_scale "
        "FOR EACH STATEMENT EXECUTE FUNCTION seventy_unchanged()"
    )
    yield (
        "CREATE FUNCTION seventy_kept_scale() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {_OUT_OF_ORDER} THEN RAISE EXCEPTION '{_ORDERED}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    yield (
        "CREATE TRIGGER kept_scale_turn BEFORE INSERT ON kept_scale "
        "FOR EACH STATEMENT EXECUTE FUNCTION seventy_turn()"
    )
    yield (
        "CREATE TRIGGER kept_scale_insert BEFORE INSERT ON kept_scale "
        "FOR EACH ROW EXECUTE FUNCTION seventy_kept_scale()"
    )
