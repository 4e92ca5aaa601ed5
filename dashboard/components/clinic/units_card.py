"""Clinicians beside chance on the Clinic page: the chart and its table, once there is enough to compare."""

import streamlit as st

from dashboard.charts.clinic.units import table, title, units
from dashboard.charts.words import Rounding
from dashboard.components.page.figure import show
from dashboard.components.page.plain import cell, plain
from models.outcomes.answers.comparison import Comparison


def show_units(found: Comparison | None, sentence: str, claimed: float) -> None:
    """By name, never by rate: a list in order of rates would be a league of chance."""
    if found is None:
        return
    rounding = Rounding.beside(claimed, [found.pooled, *(unit.rate for unit in found.units)])
    st.subheader(title(found), anchor=False)
    widened = " The bands are widened by how much clinicians differ." if found.estimated else ""
    st.caption(
        "A dot on its band is as chance alone may make it; the line is everybody together. Patients are not "
        f"given out by lot and nothing is adjusted for: a question to ask, no judgement.{widened}"
    )
    show(units(found, rounding), name="clinicians", sentence=f"{title(found)}. {sentence}")
    st.caption(plain(sentence))
    with st.expander("The numbers behind this chart", icon=":material/table:", key="clinician-numbers"):
        rows = table(found, rounding)
        st.table(rows.assign(Clinician=rows["Clinician"].map(cell)), border="horizontal", hide_index=True)
