"""The answer of the Claim page, and what is said when it is not the default question's."""

from typing import Final

import streamlit as st

from dashboard.charts.rates import rows_of
from dashboard.charts.verdict_words import verdict_words
from dashboard.components.rate_card import show_rate
from dashboard.findings import Findings
from models.scales import Scale

EXPLORATORY: Final = (
    "Exploratory: not the default question. Of many questions that can be asked, some have pleasant answers "
    "by chance."
)


def show_answer(found: Findings, scale: Scale, *, exploratory: bool) -> None:
    """Verdict, title, rate and harm; an exploratory answer says that it is one, above all."""
    closed_by = found.closing.last if found.closing else None
    words = verdict_words(found.answer, scale, found.rounding, closed_by=closed_by)
    if exploratory:
        st.info(EXPLORATORY, icon=":material/explore:")
        words = words._replace(title=f"Exploratory: {words.title}")
    show_rate(
        found.answer,
        words,
        rows_of(found.answers, scale),
        scale,
        found.rounding,
        asked="Exploratory" if exploratory else "Default question",
    )
