"""Every course begun, listed: in or out of the rate, and why; for whoever may see patients."""

from typing import Final

import polars as pl
import streamlit as st

from dashboard import data
from dashboard.charts.words import whole
from dashboard.components.page.file_offer import offer_file
from dashboard.components.page.numbers import as_copied, csv_of
from dashboard.components.page.role import Right
from dashboard.findings import Findings
from dashboard.readings import note_list
from dashboard.roll import roll, steps, words_of
from dashboard.shelf import File, Taken
from models.exchange.leaving.part2 import notice_of
from models.scales import Scale
from models.store.audit.events import Event
from models.store.trail.listed import compact

MOST_SHOWN: Final = 500
LISTED: Final = "list of courses with names"
"""What the trail calls it, read or taken."""
HEADINGS: Final = {
    "course": "Course",
    "began": "Began",
    "number": "No.",
    "name": "Patient",
    "why": "Where it stands",
    "baseline": "Baseline",
    "endpoint": "Endpoint",
    "counted": "Counted",
    "met": "Met",
}


def show_roll(found: Findings, scale: Scale) -> None:
    """An expander with the list; it is worked out once it is opened."""
    treated = found.answer.counts.treated
    many = "one course" if treated == 1 else f"{whole(treated)} courses"
    title = f"List the {many}: in or out, and why"
    expander = st.expander(title, icon=":material/list:", key="roll", on_change="rerun")
    if expander.open:
        with expander:
            _show(found, scale)


def _show(found: Findings, scale: Scale) -> None:
    question = found.answer.estimand
    outcomes = data.outcomes(question.scale)
    record = data.record()
    rows = roll(outcomes, record.patients, question, scale)
    whose = outcomes.filter(pl.col("course_id").is_in(rows["course"].implode()))["patient_id"].to_list()
    note_list(LISTED, whose)
    counts = steps(rows)
    chosen = st.pills(
        "Step",
        [*counts],
        selection_mode="multi",
        format_func=lambda standing: f"{words_of(standing)} {whole(counts[standing])}",
        wrap=True,
        label_visibility="collapsed",
        key="roll-steps",
    )
    shown = rows.filter(pl.col("standing").is_in(chosen)) if chosen else rows
    listed = shown.head(MOST_SHOWN).select(*HEADINGS).with_columns(as_copied(pl.col("number", "name")))
    st.dataframe(
        listed.rename(HEADINGS).to_pandas(),
        hide_index=True,
        column_config={HEADINGS["began"]: st.column_config.DateColumn(format="D MMM YYYY")},
        key="roll-table",
    )
    left = f" The first {whole(MOST_SHOWN)} are shown; the file has all." if shown.height > MOST_SHOWN else ""
    st.caption(f"The rate is the sum of “Met” over the sum of “Counted”.{left}")
    sentence, as_of = found.answer.sentence, found.answer.as_of

    def made() -> Taken:
        lines = rows.with_columns(question=pl.lit(sentence)).iter_rows(named=True)
        detail = {"courses": rows.height, "question": sentence, "patients": compact(whose)}
        return Taken(csv_of(lines), Event("export", LISTED, detail=detail))

    rights = (Right.TAKE, Right.RATES, Right.PATIENTS)
    file = File(f"seventy-courses-{as_of.isoformat()}.csv", "text/csv", made, rights)
    offer_file("Download this list", file, key="download-roll")
    if notice := notice_of(record, whose):
        st.caption(notice)
