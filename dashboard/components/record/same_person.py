"""This is the same person as…: two records side by side, read as one from now on, or as two again."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

import streamlit as st

from dashboard import data, entries, merging
from dashboard.charts.words import on
from dashboard.components.forms.dialogs import dialog_button, open_dialog, show_if_open
from dashboard.components.forms.form import Form
from dashboard.components.forms.saving import is_confirmed, save_button
from dashboard.components.forms.words import SEX_LABELS
from dashboard.components.page.plain import cell, plain
from dashboard.components.record.correcting import ask_why
from dashboard.components.record.version_list import Chain
from dashboard.patients import PatientRecord
from models.store.record.history import History
from models.store.record.saving import Saved
from models.tables.facts import FactsError

LINK: Final = "merged_patient"
MERGE: Final = "Merge: it is one person"
TITLE: Final = "This is the same person as…"


def same_person_button(record: PatientRecord) -> None:
    """A button to the form in which another record is named that is this person's as well."""
    name = _name(record)
    dialog_button("Same person as…", name, icon="join_inner")
    show_if_open(name, TITLE, _ask_whose, record, width="medium")


def show_alike(record: PatientRecord) -> None:
    """Somebody has a number that reads the same: most likely one person, registered twice."""
    for number in data.reading_alike(record.person):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(
                f"No. {plain(number)} reads like No. {plain(record.person.mrn)}. Is it the same person?",
                icon=":material/join_inner:",
            )
            st.button(
                "Compare",
                key=f"compare with {number}",
                on_click=_compare,
                args=(record, number),
                type="tertiary",
            )


def show_links(record: PatientRecord, versions: History) -> None:
    """Every record that was said to be this person's, who said so and why, and the way to undo it."""
    links = sorted((one for one in versions if one.kind == LINK), key=lambda one: (one.entity_id, one.id))
    if not links:
        return
    chains = [list(chain) for _, chain in groupby(links, key=lambda one: one.entity_id)]
    standing = sum(not chain[-1].voided for chain in chains)
    with st.expander(f"Merged records ({standing})", icon=":material/join_inner:"):
        for chain in chains:
            _show(record, chain)


def _name(record: PatientRecord) -> str:
    return f"same person as {record.person.patient_id}"


def _compare(record: PatientRecord, number: str) -> None:
    Form(_name(record)).fill("number", number)
    open_dialog(_name(record))


def _ask_whose(record: PatientRecord) -> None:
    """The other number; then both records side by side, what does not agree, why, and *Merge*."""
    asked = Form(_name(record))
    typed = st.text_input(
        "The other number", key=asked.key("number"), autocomplete="off", persist_state="session"
    )
    if not typed:
        st.caption("Both records will be shown side by side before anything is saved.")
        return
    found = merging.numbered(typed)
    if len(found) != 1:
        alike = " and ".join(f"**{plain(number)}**" for _, number in found)
        nobody = f"Nobody has the number **{plain(typed)}**."
        st.markdown(f"{alike} read alike: type one exactly." if found else nobody)
        return
    (other_id, number), keep = found[0], record.person.patient_id
    other = data.patient(other_id)
    if other is None or merging.is_one_person(keep, other_id):
        st.markdown(f"No. **{plain(number)}** is this record already.")
        return
    _show_both(record, other)
    _ask_to_merge(record, other_id, number)


def _ask_to_merge(record: PatientRecord, retire: int, number: str) -> None:
    keep = record.person.patient_id
    form = Form(f"merge {retire} into {keep}")
    form.start_with("refusal", merging.disagreement(keep, retire))
    why = ask_why(
        form,
        f"Everything of No. {plain(number)} will be read as No. {plain(record.person.mrn)}'s. Nothing is "
        "moved: it keeps its number, your reason stays in the record, and it can be undone.",
    )

    def merge() -> Saved:
        shown = form.value("refusal")
        seen = shown.problems if isinstance(shown, FactsError) and is_confirmed(form) else ()
        return entries.merge(keep, retire, why=why, confirmed=seen, save_key=form.save_key)

    save_button(form, merge, under=st.container(), label=MERGE, so="It is one person all the same")


def _show_both(record: PatientRecord, other: PatientRecord) -> None:
    """Who each of them is and when they were treated."""
    st.table(
        {
            "": ["Name", "Born", "Sex", "Courses", "Infusions", "Scores"],
            f"No. {plain(record.person.numbers)}": list(_told(record)),
            f"No. {plain(other.person.numbers)}": list(_told(other)),
        },
        border="horizontal",
        hide_index=True,
    )


def _told(record: PatientRecord) -> Iterator[str]:
    person = record.person
    yield cell(" ".join(filter(None, (person.given_name, person.family_name)))) or "–"
    yield on(person.birth_date) if person.birth_date else "–"
    yield SEX_LABELS.get(person.sex or "", "–")
    yield "; ".join(_courses(record)) or "–"
    yield str(len(record.infusions))
    yield str(len(record.assessments))


def _courses(record: PatientRecord) -> Iterator[str]:
    for course in record.courses:
        given = [infusion.day for infusion in record.of_course(course.course_id)]
        last = max([*given, course.started_on, *filter(None, [course.ended_on])])
        yield on(course.started_on) if last == course.started_on else f"{on(course.started_on)} to {on(last)}"


def _show(record: PatientRecord, chain: Chain) -> None:
    made, last = chain[0], chain[-1]
    other_id = made.values["retired_id"]
    if other_id == record.person.patient_id:
        other_id = made.values["survivor_id"]
    number = f"No. {plain(merging.number_of(other_id))}"
    headline = f":gray[~~{number}~~]" if last.voided else f"**{number}**"
    told = [headline]
    for version, done in zip(chain, ("merged", "undone"), strict=False):
        day = on(data.local(version.recorded_at, None)[0])
        why = f"because “{plain(version.reason)}”"
        told.append(f":small[:gray[{done} by {plain(version.recorded_by)} on {day} {why}]]")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("  \n".join(told), width="content")
        if not last.voided:
            name = f"undo merge {last.id}"
            dialog_button("Undo", name, icon="undo")
            show_if_open(name, "They are two people", _undo, name, last.id, number)


def _undo(name: str, row_id: int, number: str) -> None:
    form = Form(name)
    why = ask_why(form, f"{number} stands for itself again, with everything recorded under it.")
    save_button(
        form,
        lambda: entries.undo_merge(row_id, why=why, save_key=form.save_key),
        under=st.container(),
        label="Undo the merge",
    )
