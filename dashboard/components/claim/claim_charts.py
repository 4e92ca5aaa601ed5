"""The charts under the answer of the Claim page: the way there, the quarters, each person's change."""

from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go
import streamlit as st

from dashboard.charts.claim import changes, flow, quarter_words, stairs
from dashboard.charts.claim.quarters import quarters
from dashboard.charts.claim.waterfall import waterfall
from dashboard.charts.outcome_words import outcome_words
from dashboard.charts.parts import parts_of
from dashboard.charts.words import NBSP
from dashboard.components.claim.unseen_card import show_unseen
from dashboard.components.page.figure import show
from dashboard.components.page.plain import plain
from dashboard.findings import Findings
from models.outcomes.answers.of_many import Withheld
from models.outcomes.answers.ways import Stair
from models.outcomes.question.vocabulary import Missing
from models.scales import Scale

ALL_SEEN: Final = " Also of those with fewer infusions than planned."


def show_claim_charts(found: Findings, steps: Sequence[Stair], scale: Scale) -> None:
    """Two abreast and the widest below; harm has no claim to be drawn beside, nor any stairs to one."""
    harm = found.answer.estimand.outcome.is_harm
    with st.grid(2, min_column_width=340, gap="large") as pair:
        with pair.container():
            _flow(found, scale)
        with pair.container():
            _changes(found, scale) if harm else _stairs(found, steps, scale)
    if not harm:
        with st.grid(2, min_column_width=340, gap="large") as pair:
            with pair.container():
                _quarters(found)
            with pair.container():
                _changes(found, scale)
        show_unseen(found, scale)


def _flow(found: Findings, scale: Scale) -> None:
    """From everyone treated to everyone counted."""
    answer, question = found.answer, found.answer.estimand
    steps = flow.steps_of(answer.counts.excluded, answer.tally, question, scale)
    parts = parts_of(answer.tally, question.missing, question.outcome)
    title, did = flow.title(steps, parts), outcome_words(question.outcome, scale).short
    _titled(title, "From everyone we began to treat to everyone in the rate")
    _drawn(flow.flow(steps, parts, did=did), "flow", title, found)


def _stairs(found: Findings, steps: Sequence[Stair], scale: Scale) -> None:
    """From the most flattering way of counting to the most honest."""
    asked = found.answer.estimand
    title = stairs.title(steps, asked, found.rounding)
    _titled(title, stairs.caption(steps))
    _drawn(stairs.stairs(steps, asked, scale, found.rounding), "stairs", title, found)


def _quarters(found: Findings) -> None:
    """The rate by quarter."""
    title = quarter_words.title(found.quarters, found.rounding)
    _titled(title, f"Rate by the quarter in which the window closed, 95{NBSP}% intervals")
    _drawn(quarters(found.quarters, found.rounding), "quarters", title, found)


def _changes(found: Findings, scale: Scale) -> None:
    """How far each person's score moved, best to worst."""
    moved = found.changes
    if isinstance(moved, Withheld):
        _titled("Change of each person", moved)
        return
    title = changes.title(moved, scale)
    completers = found.answer.estimand.missing is Missing.COMPLETERS
    _titled(title, f"{changes.caption(moved)}{ALL_SEEN if completers else ''}")
    _drawn(waterfall(moved, scale, one_by_one=found.one_by_one), "waterfall", title, found)


def _titled(finding: str, how_to_read: str) -> None:
    st.subheader(finding, anchor=False)
    st.caption(how_to_read)


def _drawn(figure: go.Figure, name: str, title: str, found: Findings) -> None:
    """A figure never stands without its question: read aloud with the finding, and written under it."""
    show(figure, name=name, sentence=f"{title}. {found.answer.sentence}")
    st.caption(plain(found.answer.sentence))
