"""Of a load, whose rows are digested together, the missing rows are named, and the way to a changed one."""

import pytest
from sqlalchemy import Engine

from models.store.audit_check import verify
from models.store.bulk import loading
from models.store.finding_words import COMPARE
from tests.models.store.test_audit_check import tamper, words
from tests.support.builders import BY, NOW, patient_facts

RECORDED = "recorded by Dr Roe on 2026-06-01 12:00 UTC (event 4)"
FIVES = ", ".join(f"patient {number}" for number in range(5, 55, 5))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM patient WHERE id = 37", "119 rows of 120 stand: patient 37 is missing."),
        (
            "DELETE FROM patient WHERE id IN (1, 36, 37, 120)",
            "116 rows of 120 stand: patient 1, patients 36 to 37, patient 120 are missing.",
        ),
        (
            "DELETE FROM patient WHERE id % 5 = 0",
            f"96 rows of 120 stand: {FIVES} are missing; 14 more gaps follow.",
        ),
        (
            "UPDATE patient SET mrn = 'X' WHERE id = 20",
            f"at least one of 120 rows was changed; {COMPARE}.",
        ),
    ],
)
def test_the_missing_rows_are_named_and_the_way_to_a_changed_one(
    engine: Engine, statement: str, said: str
) -> None:
    with loading(engine, by=BY, at=NOW) as load:
        load.patients([patient_facts(f"P{number}") for number in range(1, 121)])
    tamper(engine, statement)
    assert words(verify(engine)) == [f"Patients 1 to 120: {RECORDED}, {said}"]
