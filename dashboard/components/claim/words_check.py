"""Wordings the record carries or refuses, and the clinic's own sentence read the same way."""

from typing import Final

import streamlit as st

from dashboard.components.page.plain import plain
from models.exchange.statements.own_words import read_own_words
from models.exchange.statements.wordings import wordings
from models.outcomes.answers.answer import Answer
from models.scales import Scale

LONGEST: Final = 1000


def show_wordings(answer: Answer) -> None:
    """What may be said in plain words; what may not is struck through, with the reason."""
    offered = wordings(answer)
    carried = [each for each in offered if each.refused is None]
    st.subheader(f"{len(carried)} of {len(offered)} other wordings may be used", anchor=False)
    for each in carried:
        st.markdown(f":material/check: {plain(each.words)}.")
    for each in offered:
        if each.refused is not None:
            st.markdown(f"~~{plain(each.words)}.~~  \n:small[:gray[{plain(each.refused)}]]")


def show_own_words(answer: Answer, scale: Scale) -> None:
    """A sentence of the clinic's own, and everything in it that the record does not carry."""
    st.subheader("Your own sentence", anchor=False)
    text = st.text_area(
        "Your own sentence",
        max_chars=LONGEST,
        key="own-words",
        label_visibility="collapsed",
        placeholder="Type or paste what you would like to print",
    )
    if not text.strip():
        st.caption("It is read for numbers, causes, promises, and what is left unsaid. It is not stored.")
        return
    reading = read_own_words(text, answer, scale)
    for each in reading.objections:
        st.markdown(f":material/close: “**{plain(each.words)}**”: {plain(each.reason)}.")
    if reading.fits:
        st.markdown(":material/check: Nothing found that the record does not carry.")
    elif not reading.objections:
        st.markdown("Not recognised: nothing in it could be checked.")
    st.caption(
        "A check of numbers and listed words, in English. It does not understand the sentence: "
        "the one above is the one to print."
    )
