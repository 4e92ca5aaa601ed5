"""The fields of a course, for one that begins and for a correction; and whether one begins."""

from datetime import date
from typing import Any, Final

import streamlit as st

from dashboard import data
from dashboard.charts.words import on
from dashboard.components.forms.choices import choose_name, choose_word, whole_number
from dashboard.components.forms.form import Form
from dashboard.patients import PatientRecord
from models.outcomes.question.vocabulary import Indication
from models.outcomes.question.windows import FAILED_TRIALS_OF_RESISTANCE
from models.outcomes.question.words import INDICATION_LABELS

INDICATIONS: Final = {
    str(indication): INDICATION_LABELS[indication]
    for indication in Indication
    if indication is not Indication.ANY
}
NARROWEST: Final = 190


def begins_course(form: Form, record: PatientRecord, day: date) -> bool:
    """Whether an infusion of that day opens a course: a first one does; after an end or a pause it may."""
    before = record.course_on(day)
    if before is None:
        st.subheader("A course begins", anchor=False)
        return True
    form.start_with("begins course", record.seems_over(before, day))
    return st.toggle(
        f"Begins a new course (the last one began on {on(before.started_on)})",
        key=form.key("begins course"),
        persist_state="session",
    )


def ask_course(form: Form, *, correcting: bool = False) -> dict[str, Any]:
    """Why somebody is treated, what is planned, what was tried before, by whom and where."""
    known = data.names()
    planned = None if correcting else data.clinic().planned_infusions
    with st.grid(3, min_column_width=NARROWEST):
        asked = {
            "indication": choose_word(
                form, "indication", "Treated for", INDICATIONS, str(Indication.DEPRESSION)
            ),
            "planned_infusions": whole_number(
                form, "planned_infusions", "Planned infusions", planned, width="stretch"
            ),
            "failed_trials_episode": whole_number(
                form, "failed_trials_episode", "Failed trials, this episode", width="stretch"
            ),
            "failed_trials_lifetime": whole_number(
                form, "failed_trials_lifetime", "Failed trials, in life", width="stretch"
            ),
            "clinician": choose_name(form, "course clinician", "Led by", known.clinicians),
            "site": choose_name(form, "site", "Site", known.sites),
        }
    st.caption(
        "A failed trial is an antidepressant that did not help at an adequate dose and for long enough. "
        f"{FAILED_TRIALS_OF_RESISTANCE} or more in this episode mean treatment-resistant; left empty it is "
        "unknown, and counted as unknown."
    )
    return asked
