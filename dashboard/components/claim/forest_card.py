"""Compared with what: the published rates beside the clinic's own, and what differs in each."""

import streamlit as st

from dashboard.charts.claim import forest
from dashboard.charts.words import DASH, NBSP, Rounding
from dashboard.components.page.figure import show
from dashboard.components.page.numbers import Numbers, NumberTable, csv_of, show_numbers
from dashboard.components.page.plain import plain
from models.benchmarks import ANCESTORS, NO_SOURCE, control_span, published
from models.outcomes.answers.answer import Answer
from models.outcomes.question.vocabulary import Outcome
from models.scales import Scale


def show_published(answer: Answer, scale: Scale, rounding: Rounding) -> None:
    """The figure, the comparison arms in words, and where the advertised rate may come from."""
    others = forest.beside(published().values(), answer.estimand, scale)
    title = forest.title(others)
    st.subheader(title, anchor=False)
    if not others:
        st.caption("Ask for response or remission to see published rates beside the clinic's own.")
        return
    st.caption(how_to_read(others, answer.estimand.outcome))
    drawn = forest.forest(answer, others, rounding)
    show(drawn, name="published", sentence=f"{title}. {answer.sentence}")
    st.caption(plain(answer.sentence))
    with st.expander("Where the advertised rate may come from", icon=":material/family_history:"):
        st.markdown(NO_SOURCE)
        for ancestor in ANCESTORS:
            st.markdown(f"- {ancestor.words}")
    show_numbers("Every published rate of this outcome", lambda: _numbers(others, answer))


def how_to_read(others: list[forest.Beside], outcome: Outcome) -> str:
    """What hollow dots and diamonds are, and how many reached the outcome in the trials' control arms."""
    told = "Hollow: another question; what differs stands under it. "
    if given := forest.diamonds(others):
        told += f"Diamonds: people in the same trials given something else: {', '.join(given)}. "
    if span := control_span(outcome):
        told += (
            f"In the control arms of all the trials, {span.low:g}{DASH}{span.high:g}{NBSP}% reached it too; "
            "a clinic's record has no such arm. "
        )
    return told + "Published rates are never averaged."


def _numbers(others: list[forest.Beside], answer: Answer) -> Numbers:
    rows = (
        {
            "id": one.benchmark.id,
            "citation": one.benchmark.citation,
            "percent": one.benchmark.percent,
            "n_analysed": one.benchmark.n_analysed,
            "n_started": one.benchmark.n_started,
            "differs": "; ".join(one.mismatches),
            "source": one.benchmark.source,
            "question": answer.sentence,
        }
        for one in others
    )
    named = NumberTable("Published rates", forest.table(others))
    return Numbers([named], csv_of(rows), f"seventy-published-{answer.as_of.isoformat()}.csv")
