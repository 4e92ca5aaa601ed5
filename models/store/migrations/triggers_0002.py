"""What the database itself holds about claims, locks and looks: as revision 0002 made it, never edited.

Claims obey the rules of everything recorded (`triggers_0001`). Locks and looks are inserted, never changed or
deleted; their ids only grow and their moments never go back; every lock but the first says why; one that is
about a claim refers to its first version.
"""

from collections.abc import Iterator

from models.store.migrations import triggers_0001

TABLES = ("claim", "claim_lock", "claim_look")
CLAIM = triggers_0001.Rule("claim", ("clinic", "clinic_id"), ("{}.clinic_id", "{}.words"))


def violations(table: str) -> Iterator[tuple[str, str]]:
    """Each condition under which a new row is refused, and what is then said."""
    if table == "claim":
        yield from triggers_0001.violations(CLAIM)
        return
    moment = {"claim_lock": "locked_at", "claim_look": "looked_at"}[table]
    last = f"(SELECT {{}} FROM {table} ORDER BY id DESC LIMIT 1)"  # noqa: S608
    yield (
        f"NEW.id <= {last.format('id')} OR NEW.{moment} < {last.format(moment)}",
        f"{table}: ids only grow and moments never go back",
    )
    if table == "claim_lock":
        yield (
            "NEW.reason IS NULL AND EXISTS (SELECT 1 FROM claim_lock)",
            "claim_lock: every lock after the first has a reason",
        )
        entity = "SELECT 1 FROM claim e WHERE e.id = NEW.claim_id AND e.entity_id = e.id"
        yield (
            f"NEW.claim_id IS NOT NULL AND NOT EXISTS ({entity})",
            "claim_lock: claim_id is the entity_id of a claim",
        )


def for_sqlite() -> Iterator[str]:
    """The triggers in SQLite's words."""
    for table in TABLES:
        for event in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} BEGIN "
                f"SELECT RAISE(ABORT, '{table}: what is recorded is never changed'); END"
            )
        cases = " ".join(f"WHEN {when} THEN RAISE(ABORT, '{said}')" for when, said in violations(table))
        yield f"CREATE TRIGGER {table}_insert BEFORE INSERT ON {table} BEGIN SELECT CASE {cases} END; END"


def for_postgresql() -> Iterator[str]:
    """The same in PostgreSQL's, with the functions revision 0001 made for what all tables share."""
    refuse = "USING ERRCODE = 'integrity_constraint_violation'"
    for table in TABLES:
        checks = " ".join(
            f"IF {when} THEN RAISE EXCEPTION '{said}' {refuse}; END IF;" for when, said in violations(table)
        )
        yield (
            f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION seventy_unchanged()"
        )
        yield (
            f"CREATE FUNCTION seventy_{table}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {checks} RETURN NEW; END $$"
        )
        yield (
            f"CREATE TRIGGER {table}_turn BEFORE INSERT ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION seventy_turn()"
        )
        yield (
            f"CREATE TRIGGER {table}_insert BEFORE INSERT ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION seventy_{table}()"
        )
