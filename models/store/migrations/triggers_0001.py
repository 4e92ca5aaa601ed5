"""What the database itself holds about the record, whoever writes: as revision 0001 made it, never edited.

A later revision that changes a rule brings a module of its own.

* Rows are inserted, never changed or deleted.
* Ids only grow and moments never go back: readers rely on it to see what is new.
* A version supersedes a row of its own entity that was not withdrawn; what refers to an entity refers to its
  first version.
* One current row has each natural key.
"""

from collections.abc import Iterator
from typing import NamedTuple


class Rule(NamedTuple):
    """A table, the entity its rows refer to, and what makes two of its rows the same thing."""

    table: str
    refers: tuple[str, str] | None
    key: tuple[str, ...]


RECORDED = (
    Rule("clinic", None, ()),
    Rule("patient", ("clinic", "clinic_id"), ("{}.clinic_id", "{}.mrn")),
    Rule("course", ("patient", "patient_id"), ("{}.patient_id", "{}.started_on")),
    Rule("infusion", ("patient", "patient_id"), ("{}.patient_id", "coalesce({}.given_at, {}.given_on)")),
    Rule(
        "assessment",
        ("patient", "patient_id"),
        ("{}.patient_id", "{}.scale", "coalesce({}.assessed_at, {}.assessed_on)"),
    ),
)
TABLES = (*(rule.table for rule in RECORDED), "item_score", "safety_alert")


def violations(rule: Rule) -> Iterator[tuple[str, str]]:
    """Each condition under which a new row is refused, and what is then said."""
    table = rule.table
    last = f"(SELECT {{}} FROM {table} ORDER BY id DESC LIMIT 1)"  # noqa: S608
    yield (
        f"NEW.id <= {last.format('id')} OR NEW.recorded_at < {last.format('recorded_at')}",
        f"{table}: ids only grow and moments never go back",
    )
    earlier = "earlier.id = NEW.supersedes_id AND earlier.entity_id = NEW.entity_id AND NOT earlier.voided"
    yield (
        f"NEW.supersedes_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {table} earlier WHERE {earlier})",  # noqa: S608
        f"{table}: a version supersedes a row of its own entity that was not withdrawn",
    )
    if rule.refers:
        entity, column = rule.refers
        yield (
            f"NOT EXISTS (SELECT 1 FROM {entity} e WHERE e.id = NEW.{column} AND e.entity_id = e.id)",  # noqa: S608
            f"{table}: {column} is the entity_id of a {entity}",
        )
    if rule.key:
        same = " AND ".join(f"{part.replace('{}', 'c')} = {part.replace('{}', 'NEW')}" for part in rule.key)
        another = "(NEW.supersedes_id IS NULL OR c.id <> NEW.supersedes_id)"
        current = f"NOT c.voided AND NOT EXISTS (SELECT 1 FROM {table} n WHERE n.supersedes_id = c.id)"  # noqa: S608
        yield (
            f"NOT NEW.voided AND EXISTS (SELECT 1 FROM {table} c WHERE {same} AND {another} AND {current})",  # noqa: S608
            f"{table}: one current row of its key",
        )


def for_sqlite() -> Iterator[str]:
    """The triggers in SQLite's words; one a table for inserts, which costs a million rows least."""
    for table in TABLES:
        for event in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} BEGIN "
                f"SELECT RAISE(ABORT, '{table}: what is recorded is never changed'); END"
            )
    for rule in RECORDED:
        cases = " ".join(f"WHEN {when} THEN RAISE(ABORT, '{said}')" for when, said in violations(rule))
        yield (
            f"CREATE TRIGGER {rule.table}_insert BEFORE INSERT ON {rule.table} BEGIN "
            f"SELECT CASE {cases} END; END"
        )


def for_postgresql() -> Iterator[str]:
    """The same in PostgreSQL's; a statement that inserts also takes the writers' turn."""
    refuse = "USING ERRCODE = 'integrity_constraint_violation'"
    yield (
        "CREATE FUNCTION seventy_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '%: what is recorded is never changed', TG_TABLE_NAME {refuse}; END $$"
    )
    yield (
        "CREATE FUNCTION seventy_turn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM pg_advisory_xact_lock(7070); RETURN NULL; END $$"
    )
    for table in TABLES:
        yield (
            f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION seventy_unchanged()"
        )
    for rule in RECORDED:
        table = rule.table
        checks = " ".join(
            f"IF {when} THEN RAISE EXCEPTION '{said}' {refuse}; END IF;" for when, said in violations(rule)
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
