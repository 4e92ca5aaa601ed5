"""What the missing could do: on the Claim page, of the same people as the rate above it."""

from collections.abc import Iterator

import streamlit as st

from dashboard.charts import unseen
from dashboard.charts.outcome_words import outcome_words
from dashboard.charts.unseen import Assumed
from dashboard.components.figure import show
from dashboard.components.plain import plain
from dashboard.findings import Findings
from models.outcomes.vocabulary import Missing
from models.scales import Scale

HOW: dict[Missing, str] = {
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


def show_unseen(found: Findings, scale: Scale) -> None:
    """The tipping point as the title, how far the unseen could move the rate as the figure."""
    answer, bounds = found.answer, found.answer.bounds
    if bounds.worst.ratio is None or bounds.best.ratio is None:
        return
    rows = [*assumptions(found)]
    title = unseen.title(answer, found.rounding, outcome_words(answer.estimand.outcome, scale).did)
    st.subheader(title, anchor=False)
    st.caption("What the missing could do. Hollow: from none to all of them. No assumption leads out of it.")
    drawn = unseen.unseen(rows, bounds.worst.ratio, bounds.best.ratio, found.rounding)
    show(drawn, name="unseen", sentence=f"{title}. {answer.sentence}")
    st.caption(plain(answer.sentence))
