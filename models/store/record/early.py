"""Infusions before every recorded course of their patient: each opens a course of its own, which comes first.

One mistyped day does that, so a form asks for it to be confirmed, and an import names it.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from models.store.engine.asking import ask
from models.store.engine.lookup import among, current
from models.store.record.adding import Adding
from models.store.record.merges import people
from models.tables.columns import day_of
from models.tables.facts import InfusionFacts


class Early(NamedTuple):
    """The day of such an infusion, and the day the first course starts."""

    day: date
    first_course_on: date


def early(writer: Adding, facts: Sequence[InfusionFacts]) -> dict[int, Early]:
    """By their place, those of some infusions that are early and nobody confirmed."""
    asked = {place: one for place, one in enumerate(facts) if not one.confirmed}
    starts = _first_courses(writer, {one.patient_id for one in asked.values()})
    found = {}
    for place, one in asked.items():
        first = starts.get(writer.links.get(one.patient_id, one.patient_id))
        if first is not None:
            for _, _, day in one.days(writer.zone):
                if day < first:
                    found[place] = Early(day, first)
    return found


def _first_courses(writer: Adding, patient_ids: set[int]) -> dict[int, date]:
    """The day the first course of each of these persons starts, by the patient they are read as."""
    whose, bound = among(writer.connection, "c.patient_id", people(writer.links, patient_ids))
    sql = (
        "SELECT c.patient_id, min(c.started_on) FROM course c "  # noqa: S608
        f"WHERE {whose} AND {current('course')} GROUP BY c.patient_id"
    )
    starts: dict[int, date] = {}
    for patient_id, day in ask(writer.connection, sql, patient_id=bound):
        person, first = writer.links.get(patient_id, patient_id), day_of(day)
        starts[person] = min(first, starts.get(person, first))
    return starts
