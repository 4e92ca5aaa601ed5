"""Everything of one kind recorded of a patient, newest first, with what was corrected or withdrawn."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

import streamlit as st

from dashboard.components.page.plain import plain
from dashboard.components.record import version_words as words
from dashboard.components.record.correcting import correct_button, withdraw_button
from dashboard.components.record.named import named
from dashboard.entries import Kind
from dashboard.patients import PatientRecord
from models.store.record.history import History, Version

A_PAGE: Final = 12
LINE: Final = 440

Chain = list[Version]
"""The versions of one thing, oldest first."""


def show_versions(record: PatientRecord, kind: Kind, versions: History) -> None:
    """A line a row, with *Correct* and *Withdraw*; what was changed, by whom and why stands under it."""
    chains = chains_of(kind.name, versions)
    pages = -(-len(chains) // A_PAGE)
    shown = st.pagination(pages, key=f"page of {kind.name} of {record.person.patient_id}") if pages > 1 else 1
    numbers = numbers_of(versions)
    for chain in chains[(shown - 1) * A_PAGE : shown * A_PAGE]:
        whose = chain[-1].values["patient_id"]
        under = None if whose == record.person.patient_id else numbers.get(whose)
        _show(record, kind, chain, under)


def numbers_of(versions: History) -> dict[int, str]:
    """The number of each record that is this person's."""
    return {one.entity_id: one.values["mrn"] for one in versions if one.kind == "patient" and one.current}


def chains_of(kind: str, versions: History) -> list[Chain]:
    """The things of one kind, the newest first."""
    mine = sorted((one for one in versions if one.kind == kind), key=lambda one: (one.entity_id, one.id))
    chains = [list(chain) for _, chain in groupby(mine, key=lambda one: one.entity_id)]
    return sorted(chains, key=lambda chain: words.place_in_time(chain[-1]), reverse=True)


def first_totals(versions: History) -> dict[int, int]:
    """The total first typed of every assessment whose total was corrected."""
    chains = chains_of("assessment", versions)
    totals = {chain[0].entity_id: [one.values["total"] for one in chain] for chain in chains}
    return {entity: each[0] for entity, each in totals.items() if each[0] != each[-1]}


def _show(record: PatientRecord, kind: Kind, chain: Sequence[Version], under: str | None) -> None:
    last = chain[-1]
    headline = f":gray[~~{words.headline(last)}~~]" if last.voided else words.headline(last)
    recorded = f", recorded under No. {plain(under)}" if under else ""
    said = (f"{words.circumstances(last)}{recorded}", *words.changes(chain))
    notes = [f":small[:gray[{note}]]" for note in said]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("  \n".join([headline, *notes]), width=LINE)
        if not last.voided:
            with st.container(horizontal=True, width="content"):
                correct_button(record, kind, last.id)
                withdraw_button(kind, last.id, named(record, last))
