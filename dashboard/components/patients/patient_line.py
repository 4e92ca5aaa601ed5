"""Who a patient is beyond the name, so that nobody's score is written to somebody else."""

import streamlit as st

from dashboard.charts.words import on
from dashboard.components.page.plain import plain
from dashboard.components.patients.patient_search import choose_patient
from dashboard.patients import PatientRecord


def another_patient_button() -> None:
    """Back to the search."""
    st.button(
        "Another patient",
        type="tertiary",
        icon=":material/person_search:",
        on_click=choose_patient,
        args=(None,),
        key="another patient",
    )


def who(record: PatientRecord) -> str:
    """Who this is beyond the name: "No. 1043, born 12 Mar 1981. Course begun 12 Jan 2026, 8 infusions"."""
    person = record.person
    born = f", born {on(person.birth_date)}" if person.birth_date else ""
    marked = " Under 42 CFR Part 2." if person.part2 else ""
    return f"No. {plain(person.numbers)}{born}. {_treated(record)}{marked}"


def _treated(record: PatientRecord) -> str:
    if not record.infusions:
        return "No infusion yet."
    latest = record.infusions[-1].course_id
    course = next(each for each in record.courses if each.course_id == latest)
    given = record.of_course(latest)
    times = "1 infusion" if len(given) == 1 else f"{len(given)} infusions"
    which = f"Course {course.number}" if course.number and course.number > 1 else "Course"
    return f"{which} begun {on(course.started_on)}, {times}."
