"""What the suicide item said over time. Not endorsed is not the same as safe."""

from collections.abc import Sequence

import streamlit as st

from dashboard.charts.words import on
from dashboard.components.page.plain import plain
from dashboard.patients import Assessment
from models.scales import Scale

NOT_SAFE = "Not endorsed is not the same as safe."


def show_suicide_item(scale: Scale, scores: Sequence[Assessment]) -> None:
    """The last answer first, then where it came from; a card only where the scale asks."""
    item = scale.suicide_item
    answered = [score for score in scores if score.suicide_item is not None]
    if item is None or not scores:
        return
    with st.container(border=True):
        st.markdown(f"**{plain(scale.name)} question {item.number}**")
        if not answered:
            st.markdown("No answer is recorded.")
            return
        first, last = answered[0], answered[-1]
        st.markdown(_said(first, last, max(score.suicide_item or 0 for score in answered)))
        left_out = len(scores) - len(answered)
        if left_out:
            times = "once" if left_out == 1 else f"{left_out} times"
            st.markdown(f"Left out, or not recorded, {times}.")
        if last.suicide_item == 0:
            st.caption(NOT_SAFE)


def _said(first: Assessment, last: Assessment, highest: int) -> str:
    """The last answer, the first and the highest."""
    now = "not endorsed" if last.suicide_item == 0 else f"answered {last.suicide_item}"
    words = f"Last {now}, on {on(last.day)}."
    if first is last:
        return words
    return f"{words} First answered {first.suicide_item}, on {on(first.day)}; the highest was {highest}."
