"""The answer of the Claim page, and what is said when it is not the locked question's."""

from typing import Final

import streamlit as st

from dashboard.charts.claim.rates import rates, rows_of, suicide_rows
from dashboard.charts.claim.verdict_words import VerdictWords, verdict_words
from dashboard.charts.words import NBSP, on, whole
from dashboard.components.claim.rate_card import show_rate
from dashboard.components.page.figure import show
from dashboard.components.page.plain import plain
from dashboard.findings import Findings
from models.outcomes.answers.of_many import Withheld
from models.outcomes.question.change import defined_outcomes
from models.outcomes.question.vocabulary import Outcome
from models.scales import Scale

EXPLORATORY: Final = (
    "Exploratory: not the locked question. Of many questions that can be asked, some have pleasant answers "
    "by chance."
)


def show_answer(found: Findings, scale: Scale, *, exploratory: bool) -> None:
    """Verdict, title, rate and harm; an exploratory answer says that it is one, above all."""
    closed_by = found.closing.last if found.closing else None
    words = verdict_words(found.answer, scale, found.rounding, closed_by=closed_by)
    asked = "Exploratory" if exploratory else "Locked question"
    notice = st.empty()  # keeps its place, so that the figures below are not drawn anew
    if exploratory:
        notice.info(EXPLORATORY, icon=":material/explore:")
        words = words._replace(title=f"Exploratory: {words.title}")
    if found.answer.estimand.outcome.is_harm:
        _show_harm(found, words, scale, asked)
    else:
        rows = [*rows_of(found.answers, scale), *suicide_rows(found.suicide_item)]
        show_rate(
            found.answer, words, rows, scale, found.rounding, asked=asked, unsaid=unsaid_harms(found, scale)
        )


def unsaid_harms(found: Findings, scale: Scale) -> list[str]:
    """What no row can say of harm on this scale, and why."""
    told = []
    if Outcome.DETERIORATION not in defined_outcomes(scale):
        told.append(
            f"Got worse: no rise is agreed to count as worse on the {plain(scale.name)}. {_rose(found)}"
        )
    if isinstance(found.suicide_item, Withheld):
        told.append(f"Suicide item. {found.suicide_item}")
    elif found.suicide_item is None or not found.suicide_item.answered:
        told.append("Suicide item: nobody counted here answered it both before and after.")
    return told


def _rose(found: Findings) -> str:
    moved = found.changes
    if isinstance(moved, Withheld):
        return moved
    return f"{whole(int(moved.worse.sum()))} of {whole(moved.seen)} seen scored higher than at the start."


def _show_harm(found: Findings, words: VerdictWords, scale: Scale, asked: str) -> None:
    """Harm is no answer to a claim of benefit: its place is among the other rates of the same people."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(words.badge, icon=f":material/{words.icon}:", color=words.color)
        st.caption(f"{asked}, as of {on(found.answer.as_of)}", width="content")
    st.title(words.title, anchor=False)
    with st.container(width=600):
        st.markdown(words.sentence)
        st.caption(f"Dot: our rate. Band: 95{NBSP}% interval. Hollow: as far as the unseen could move it.")
        drawn = rates([*rows_of(found.answers, scale), *suicide_rows(found.suicide_item)], found.rounding)
        show(drawn, name="harm", sentence=f"{words.title}. {found.answer.sentence}")
        if isinstance(found.suicide_item, Withheld):
            st.caption(f"Suicide item. {found.suicide_item}")
