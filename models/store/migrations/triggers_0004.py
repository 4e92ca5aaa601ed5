"""What the database itself holds about merged patients: as revision 0004 made it, never edited.

Links obey the rules of everything recorded (`triggers_0001`): one current link retires a patient. Besides,
links make no chain: who is kept under another keeps nobody, and who keeps somebody is not retired. Undoing a
link names the same two.
"""

from collections.abc import Iterator

from models.store.migrations import triggers_0001

TABLE = "merged_patient"
LINK = triggers_0001.Rule(TABLE, ("patient", "survivor_id"), ("{}.retired_id",))
RETIRED = triggers_0001.Rule(TABLE, ("patient", "retired_id"), ())


def violations() -> Iterator[tuple[str, str]]:
    """Each condition under which a new row is refused, and what is then said."""
    yield from triggers_0001.violations(LINK)
    yield from (each for each in triggers_0001.violations(RETIRED) if "retired_id is" in each[1])
    current = f"NOT c.voided AND NOT EXISTS (SELECT 1 FROM {TABLE} n WHERE n.supersedes_id = c.id)"  # noqa: S608
    chained = "(c.retired_id = NEW.survivor_id OR c.survivor_id = NEW.retired_id)"
    yield (
        f"NOT NEW.voided AND EXISTS (SELECT 1 FROM {TABLE} c WHERE {chained} AND {current})",  # noqa: S608
        f"{TABLE}: who is kept under another keeps nobody",
    )
    same = "e.id = NEW.supersedes_id AND e.survivor_id = NEW.survivor_id AND e.retired_id = NEW.retired_id"
    yield (
        f"NEW.supersedes_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {TABLE} e WHERE {same})",  # noqa: S608
        f"{TABLE}: undoing a link names the same two",
    )


def for_sqlite() -> Iterator[str]:
    """The triggers in SQLite's words."""
    for event in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER {TABLE}_no_{event.lower()} BEFORE {event} ON {TABLE} BEGIN "
            f"SELECT RAISE(ABORT, '{TABLE}: what is recorded is never changed'); END"
        )
    cases = " ".join(f"WHEN {when} THEN RAISE(ABORT, '{said}')" for when, said in violations())
    yield f"CREATE TRIGGER {TABLE}_insert BEFORE INSERT ON {TABLE} BEGIN SELECT CASE {cases} END; END"


def for_postgresql() -> Iterator[str]:
    """The same in PostgreSQL's, with the functions revision 0001 made for what all tables share."""
    refuse = "USING ERRCODE = 'integrity_constraint_violation'"
    checks = " ".join(
        f"IF {when} THEN RAISE EXCEPTION '{said}' {refuse}; END IF;" for when, said in violations()
    )
    yield (
        f"CREATE TRIGGER {TABLE}_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION seventy_unchanged()"
    )
    yield (
        f"CREATE FUNCTION seventy_{TABLE}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {checks} RETURN NEW; END $$"
    )
    yield (
        f"CREATE TRIGGER {TABLE}_turn BEFORE INSERT ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION seventy_turn()"
    )
    yield (
        f"CREATE TRIGGER {TABLE}_insert BEFORE INSERT ON {TABLE} "
        f"FOR EACH ROW EXECUTE FUNCTION seventy_{TABLE}()"
    )
