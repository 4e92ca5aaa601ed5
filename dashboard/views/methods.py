"""Methods: every definition in words, made from the scales and the question."""

from typing import Final

import streamlit as st

from dashboard import data
from dashboard.components.question import methods_sections as section
from dashboard.components.question.estimand_picker import asked

READABLE: Final = 760  # px that a line of prose may take


def show() -> None:
    """The question now, then each part of it, then what it cannot say."""
    scales = data.scales()
    question = asked(scales)
    scale = scales[question.scale]
    with st.container(width=READABLE):
        st.title("How a rate is counted", anchor=False)
        section.show_question(question, scale)
        section.show_of_whom()
        section.show_when(data.today())
        section.show_what(scale)
        section.show_missing()
        section.show_verdict(data.ledger().claim)
        section.show_scores(scales)
        section.show_limits()
