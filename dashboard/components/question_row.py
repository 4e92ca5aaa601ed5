"""The question of a rate in its own words, and everything a sceptic may ask about the count."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from dashboard.charts.words import NBSP, Rounding, on, whole
from dashboard.components.plain import plain
from models.outcomes.answer import Answer
from models.outcomes.rates import Rate
from models.outcomes.vocabulary import Missing
from models.outcomes.words import EXCLUSION_WORDS, MISSING_LABELS, WARNING_WORDS


def show_question(answer: Answer, ways: Mapping[Missing, Rate], rounding: Rounding, known: str) -> None:
    """One bordered row: the sentence, and *How this is counted*; `known` says which record was read."""
    row = st.container(
        border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    )
    with row.container(width=560):
        st.caption(f"**The question.** {plain(answer.sentence)} One dot is one in a hundred.")
        for warning in answer.warnings:
            st.caption(f":material/history: {WARNING_WORDS[warning]}")
    with row.popover("How this is counted", icon=":material/help:", type="tertiary"):
        _how_counted(answer, ways, rounding, known)


def who_is_where(answer: Answer) -> pd.DataFrame:
    """Everyone treated: left out and why, still open, scored again, never scored again."""
    counts = answer.counts
    left_out = {
        f"Left out: {EXCLUSION_WORDS[why]}": number for why, number in counts.excluded.items() if number
    }
    where = {
        "Treated": counts.treated,
        **left_out,
        "Window still open": counts.pending,
        "Scored again": counts.observed,
        "Not scored again": counts.missing,
    }
    return pd.DataFrame({"Courses": list(where), "Number": [whole(number) for number in where.values()]})


def every_way(ways: Mapping[Missing, Rate], rounding: Rounding) -> pd.DataFrame:
    """This question's rate under each strategy for missing scores."""
    return pd.DataFrame(
        {
            "A missing score counts as": [MISSING_LABELS[way] for way in ways],
            "Rate": [rounding.full(rate) for rate in ways.values()],
        }
    )


def _how_counted(answer: Answer, ways: Mapping[Missing, Rate], rounding: Rounding, known: str) -> None:
    st.table(who_is_where(answer), border="horizontal", hide_index=True)
    st.table(every_way(ways, rounding), border="horizontal", hide_index=True)
    st.caption(
        f"Intervals are Wilson's, at 95{NBSP}%. The claim: “{plain(answer.claim.words)}”. "
        f"{plain(answer.claim.source)} Asked as of {on(answer.as_of)}, of the record as known {known}. "
        f"Methods has every definition."
    )
