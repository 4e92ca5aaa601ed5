"""Words: a sentence the clinic may stand behind, and those the record refuses."""

import streamlit as st

from dashboard import data
from dashboard.components.claim.claim_empty import nobody_counted
from dashboard.components.claim.words_card import show_rests_on, show_sentence
from dashboard.components.claim.words_check import show_own_words, show_wordings
from dashboard.components.page.empty_state import show_empty
from dashboard.components.page.role import Right, need
from dashboard.components.question.estimand_picker import asked


def show() -> None:
    """Left what may be printed, right what it rests on."""
    need(Right.QUESTION)
    scales = data.scales()
    question = asked(scales)
    found = data.findings(question, one_by_one=False)
    if not found.answer.counts.counted:
        show_empty(nobody_counted(found))
        return
    made, scale = data.statement_of(question), scales[question.scale]
    st.title("Words to stand behind", anchor=False)
    if question != data.ledger().question:
        st.info("Exploratory: not the locked question.", icon=":material/explore:")
    beside = st.container(horizontal=True, gap="large")
    with beside.container(width=600):
        show_sentence(made)
        show_own_words(found.answer, scale)
        show_wordings(found.answer)
    with beside.container(width=354):
        show_rests_on(made, found, data.ledger().claim)
