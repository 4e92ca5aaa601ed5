"""Of the clinic, for whoever reads counts alone: whose windows are open, and where everybody stands."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import pandas as pd
import polars as pl
import streamlit as st

from dashboard.charts.words import people, whole
from dashboard.components.clinic.course_list import title, what_counts
from dashboard.components.clinic.patient_list import about, state_words
from dashboard.worklist import Waiting
from models.outcomes.question.estimand import Estimand
from models.scales import Scale

SPANS: Final = ((0, "Last day today"), (7, "1 to 7 days left"), (14, "8 to 14 days left"))
LATER: Final = "More than 14 days left"
"""Until when a score still counts: up to so many days, in words."""


def show_windows(waiting: Sequence[Waiting], scale_name: str) -> None:
    """How many windows are open without a score, and for how long."""
    st.subheader(title(waiting), anchor=False)
    if not waiting:
        st.caption("Whenever a window opens without a score in it, it is counted here.")
        return
    st.caption(what_counts(scale_name))
    st.table(by_days_left(waiting), border="horizontal", hide_index=True)


def show_standings(rows: pl.DataFrame, question: Estimand, scale: Scale) -> None:
    """How many people stand where, each by their latest course."""
    st.subheader(f"Where {people(rows.height)} stand{'s' if rows.height == 1 else ''}", anchor=False)
    st.caption(f"Status of the latest course: {about(question, scale)}.")
    st.table(standings(rows, question, scale), border="horizontal", hide_index=True)


def by_days_left(waiting: Sequence[Waiting]) -> pd.DataFrame:
    """Open windows by the time that is left, the soonest first; spans with none are left out."""
    found = Counter(next((words for most, words in SPANS if one.days_left <= most), LATER) for one in waiting)
    spans = [words for words in (*(words for _, words in SPANS), LATER) if words in found]
    return pd.DataFrame({"Still counts": spans, "Courses": [whole(found[words]) for words in spans]})


def standings(rows: pl.DataFrame, question: Estimand, scale: Scale) -> pd.DataFrame:
    """People by status, in the order of its words; one that nobody has is left out."""
    found, words = Counter(rows["state"]), state_words(question, scale)
    there = [state for state in words if state in found]
    return pd.DataFrame(
        {"Status": [words[state] for state in there], "People": [whole(found[state]) for state in there]}
    )
