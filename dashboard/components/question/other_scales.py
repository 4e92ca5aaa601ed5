"""What to look at where nobody was scored on the scale that is asked about: those with scores."""

from collections.abc import Mapping

import polars as pl
import streamlit as st

from dashboard.charts.words import people
from dashboard.components.page.plain import plain
from dashboard.components.question.estimand_picker import ask_of
from models.outcomes.question.change import defined_outcomes
from models.scales import Scale


def show_other_scales(assessments: pl.DataFrame, asked: Scale, scales: Mapping[str, Scale]) -> None:
    """Say on which scales people are scored, the commonest first, one click from asking about each."""
    scored = (
        assessments.group_by(pl.col("scale").cast(pl.String))
        .agg(people=pl.col("patient_id").n_unique())
        .sort("people", "scale", descending=[True, False])
    )
    others = [(scales[name], count) for name, count in scored.iter_rows() if name in scales]
    others = [(scale, count) for scale, count in others if defined_outcomes(scale)]
    if not others:
        return
    said = ", ".join(f"{people(count)} on the {plain(scale.name)}" for scale, count in others)
    with st.container(border=True):
        st.markdown(f"Nobody is scored on the {plain(asked.name)}, which the question asks about: {said}.")
        with st.container(horizontal=True):
            for scale, _ in others:
                st.button(f"Show {plain(scale.name)}", key=f"ask-{scale.id}", on_click=ask_of, args=(scale,))
