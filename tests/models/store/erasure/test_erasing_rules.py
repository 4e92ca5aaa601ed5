"""The rules that nothing recorded is changed give way to an erasure, and to nobody by accident."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, text

from models.store.engine.database import writing
from models.store.engine.errors import RefusedError
from models.store.trail.audit_check import LEFT_OPEN, verify
from tests.support.databases import connected
from tests.support.tampering import tamper
from tests.support.two_people import everything, two_people


@pytest.fixture(name="two")
def _two(new_record: Callable[[], str]) -> Iterator[Engine]:
    with connected(new_record()) as engine:
        yield two_people(engine)


def run(engine: Engine, statements: tuple[str, ...]) -> None:
    with writing(engine) as connection:
        for statement in statements:
            connection.execute(text(statement))


PERMIT = "INSERT INTO erasing VALUES ({}, 0)"


@pytest.mark.parametrize(
    ("statements", "rule"),
    [
        ((PERMIT.format(1),), "erasing_never|FOREIGN KEY"),
        ((PERMIT.format(1), "DELETE FROM safety_alert WHERE assessment_id = 1"), "erasing_never|FOREIGN KEY"),
        ((PERMIT.format(1), "DELETE FROM erasing"), "ends with an erasure"),
        ((PERMIT.format(1), "DELETE FROM safety_alert WHERE assessment_id = 2"), "never changed"),
        ((PERMIT.format(1), "DELETE FROM infusion WHERE patient_id = 2"), "never changed"),
        ((PERMIT.format(1), "UPDATE item_score SET score = 3"), "never changed"),
        ((PERMIT.format(1), "UPDATE patient SET recorded_by = 'Eve' WHERE id = 1"), "never changed"),
        ((PERMIT.format(1), "UPDATE audit_event SET happened_by = 'Eve'"), "never changed"),
        ((PERMIT.format(1), "DELETE FROM audit_event"), "never changed"),
        (("INSERT INTO erasing VALUES (1, 1)",), "never"),
        (("UPDATE audit_event SET detail = '{}'",), "never changed"),
    ],
)
def test_the_rules_give_way_to_nobody_by_accident(
    two: Engine, statements: tuple[str, ...], rule: str
) -> None:
    before = everything(two)
    with pytest.raises(RefusedError, match=rule):
        run(two, statements)
    assert everything(two) == before


def test_a_permission_left_behind_the_rules_is_found(two: Engine) -> None:
    tamper(two, PERMIT.format(1))
    assert [finding.words for finding in verify(two).findings] == [LEFT_OPEN]
