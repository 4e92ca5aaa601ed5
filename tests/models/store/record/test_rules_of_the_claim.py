"""What the database itself refuses of claims, locks and looks, written in SQL past everything that checks."""

from typing import Any

import pytest
from sqlalchemy import Engine, text

from models.store.engine.database import reading, writing
from models.store.engine.errors import RefusedError
from models.store.record import write
from models.tables.columns import moment_number
from tests.support.builders import NOW, after

LATER = moment_number(after(60))


@pytest.fixture(name="recorded")
def _recorded(engine: Engine) -> Engine:
    """A record with one claim, one lock and one look; every id is 1."""
    write.note_look(engine, 1, as_of=NOW.date(), numerator=4, denominator=18, at=NOW)
    return engine


def insert(engine: Engine, table: str, **changes: Any) -> None:
    """Insert a row like the first one, but for these columns."""
    with writing(engine) as connection:
        found = connection.execute(text(f"SELECT * FROM {table} WHERE id = 1"))  # noqa: S608
        row = dict(found.mappings().one()) | {"id": 2} | changes
        places = ", ".join(f":{column}" for column in row)
        connection.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"), row)  # noqa: S608


@pytest.mark.parametrize(
    ("table", "column"), [("claim", "rate"), ("claim_lock", "reason"), ("claim_look", "looked_at")]
)
@pytest.mark.parametrize("way", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_what_is_recorded_of_the_claim_is_never_changed_or_deleted(
    recorded: Engine, table: str, column: str, way: str
) -> None:
    with (
        pytest.raises(RefusedError, match="what is recorded is never changed"),
        writing(recorded) as connection,
    ):
        connection.execute(text(way.format(table, column)))


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["claim", "claim_lock", "claim_look"])
def test_postgresql_refuses_to_empty_them(recorded: Engine, table: str) -> None:
    if recorded.dialect.name == "postgresql":
        with pytest.raises(RefusedError, match="never changed"), writing(recorded) as connection:
            connection.execute(text(f"TRUNCATE {table} CASCADE"))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"rate": 0.0}, "ck_claim_rate"),
        ({"rate": 1.0}, "ck_claim_rate"),
        ({"words": ""}, "words_said"),
        ({"source": ""}, "source_said"),
        ({"clinic_id": 7}, "clinic_id is the entity_id of a clinic"),
        ({"words": "70 % of people who have received ketamine infusions have found relief"}, "one current"),
        ({"recorded_at": 0}, "moments never go back"),
        ({"entity_id": 1}, "first_version"),
        ({"supersedes_id": 1, "entity_id": 1}, "ck_claim_reason"),
        ({"supersedes_id": 1, "entity_id": 1, "voided": True, "reason": "gone"}, "withdrawal_reason"),
        ({"supersedes_id": 1, "reason": "of another"}, "supersedes a row of its own entity"),
    ],
)
def test_a_claim_that_breaks_a_rule_is_refused(recorded: Engine, changes: dict[str, Any], rule: str) -> None:
    usual = {"entity_id": 2, "recorded_at": LATER, "words": "Another claim"}
    with pytest.raises(RefusedError, match=rule):
        insert(recorded, "claim", **usual | changes)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"reason": None}, "every lock after the first has a reason"),
        ({"reason": ""}, "reason_said"),
        ({"question": ""}, "question_said"),
        ({"question_hash": "abc"}, "ck_claim_lock_question_hash"),
        ({"locked_by": ""}, "locked_by_said"),
        ({"claim_id": 7}, "claim_id is the entity_id of a claim"),
        ({"id": 1}, "ids only grow"),
        ({"locked_at": 0}, "moments never go back"),
    ],
)
def test_a_lock_that_breaks_a_rule_is_refused(recorded: Engine, changes: dict[str, Any], rule: str) -> None:
    with pytest.raises(RefusedError, match=rule):
        insert(recorded, "claim_lock", **{"reason": "another", "locked_at": LATER} | changes)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"numerator": 19}, "ck_claim_look_numerator"),
        ({"numerator": -1}, "ck_claim_look_numerator"),
        ({"lock_id": 7, "numerator": 5}, "(?i)foreign key|fk_claim_look_lock_id"),
        ({}, "(?i)uq_claim_look|UNIQUE"),
        ({"id": 1}, "ids only grow"),
        ({"looked_at": 0}, "moments never go back"),
    ],
)
def test_a_look_that_breaks_a_rule_is_refused(recorded: Engine, changes: dict[str, Any], rule: str) -> None:
    with pytest.raises(RefusedError, match=rule):
        insert(recorded, "claim_look", **{"looked_at": LATER} | changes)


def test_a_lock_keeps_its_claim_through_corrections_but_not_a_later_version(recorded: Engine) -> None:
    correction = {"supersedes_id": 1, "entity_id": 1, "reason": "misread", "recorded_at": LATER, "rate": 0.5}
    insert(recorded, "claim", **correction)
    with pytest.raises(RefusedError, match="claim_id is the entity_id of a claim"):
        insert(recorded, "claim_lock", claim_id=2, reason="another", locked_at=LATER)
    with reading(recorded) as connection:
        assert connection.execute(text("SELECT claim_id FROM claim_lock")).scalars().all() == [1]
