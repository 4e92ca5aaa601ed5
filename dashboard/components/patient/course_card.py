"""What is known of a course, and the ways to complete it: its details, a correction, its end."""

from collections.abc import Iterator, Sequence
from typing import Final

import streamlit as st

from dashboard import data, entries
from dashboard.charts.words import on
from dashboard.components.forms.choices import choose_word
from dashboard.components.forms.course_fields import ask_course
from dashboard.components.forms.dialogs import dialog_button, show_if_open
from dashboard.components.forms.form import Form
from dashboard.components.forms.saving import save_button
from dashboard.components.forms.when import ask_day
from dashboard.components.forms.words import END_REASON_LABELS
from dashboard.components.page.plain import plain
from dashboard.components.record.correcting import correct_button, withdraw_button
from dashboard.components.record.named import named
from dashboard.patients import Course, Infusion, PatientRecord
from models.outcomes.question.vocabulary import Indication
from models.outcomes.question.windows import FAILED_TRIALS_OF_RESISTANCE, PLANNED_WHEN_UNKNOWN
from models.outcomes.question.words import INDICATION_LABELS
from models.store.record.history import History, Version

ENDED: Final = "the course ended"


def show_course(record: PatientRecord, course: Course, versions: History) -> None:
    """The course in sentences; one nobody recorded can be given its details."""
    st.markdown("**The course**")
    st.markdown(" ".join(sentences(course, record.of_course(course.course_id))))
    stored = next((one for one in versions if _is_of(one, course)), None)
    with st.container(horizontal=True):
        if stored is None:
            name = f"details of course {course.course_id}"
            dialog_button("Add its details", name, icon="edit_note", quiet=False)
            show_if_open(name, "Details of the course", _add_details, name, record, course, width="medium")
            return
        correct_button(record, entries.COURSE, stored.id)
        withdraw_button(entries.COURSE, stored.id, named(record, stored), "Withdraw it")
        if course.ended_on is None:
            end = f"end of course {course.course_id}"
            dialog_button("End it", end, icon="stop_circle")
            show_if_open(end, "End the course", _end, end, stored)


def _is_of(version: Version, course: Course) -> bool:
    return version.kind == entries.COURSE.name and version.entity_id == course.course_id and version.current


def sentences(course: Course, given: Sequence[Infusion] = ()) -> Iterator[str]:
    """What is known of the course, a sentence a fact; `given` are its infusions, the first one first.

    Days are counted from the first infusion, which is on another day than the start that was recorded where
    one was withdrawn, corrected, or never recorded.
    """
    if not course.is_recorded:
        yield f"Nobody recorded it: its infusions say that it began on {on(course.started_on)}."
        return
    yield f"Begun on {on(course.started_on)}, for {_lower(INDICATION_LABELS[Indication(course.indication)])}."
    if given and given[0].day != course.started_on:
        yield f"The first infusion, from which days are counted, was on {on(given[0].day)}."
    planned = course.planned_infusions
    yield (
        f"{planned} infusion{'' if planned == 1 else 's'} planned."
        if planned
        else f"No plan recorded: {PLANNED_WHEN_UNKNOWN} are assumed."
    )
    yield _resistance(course)
    if led := " at ".join(plain(name) for name in (course.clinician, course.site) if name):
        yield f"Led by {led}." if course.clinician else f"At {led}."
    if course.ended_on is not None:
        reason = f": {_lower(END_REASON_LABELS[course.end_reason])}" if course.end_reason else ""
        yield f"Ended on {on(course.ended_on)}{reason}."


def _lower(label: str) -> str:
    """A label inside a sentence; abbreviations stay."""
    return label if label.isupper() else f"{label[0].lower()}{label[1:]}"


def _resistance(course: Course) -> str:
    failed = course.failed_trials_episode
    if failed is None:
        return "How many trials failed in this episode is not recorded, so treatment resistance is unknown."
    times = "1 failed trial" if failed == 1 else f"{failed} failed trials"
    resistant = "treatment-resistant" if failed >= FAILED_TRIALS_OF_RESISTANCE else "not treatment-resistant"
    return f"{times} in this episode: {resistant}."


def _add_details(name: str, record: PatientRecord, course: Course) -> None:
    form = Form(name)
    known = {"patient_id": record.person.patient_id, "started_on": course.started_on}
    asked = ask_course(form)
    save_button(
        form,
        lambda: entries.store(entries.COURSE, {**known, **asked}, save_key=form.save_key),
        under=st.container(),
    )


def _end(name: str, stored: Version) -> None:
    form = Form(name)
    ended_on = ask_day(form, "ended_on", "Ended on", data.today())
    reason = choose_word(form, "end_reason", "Why it ended", END_REASON_LABELS, None)
    values = {**stored.values, "ended_on": ended_on, "end_reason": reason}
    save_button(
        form,
        lambda: entries.correct(entries.COURSE, stored.id, values, why=ENDED, save_key=form.save_key),
        under=st.container(),
        label="End it",
    )
