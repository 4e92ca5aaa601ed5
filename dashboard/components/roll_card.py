"""Every course begun, listed: in or out of the rate, and why; for whom may see names, with them."""

from typing import Final

import polars as pl
import streamlit as st

from dashboard import data
from dashboard.charts.words import whole
from dashboard.components.numbers import csv_of
from dashboard.components.role import Right, allowed, me
from dashboard.findings import Findings
from dashboard.readings import note_export
from dashboard.roll import roll, steps, words_of
from models.scales import Scale

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
    """An expander with the list; it is worked out once it is opened."""
    treated = found.answer.counts.treated
    title = f"List the {whole(treated)} courses: in or out, and why"
    expander = st.expander(title, icon=":material/list:", key="roll", on_change="rerun")
    if expander.open:
        with expander:
            _show(found, scale)


def _show(found: Findings, scale: Scale) -> None:
    question, named = found.answer.estimand, allowed(Right.PATIENTS)
    rows = roll(data.outcomes(question.scale), data.record().patients, question, scale, named=named)
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
    by = me().username

    def taken() -> bytes:
        note_export("list of courses with names" if named else "list of courses", by)
        return csv_of(rows.with_columns(question=pl.lit(found.answer.sentence)).iter_rows(named=True))

    st.download_button(
        "Download this list",
        taken,
        f"seventy-courses-{found.answer.as_of.isoformat()}.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="download-roll",
    )
