"""The specification curve on its page: filters, the finding, the figure a click opens a question from."""

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from dashboard.charts.claim import curve_words
from dashboard.charts.claim.curve import curve
from dashboard.charts.words import NBSP, Rounding
from dashboard.components.page.figure import show
from dashboard.components.page.numbers import Numbers, NumberTable, csv_of, show_numbers
from dashboard.components.page.pages import Page, go_to
from dashboard.components.page.plain import plain
from dashboard.components.question.estimand_picker import put_question
from models.outcomes.answers.answer import Answer
from models.outcomes.answers.ways import Counts, Way, like, ways
from models.outcomes.question.vocabulary import Outcome, WindowName
from models.outcomes.question.words import OUTCOME_LABELS, WINDOW_LABELS
from models.scales import Scale

OPENED: Final = "way opened"
NAME: Final = "curve"


def show_curve(counts: Counts, answer: Answer, scale: Scale) -> None:
    """All ways, or those of some outcomes and windows."""
    _go_where_clicked()
    heading = st.container()
    every = ways(counts)
    shown = like(every, {"outcome": _outcomes(every), "window": _windows(every)})
    rounding = Rounding(answer.claim.rate)
    gate = _gate(answer, scale)
    title = curve_words.title(shown, answer.claim.rate, rounding)
    with heading:
        st.title(title, anchor=False)
        st.markdown(
            "Each dot is one way to count **the same record**. The share that reaches the claim describes "
            "how much the definition decides; it tests nothing, for the dots are not independent."
        )
    if not shown:
        st.caption("No way to count has anybody in it. Choose other outcomes or windows.")
        return
    st.caption(_how_to_read(shown, answer))
    show(
        curve(shown, answer.estimand, gate, rounding),
        name=NAME,
        sentence=f"{title}. {answer.sentence}",
        on_select=lambda key: _open(key, shown, scale),
    )
    st.caption(plain(answer.sentence))
    show_numbers("The numbers behind this chart", lambda: _numbers(shown, answer, scale, rounding))


def _how_to_read(shown: Sequence[Way], answer: Answer) -> str:
    place = curve_words.own_place(shown, answer.estimand)
    own = f" Blue: the question asked, {place}." if place else ""
    return (
        "From the lowest rate to the highest; what each counts is marked beneath it. Hollow: fewer than "
        "five courses, or scores that ask about days before treatment. A worst case counts as “not met” "
        f"does and stands once; harm has no claim to reach.{own} A click on a dot opens its question."
    )


def _outcomes(every: Sequence[Way]) -> list[Outcome]:
    present = {way.estimand.outcome for way in every}
    return _pills("Outcomes", {each: OUTCOME_LABELS[each] for each in Outcome if each in present})


def _windows(every: Sequence[Way]) -> list[WindowName]:
    present = {way.estimand.window for way in every}
    return _pills("When", {each: WINDOW_LABELS[each] for each in WindowName if each in present})


def _pills(label: str, words: dict[Any, str]) -> list[Any]:
    return st.pills(
        label,
        [*words],
        selection_mode="multi",
        format_func=words.__getitem__,
        wrap=True,
        key=f"ways-{label}",
        persist_state="session",
    )


def _gate(answer: Answer, scale: Scale) -> str:
    gate = answer.estimand.baseline_at_least
    return f"{scale.shown(gate)} or more" if gate else "any"


def _open(key: str, shown: Sequence[Way], scale: Scale) -> None:
    """Ask the question of the dot clicked; the page itself goes there, for a callback may not."""
    points = st.session_state[key].selection.points
    if points:
        put_question(shown[int(points[0]["customdata"])].estimand, scale)
        st.session_state[OPENED] = True


def _go_where_clicked() -> None:
    if st.session_state.pop(OPENED, False):
        go_to(Page.CLAIM)


def _numbers(shown: Sequence[Way], answer: Answer, scale: Scale, rounding: Rounding) -> Numbers:
    rows = (
        {
            **{part: str(value) for part, value in way.estimand.told(scale).items()},
            "numerator": way.rate.numerator,
            "denominator": way.rate.denominator,
            "ratio": way.rate.ratio,
            "low": way.rate.low,
            "high": way.rate.high,
            "recall_overlaps_pre_treatment": way.overlaps,
            "as_of": answer.as_of.isoformat(),
        }
        for way in shown
    )
    named = NumberTable(f"{len(shown)}{NBSP}ways", curve_words.table(shown, _gate(answer, scale), rounding))
    return Numbers([named], csv_of(rows), f"seventy-every-way-{answer.as_of.isoformat()}.csv")
