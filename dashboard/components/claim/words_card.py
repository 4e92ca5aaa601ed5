"""The sentence a clinic may stand behind, what it rests on, and the files it can be carried away in."""

from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st

from dashboard import data
from dashboard.charts.words import at, on
from dashboard.components.page.file_offer import offer_file
from dashboard.components.page.plain import plain
from dashboard.findings import Findings
from dashboard.shelf import File, Taken
from models.access.roles import Right
from models.exchange.statements.statement import Statement
from models.exchange.statements.statement_export import as_html, as_json, as_text
from models.outcomes.answers.claim import Claim
from models.store.audit.events import Event

FILES: Final = (
    ("Text", "txt", "text/plain", as_text),
    ("HTML", "html", "text/html", as_html),
    ("JSON", "json", "application/json", as_json),
)


def show_sentence(made: Statement) -> None:
    """The sentence in a frame of its own, large, with the files under it."""
    with st.container(border=True):
        st.header(plain(made.sentence), anchor=False)
        with st.container(horizontal=True):
            for label, ending, kind, written in FILES:
                name = f"statement-{made.as_of.isoformat()}.{ending}"
                file = File(name, kind, partial(_taken, written, made, ending), (Right.QUESTION,))
                offer_file(label, file, key=f"words-{ending}")


def _taken(written: Callable[[Statement], str], made: Statement, ending: str) -> Taken:
    detail = {"as": ending, "sentence": made.sentence, "data_hash": made.data_hash}
    return Taken(written(made).encode(), Event("export", "statement", detail=detail))


def show_rests_on(made: Statement, found: Findings, claim: Claim) -> None:
    """Question, counts, day, moment and hash, and how to have them checked."""
    answer, counts = found.answer, found.answer.counts
    st.subheader("What it rests on", anchor=False)
    st.caption(plain(answer.sentence))
    with st.container(border=True):
        st.markdown(
            f"{counts.treated:,} treated · {counts.eligible:,} eligible · {counts.pending:,} still open · "
            f"**{counts.observed:,}** scored in time · **{counts.missing:,}** not scored in time"
        )
        st.caption("Seen here in full. The files leave out every count of 1 to 10 people.")
    zone = data.clinic().zone
    known = made.known_at.astimezone(zone)
    clock = f"{at(known.time())} {plain(str(zone))}"
    st.markdown(f"As of {on(made.as_of)}, known at {on(known.date())}, {clock}.")
    st.caption(f"Beside the claim: “{plain(claim.words)}”")
    st.caption("SHA-256 of the data")
    st.code(made.data_hash, language=None, wrap_lines=True)
    st.caption("`seventy check --verify FILE` counts again and confirms or denies any of the files.")
    with st.expander("How this was counted", icon=":material/fact_check:"):
        for part in made.appendix:
            st.markdown(f"**{plain(part.title)}**  \n{plain(part.text)}")
