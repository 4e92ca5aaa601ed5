"""The answer at the top of the Claim page: verdict, title, rate beside claim, harm beside benefit."""

from collections.abc import Sequence

import streamlit as st

from dashboard.charts.claim.hero import hero
from dashboard.charts.claim.rates import RateRow, rates
from dashboard.charts.claim.verdict_words import VerdictWords
from dashboard.charts.outcome_words import outcome_words
from dashboard.charts.parts import parts_of
from dashboard.charts.words import NBSP, Rounding, on, whole
from dashboard.components.page.figure import show
from models.outcomes.answers.answer import Answer
from models.scales import Scale


def show_rate(
    answer: Answer,
    words: VerdictWords,
    rows: Sequence[RateRow],
    scale: Scale,
    rounding: Rounding,
    *,
    asked: str,
    unsaid: Sequence[str] = (),
) -> None:
    """Draw the answer; `asked` says which question it answers, as in `Locked question`.

    `unsaid` are sentences for the harms that cannot be counted: they do not vanish.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(words.badge, icon=f":material/{words.icon}:", color=words.color)
        st.caption(f"{asked}, as of {on(answer.as_of)}", width="content")
    st.title(words.title, anchor=False)
    beside = st.container(horizontal=True, gap="large")
    with beside.container(width=600):
        st.markdown(words.sentence)
        _show_hero(answer, scale, rounding)
    with beside.container(width=354):
        _show_companion(answer, rows, rounding)
        for sentence in unsaid:
            st.caption(sentence)


def _show_hero(answer: Answer, scale: Scale, rounding: Rounding) -> None:
    estimand = answer.estimand
    parts = parts_of(answer.tally, estimand.missing, estimand.outcome)
    drawn = hero(answer.rate, parts, rounding, did=outcome_words(estimand.outcome, scale).short)
    show(drawn, name="hero", sentence=f"{rounding.full(answer.rate)}. {answer.sentence}")


def _show_companion(answer: Answer, rows: Sequence[RateRow], rounding: Rounding) -> None:
    st.subheader(f"Benefit and harm, same {whole(answer.counts.counted)}", anchor=False)
    st.caption(f"Dot: our rate. Band: 95{NBSP}% interval. Line: {rounding.advertised}{NBSP}%.")
    told = "; ".join(f"{row.label} {rounding.full(row.rate)}" for row in rows)
    show(rates(rows, rounding), name="benefit-and-harm", sentence=f"{told}. {answer.sentence}")
