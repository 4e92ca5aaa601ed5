"""Two people of whom everything is recorded, in turn and in one load with others; and all a record holds."""

from datetime import date
from typing import Any, Final

from sqlalchemy import Engine

from models.store.engine.database import reading
from models.store.record import write
from models.store.record.bulk import loading
from models.store.rows.digests import TABLES
from tests.support.builders import (
    BY,
    NOW,
    after,
    course_facts,
    infusion_facts,
    patient_facts,
    phq9_facts,
    record_patient,
    score_facts,
)

CANARIES: Final = ("Zephyrine", "Xanthippe", "Wuthering", "Quokkanumber")
"""Of the first of them; *Wuthering* is also the site of the second one's course."""


def two_people(engine: Engine) -> Engine:
    """Two people, 1 and 2, recorded in turn and corrected; 4 and 5 in one load, with more of 1 and 2."""
    one = record_patient(
        engine, "Quokkanumber", given_name="Zephyrine", family_name="Xanthippe", birth_date=date(1980, 1, 2)
    )
    two = record_patient(engine, "B2", given_name="Ruth")
    for who in (one, two):
        write.open_course(engine, course_facts(who, site="Wuthering"), infusion_facts(who, 0), by=BY, at=NOW)
        write.record_assessment(engine, phq9_facts(who, item_9=2, day=-1), by=BY, at=NOW)
    changed = patient_facts("Quokkanumber", given_name="Zephyrine", family_name="Wuthering")
    write.correct_patient(engine, one, changed, by=BY, at=after(1), why="Xanthippe is married")
    write.correct_assessment(engine, 1, phq9_facts(one, item_9=1, day=-1), by=BY, at=after(2), why="misread")
    write.void_infusion(engine, 1, by=BY, at=after(3), why="Zephyrine was at home")
    with loading(engine, by=BY, at=after(4)) as load:
        people = load.patients([patient_facts("C3"), patient_facts("D4")])
        assert people.ids == [4, 5]
        load.assessments([score_facts(who, 9, day=20) for who in (4, one, two, 5)])
    return engine


def rows_of(engine: Engine, table: str) -> list[tuple[Any, ...]]:
    with reading(engine) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1, 2")]  # noqa: S608


def everything(engine: Engine) -> str:
    return repr([rows_of(engine, table) for table in (*TABLES, "erasing", "audit_event")])
