"""What the database itself holds about accounts and the audit trail: as revision 0003 made it, never edited.

An account is never deleted. An event is inserted, never changed or deleted; ids leave no gap and moments
never go back.
"""

from collections.abc import Iterator

_LAST = "(SELECT {} FROM audit_event ORDER BY id DESC LIMIT 1)"
_OUT_OF_ORDER = (
    f"NEW.id <> coalesce({_LAST.format('id')}, 0) + 1 OR NEW.happened_at < {_LAST.format('happened_at')}"
)
_SAID = "audit_event: ids follow one another and moments never go back"


def for_sqlite() -> Iterator[str]:
    """The triggers in SQLite's words."""
    for event in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER audit_event_no_{event.lower()} BEFORE {event} ON audit_event BEGIN "
            "SELECT RAISE(ABORT, 'audit_event: what was done is never changed'); END"
        )
    yield (
        "CREATE TRIGGER audit_event_insert BEFORE INSERT ON audit_event "
        f"WHEN {_OUT_OF_ORDER} BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
    )
    yield (
        "CREATE TRIGGER account_no_delete BEFORE DELETE ON account BEGIN "
        "SELECT RAISE(ABORT, 'account: is disabled, never deleted'); END"
    )


def for_postgresql() -> Iterator[str]:
    """The same in PostgreSQL's, with the functions revision 0001 made for what all tables share."""
    yield (
        "CREATE TRIGGER audit_event_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION seventy_unchanged()"
    )
    yield (
        "CREATE FUNCTION seventy_audit_event() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {_OUT_OF_ORDER} THEN RAISE EXCEPTION '{_SAID}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    yield (
        "CREATE TRIGGER audit_event_turn BEFORE INSERT ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION seventy_turn()"
    )
    yield (
        "CREATE TRIGGER audit_event_insert BEFORE INSERT ON audit_event "
        "FOR EACH ROW EXECUTE FUNCTION seventy_audit_event()"
    )
    yield (
        "CREATE TRIGGER account_kept BEFORE DELETE OR TRUNCATE ON account "
        "FOR EACH STATEMENT EXECUTE FUNCTION seventy_unchanged()"
    )
