"""Clinic: everyone treated, whom to score now, why people stopped, clinicians beside chance."""

from dataclasses import replace

import streamlit as st

from dashboard import data
from dashboard.components.clinic.clinic_counts import show_standings, show_windows
from dashboard.components.clinic.clinic_head import show_head
from dashboard.components.clinic.course_list import show_waiting
from dashboard.components.clinic.patient_list import show_patients
from dashboard.components.clinic.stopped import show_stopped
from dashboard.components.clinic.units_card import show_units
from dashboard.components.page.empty_state import Nothing, show_empty
from dashboard.components.page.role import Right, allowed, need
from dashboard.components.page.withheld import say_withheld
from dashboard.components.question.estimand_picker import askable, asked
from dashboard.components.question.other_scales import show_other_scales
from dashboard.readings import note_list
from dashboard.worklist import patient_rows, waiting
from models.outcomes.answers.comparison import by_clinician
from models.outcomes.answers.followup import why_stopped

NOBODY = Nothing(
    "No patients yet",
    "Everyone who is recorded stands here, with what was last scored.",
    "No one recorded",
    "The first infusion and the score before it begin a course.",
)


def show() -> None:
    """The patients or their counts, what is still to be done, and what became of those who left."""
    need(Right.RATES, Right.PATIENTS)
    record, scales = data.record(), data.scales()
    if record.patients.is_empty():
        show_empty(NOBODY)
        return
    one_by_one = allowed(Right.PATIENTS)
    if one_by_one:
        note_list("list of patients", record.patients["patient_id"])
    question = asked(scales)
    scale, outcomes = scales[question.scale], data.outcomes(question.scale)
    rows = patient_rows(record.patients, record.assessments, outcomes, question, scale)
    to_score = waiting(record.patients, outcomes, question, scale, data.today())
    if rows["score"].is_null().all():
        show_other_scales(record.assessments, scale, askable(scales))
    show_head(rows, to_score, data.findings(question, one_by_one=one_by_one))
    if one_by_one:
        show_patients(rows, question, scale)
    else:
        say_withheld()
    pair = st.grid(2, min_column_width=340, gap="large")
    with pair.container():
        if one_by_one:
            show_waiting(to_score, scale.name)
        else:
            show_windows(to_score, scale.name)
            show_standings(rows, question, scale)
    with pair.container():
        show_stopped(why_stopped(outcomes))
    everyone = replace(question, clinician=None)
    compared, claimed = by_clinician(outcomes, everyone, scale), data.ledger().claim.rate
    show_units(compared, everyone.sentence(scale), claimed)
