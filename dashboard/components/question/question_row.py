"""The question of a rate in its own words, and everything a sceptic may ask about the count."""

from collections.abc import Mapping
from datetime import datetime

import pandas as pd
import streamlit as st

from dashboard.charts.words import NBSP, Rounding, at, on, whole
from dashboard.components.page.plain import plain
from dashboard.findings import Findings
from models.outcomes.answers.answer import Answer
from models.outcomes.answers.claim import FEWEST_COURSES
from models.outcomes.proportions.rates import Rate
from models.outcomes.question.vocabulary import Missing
from models.outcomes.question.words import EXCLUSION_WORDS, MISSING_LABELS, WARNING_WORDS


def show_question(found: Findings, known_until: datetime) -> None:
    """One bordered row: the sentence, and *How this is counted*."""
    answer = found.answer
    row = st.container(
        border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    )
    with row.container(width=560):
        drawn = answer.rate.denominator >= FEWEST_COURSES and not answer.estimand.outcome.is_harm
        dots = " One dot is one in a hundred." if drawn else ""
        st.caption(f"**The question.** {plain(answer.sentence)}{dots}")
        for warning in answer.warnings:
            st.caption(f":material/history: {WARNING_WORDS[warning]}")
    how = row.popover(
        "How this is counted", icon=":material/help:", type="tertiary", key="how-counted", on_change="rerun"
    )
    if how.open:
        with how:
            _how_counted(found, known_until)


def who_is_where(answer: Answer) -> pd.DataFrame:
    """Everyone treated: left out and why, still open, scored again, not scored in time."""
    counts = answer.counts
    left_out = {
        f"Left out: {EXCLUSION_WORDS[why]}": number for why, number in counts.excluded.items() if number
    }
    where = {
        "Treated": counts.treated,
        **left_out,
        "Window still open": counts.pending,
        "Scored again": counts.observed,
        "Not scored in time": counts.missing,
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


def _how_counted(found: Findings, known_until: datetime) -> None:
    claim = found.answer.claim
    st.table(who_is_where(found.answer), border="horizontal", hide_index=True)
    st.table(every_way(found.ways, found.rounding), border="horizontal", hide_index=True)
    st.caption(
        f"Intervals are Wilson's, at 95{NBSP}%. The claim: “{plain(claim.words)}”. {plain(claim.source)} "
        f"Asked as of {on(found.answer.as_of)}, of the record as it stood on {on(known_until)} at "
        f"{at(known_until.time())}. Every definition is on the page Methods."
    )
