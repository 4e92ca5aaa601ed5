"""What the missing could do: on the Claim page, of the same people as the rate above it."""

from collections.abc import Iterator
from typing import Final

import streamlit as st

from dashboard import data
from dashboard.charts.claim import unseen
from dashboard.charts.claim.unseen import Assumed
from dashboard.charts.outcome_words import outcome_words
from dashboard.components.page.figure import show
from dashboard.components.page.plain import plain
from dashboard.findings import Findings
from models.outcomes.counts.sensitivity import odds_ratio
from models.outcomes.question.vocabulary import Missing
from models.scales import Scale

IMPUTE: Final = "impute the unseen"
ODDS: Final = "odds of the unseen"
HALF: Final = 0.5
HOW: Final[dict[Missing, str]] = {
    Missing.NON_RESPONDER: "None of the unseen did",
    Missing.LAST_CARRIED: "By the last score they gave",
    Missing.OBSERVED: "The unseen did as the seen",
    Missing.COMPLETERS: "Only those who finished",
    Missing.BEST_CASE: "All of the unseen did",
}


def assumptions(found: Findings) -> Iterator[Assumed]:
    """The rate under each assumption, the hardest first; the question's own is marked."""
    asked = found.answer.estimand.missing
    own = Missing.NON_RESPONDER if asked is Missing.WORST_CASE else asked
    for way, label in HOW.items():
        yield Assumed.counting(label, found.ways[way], own=way is own)
    odds = st.session_state.get(ODDS, HALF)
    if st.session_state.get(IMPUTE) and (filled := data.imputed_rate(found.answer.estimand)):
        yield Assumed("Filled in from people like them", filled.ratio, filled.low, filled.high, None)
    if supposed := odds_ratio(found.answer.tally, odds):
        yield Assumed(f"The unseen at {odds:.2f} of the odds", supposed.ratio, None, None, None)


def show_unseen(found: Findings, scale: Scale) -> None:
    """The tipping point as the title, how far the unseen could move the rate as the figure."""
    answer, bounds = found.answer, found.answer.bounds
    if bounds.worst.ratio is None or bounds.best.ratio is None:
        return
    title = unseen.title(answer, found.rounding, outcome_words(answer.estimand.outcome, scale).did)
    st.subheader(title, anchor=False)
    st.caption("What the missing could do. Hollow: from none to all of them. No assumption leads out of it.")
    st.session_state.setdefault(ODDS, HALF)
    st.slider(
        "Odds of the unseen, beside those of the seen",
        0.0,
        1.0,
        step=0.05,
        key=ODDS,
        persist_state="session",
        width=354,
        help="At 1 the unseen did as the seen, at 0 none of them did.",
    )
    st.toggle(
        "Fill them in from people like them",
        key=IMPUTE,
        persist_state="session",
        help="Multiple imputation: twenty times, from baseline, infusions and the last score before. It "
        "holds only if nothing else decided who was seen.",
    )
    rows = [*assumptions(found)]
    drawn = unseen.unseen(rows, bounds.worst.ratio, bounds.best.ratio, found.rounding)
    show(drawn, name="unseen", sentence=f"{title}. {answer.sentence}")
    st.caption(plain(answer.sentence))
