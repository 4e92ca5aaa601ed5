"""What the database itself holds about erasing a person: as revision 0005 made it, never edited.

What is recorded is never changed or deleted, but for the rows of a person named in `erasing`. That row cannot
outlast its transaction, and goes only after the erasure is written down and the audit trail was told of it.
Of an event only what it tells may go then. Erasures themselves are never changed or deleted.
"""

from collections.abc import Iterator

NEVER = "false"
SAID = "what is recorded is never changed"
_SAME = " AND ".join(
    f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}"
    for column in ("id", "entity_id", "recorded_at", "recorded_by", "supersedes_id", "voided")
)
_TOLD = " AND ".join(
    f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}"
    for column in (
        "id",
        "happened_at",
        "happened_by",
        "action",
        "subject",
        "patient_id",
        "address",
        "seal",
    )
)
_OF_ANSWERS = (
    "EXISTS (SELECT 1 FROM erasing e JOIN assessment a ON a.patient_id = e.patient_id "
    "WHERE a.id = OLD.assessment_id)"
)
_LAST = "(SELECT {} FROM erasure ORDER BY id DESC LIMIT 1)"
_OUT_OF_ORDER = (
    f"NEW.id <> coalesce({_LAST.format('id')}, 0) + 1 OR NEW.erased_at < {_LAST.format('erased_at')}"
)
_ORDERED = "erasure: ids follow one another and moments never go back"
_NEWEST = "t.id = (SELECT max(id) FROM audit_event) AND t.action = 'erasure'"
_ENDED = (
    f"EXISTS (SELECT 1 FROM erasing e JOIN audit_event t ON t.patient_id = e.patient_id "  # noqa: S608
    f"WHERE e.patient_id = {_LAST.format('patient_id')} AND {_NEWEST})"
)


def _named(*whose: str) -> str:
    return f"EXISTS (SELECT 1 FROM erasing e WHERE e.patient_id IN ({', '.join(whose)}))"  # noqa: S608


ALLOWED = {
    "patient": (f"{_SAME} AND {_named('OLD.entity_id')}", _named("OLD.entity_id")),
    **{
        table: (f"{_SAME} AND {_named('OLD.patient_id', 'NEW.patient_id')}", _named("OLD.patient_id"))
        for table in ("course", "infusion", "assessment")
    },
    "merged_patient": (
        f"{_SAME} AND NEW.survivor_id = OLD.survivor_id AND NEW.retired_id = OLD.retired_id AND "
        + _named("OLD.survivor_id", "OLD.retired_id"),
        _named("OLD.survivor_id", "OLD.retired_id"),
    ),
    "item_score": (NEVER, _OF_ANSWERS),
    "safety_alert": (NEVER, _OF_ANSWERS),
    "audit_event": (f"{_TOLD} AND EXISTS (SELECT 1 FROM erasing)", NEVER),  # noqa: S608
    "erasure": (NEVER, NEVER),
    "erasing": (NEVER, _ENDED),
}
"""Of each table, when a row may be changed and when it may be deleted."""

NEW = ("erasure", "erasing")


def said(table: str) -> str:
    """What is said of a row that may not."""
    if table == "erasing":
        return "erasing: ends with an erasure that the audit trail was told of"
    return f"{table}: {'what was done is never changed' if table == 'audit_event' else SAID}"


def for_sqlite() -> Iterator[str]:
    """The triggers in SQLite's words."""
    for table, ways in ALLOWED.items():
        for event, allowed in zip(("UPDATE", "DELETE"), ways, strict=True):
            if table not in NEW:
                if allowed == NEVER:
                    continue
                yield f"DROP TRIGGER {table}_no_{event.lower()}"
            yield (
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                f"WHEN NOT ({allowed}) BEGIN SELECT RAISE(ABORT, '{said(table)}'); END"
            )
    yield (
        f"CREATE TRIGGER erasure_insert BEFORE INSERT ON erasure WHEN {_OUT_OF_ORDER} "
        f"BEGIN SELECT RAISE(ABORT, '{_ORDERED}'); END"
    )


def for_postgresql() -> Iterator[str]:
    """The same in PostgreSQL's, row by row; a table is still never emptied."""
    refuse = "USING ERRCODE = 'integrity_constraint_violation'"
    for table, (update, delete) in ALLOWED.items():
        refused = f"RAISE EXCEPTION '{said(table)}' {refuse}"
        yield (
            f"CREATE FUNCTION seventy_{table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'DELETE' THEN IF NOT ({delete}) THEN {refused}; END IF; RETURN OLD; END IF; "
            f"IF NOT ({update}) THEN {refused}; END IF; RETURN NEW; END $$"
        )
        if table not in NEW:
            yield f"DROP TRIGGER {table}_unchanged ON {table}"
        yield (
            f"CREATE TRIGGER {table}_unchanged BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION seventy_unchanged()"
        )
        yield (
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION seventy_{table}_kept()"
        )
    yield (
        "CREATE FUNCTION seventy_erasure() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {_OUT_OF_ORDER} THEN RAISE EXCEPTION '{_ORDERED}' {refuse}; END IF; RETURN NEW; END $$"
    )
    yield (
        "CREATE TRIGGER erasure_insert BEFORE INSERT ON erasure "
        "FOR EACH ROW EXECUTE FUNCTION seventy_erasure()"
    )
