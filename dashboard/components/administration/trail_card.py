"""The parts of the auditor's page: is the trail whole, which events, and each of them in full."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import pandas as pd
import streamlit as st

from dashboard import audited, data, merging, trail
from dashboard.charts.words import at as clock
from dashboard.charts.words import on, people
from dashboard.components.forms.when import DATES
from dashboard.components.page.file_offer import offer_file
from dashboard.components.page.plain import plain
from dashboard.components.page.role import Right
from dashboard.readings import note_list
from dashboard.shelf import File
from models.exchange.leaving.part2 import notice_of
from models.exchange.sheets.formulas import inert
from models.store.trail.audit_check import Verification
from models.store.trail.entries import Entry, Wanted

MOST: Final = 500
"""Events on the page; a file holds all that are wanted."""

LISTED: Final = 20
LINES_READ: Final = "lines of the audit trail"
"""What the trail calls a look at itself, of whoever stands in it."""
FIRST_SHOWN: Final = timedelta(days=7)
EVERYBODY: Final = "Everybody"
EVERYTHING: Final = "Everything"


def show_verdict() -> None:
    """One line when all is as it was written, or what is not; when that was seen, and what came since."""
    line = st.container()
    again = st.button("Check again", key="audit-check", icon=":material/fact_check:", type="tertiary")
    with line:
        found, at = data.proof(anew=again)
        _say(found, at, audited.count() - found.events)


def wanted() -> Wanted:
    """The filters: from one day to another, a person, an action, a patient."""
    people, actions = audited.known()
    today = data.today()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = st.date_input("From", today - FIRST_SHOWN, format=DATES, key="audit-first")
        last = st.date_input("To", today, format=DATES, key="audit-last")
        by = st.selectbox("Who", [EVERYBODY, *people], key="audit-by")
        action = st.selectbox(
            "Did", [EVERYTHING, *actions], key="audit-action", format_func=lambda word: word.replace("_", " ")
        )
        number = st.text_input("Patient number", key="audit-patient").strip()
    having = merging.numbered(number) if number else []
    if number and not having:
        st.warning(f"No patient has the number {plain(number)}; events of everybody are shown.")
    patient = having[0][0] if having else None
    since, until = trail.days(first, last, data.zone())
    return Wanted(
        since, until, None if by == EVERYBODY else by, None if action == EVERYTHING else action, patient
    )


def show_entries(found: Sequence[Entry]) -> None:
    """A line each, and the one that is chosen in full."""
    note_list(LINES_READ, (entry.patient_id for entry in found[:MOST] if entry.patient_id is not None))
    lines = pd.DataFrame([trail.line_of(entry, data.zone()) for entry in found[:MOST]], columns=trail.LINE)
    numbers = dict(data.record().everyone.select("patient_id", "mrn").iter_rows())
    lines["Patient"] = [numbers.get(entry.patient_id, "") for entry in found[:MOST]]
    lines = lines.map(lambda cell: inert(cell) if isinstance(cell, str) else cell)
    chosen = st.dataframe(
        lines, hide_index=True, on_select="rerun", selection_mode="single-cell", key="audit-lines"
    )
    if len(found) > MOST:
        st.caption(f"The newest {MOST} are shown; narrow it down, or take all of them as a file.")
    for place, _ in chosen["selection"]["cells"]:
        if place < len(found):
            show_whole(found[place])


def offer_trail(asked: Wanted) -> None:
    """All that is asked for as CSV; taking it is an event."""
    name = f"audit-{data.today()}.csv"
    file = File(name, "text/csv", audited.file_of(asked), (Right.TAKE, Right.AUDIT))
    offer_file("Take as a file", file, key="audit-file")
    if notice := notice_of(data.record()):
        st.caption(notice)


def show_whole(entry: Entry) -> None:
    """What an event tells: before and after beside each other, and all of it as it is kept."""
    with st.container(border=True):
        where = f" from {plain(entry.address)}" if entry.address else ""
        what = plain(" ".join(filter(None, (entry.action.replace("_", " "), entry.subject))))
        when = trail.line_of(entry, data.zone())[1]
        st.markdown(f"**Event {entry.number}**: {what} by {plain(entry.by)}{where}, {when}")
        changes = [
            {"": name, "before": _cell(before), "after": _cell(after)}
            for name, before, after in trail.compared(entry.detail)
            if (before, after) != (None, None)
        ]
        if changes:
            st.dataframe(pd.DataFrame(changes), hide_index=True, key="audit-change")
        with st.expander("As it is kept", icon=":material/data_object:"):
            kept = trail.as_kept(entry.detail)
            if isinstance(kept, str):
                st.code(kept, language=None)
            else:
                st.json(kept)


def _cell(value: object) -> str:
    return "" if value is None else inert(value) if isinstance(value, str) else str(value)


def _say(found: Verification, at: datetime, later: int) -> None:
    """What was found at a moment, before `later` more events."""
    moment = at.astimezone(data.zone())
    checked = f"{on(moment.date())} at {clock(moment.time())}"
    if found.is_well:
        all_of_it = f"{found.events:,} events, and every row they tell of."
        if later > 0:
            came = "1 event came since and is" if later == 1 else f"{later:,} events came since and are"
            st.info(
                f"All was as it was recorded on {checked}: {all_of_it} {came} not checked yet.",
                icon=":material/update:",
            )
        else:
            st.info(
                f"All is as it was recorded, checked on {checked}: {all_of_it}", icon=":material/verified:"
            )
        if found.erasures:
            st.caption(
                f"{people(len(found.erasures))} erased since the record began: their rows, and what the "
                "trail told of them, are gone with a trace. Choose *erasure* under *Did*."
            )
        return
    st.error(
        f"Not everything is as it was recorded, checked on {checked}. "
        "Change nothing, and show this to whoever answers for it:\n\n"
        + "\n".join(f"- {plain(finding.words)}" for finding in found.findings[:LISTED]),
        icon=":material/gpp_bad:",
    )
    if len(found.findings) > LISTED:
        st.caption(f"{len(found.findings) - LISTED:,} more: `seventy verify` names them.")
