"""How the clinic stands, in one line and four numbers."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from dashboard.charts.words import NBSP, on, people, whole
from dashboard.components.clinic.course_list import days_left
from dashboard.findings import Findings
from dashboard.worklist import Waiting


def show_head(rows: pl.DataFrame, waiting: Sequence[Waiting], found: Findings) -> None:
    """Title and metrics: who is in induction, whom to score now, what is pending and what is missing."""
    induction = int(rows["in_progress"].sum())
    counts = found.answer.counts
    st.title(title(induction, len(waiting)), anchor=False)
    tiles = (
        ("In induction", induction, f"of {people(rows.height)}"),
        ("To score now", len(waiting), days_left(waiting[0].days_left) if waiting else "no window waits"),
        (
            "Pending",
            counts.pending,
            f"next {on(found.closing.first)}" if found.closing else "none open",
        ),
        ("Not scored in time", counts.missing, f"of {whole(counts.counted)} closed"),
    )
    pairs = st.grid(2, min_column_width=300)
    for pair in (tiles[:2], tiles[2:]):  # two and two where four find no room
        with pairs.container(), st.grid(2, min_column_width=140):
            for label, value, remark in pair:
                st.metric(label, whole(value), remark, border=True, delta_color="off", delta_arrow="off")


def title(induction: int, to_score: int) -> str:
    """`12 people in induction, 6 to score now`."""
    first = f"{people(induction)} in induction" if induction else "No one in induction"
    second = f"{whole(to_score) if to_score else 'no one'} to score now".replace(" ", NBSP)
    return f"{first}, {second}"
