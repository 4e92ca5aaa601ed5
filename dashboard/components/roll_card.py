"""Every course begun, listed: in or out of the rate, and why; for whom may see names, with them."""

from typing import Final

import polars as pl
import streamlit as st

from dashboard import data
from dashboard.charts.words import whole
from dashboard.components.file_offer import offer_file
from dashboard.components.numbers import csv_of
from dashboard.components.role import Right, allowed
from dashboard.findings import Findings
from dashboard.readings import note_list
from dashboard.roll import roll, steps, words_of
from dashboard.shelf import File, Taken
from models.scales import Scale
from models.store.audit import Event
from models.store.listed import compact

MOST_SHOWN: Final = 500
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
    """An expander with the list; it is worked out once it is opened, for whoever may see single courses."""
    if not (allowed(Right.PATIENTS) or allowed(Right.NUMBERS)):
        return
    treated = found.answer.counts.treated
    title = f"List the {whole(treated)} courses: in or out, and why"
    expander = st.expander(title, icon=":material/list:", key="roll", on_change="rerun")
    if expander.open:
        with expander:
            _show(found, scale)


def _show(found: Findings, scale: Scale) -> None:
    question, named = found.answer.estimand, allowed(Right.PATIENTS)
    outcomes = data.outcomes(question.scale)
    rows = roll(outcomes, data.record().patients, question, scale, named=named)
    name = "list of courses with names" if named else "list of courses"
    whose = outcomes.filter(pl.col("course_id").is_in(rows["course"].implode()))["patient_id"].to_list()
    note_list(name, whose)
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
    names = {column: heading for column, heading in HEADINGS.items() if column in shown.columns}
    st.dataframe(
        shown.head(MOST_SHOWN).select(*names).rename(names).to_pandas(),
        hide_index=True,
        column_config={names["began"]: st.column_config.DateColumn(format="D MMM YYYY")},
        key="roll-table",
    )
    left = f" The first {whole(MOST_SHOWN)} are shown; the file has all." if shown.height > MOST_SHOWN else ""
    who = "" if named else " Names are for clinicians."
    st.caption(f"The rate is the sum of “Met” over the sum of “Counted”.{left}{who}")
    sentence, as_of = found.answer.sentence, found.answer.as_of

    def made() -> Taken:
        lines = rows.with_columns(question=pl.lit(sentence)).iter_rows(named=True)
        detail = {"courses": rows.height, "question": sentence, "patients": compact(whose)}
        return Taken(csv_of(lines), Event("export", name, detail=detail))

    rights = (Right.TAKE, Right.RATES, Right.PATIENTS) if named else (Right.TAKE, Right.NUMBERS)
    file = File(f"seventy-courses-{as_of.isoformat()}.csv", "text/csv", made, rights)
    offer_file("Download this list", file, key="download-roll")
