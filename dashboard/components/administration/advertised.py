"""What the clinic advertises: every claim with its history, corrected or added by a manager."""

from typing import Any, Final

import streamlit as st

from dashboard import data, entries
from dashboard.charts.words import NBSP, on
from dashboard.components.forms.choices import number
from dashboard.components.forms.dialogs import dialog_button, show_if_open
from dashboard.components.forms.form import Form
from dashboard.components.forms.saving import save_button
from dashboard.components.forms.when import ask_day
from dashboard.components.page.plain import plain
from dashboard.ledger import Ledger
from models.store.record.claims import ClaimVersion

WIDE: Final = 652
STANDS, CORRECTED, WITHDRAWN = "advertised now", "corrected since", "withdrawn"


def show_advertised(ledger: Ledger) -> None:
    """Every claim, with a button where it stands; the verdict is given on the locked one's."""
    st.subheader("What we advertise", anchor=False)
    st.caption(
        "Verdicts are given on the claim the locked question was locked for. What it said before stays."
    )
    for claim in ledger.claims:
        with st.container(border=True, width=WIDE):
            _say(claim, ledger.advertised)
            if claim.current:
                name = f"correct claim {claim.id}"
                dialog_button(f"Correct “{_percent(claim)}”", name, icon="edit")
                show_if_open(name, "Correct what is advertised", _correct, claim, width="medium")
    dialog_button("Another claim", "another claim", icon="add")
    show_if_open("another claim", "Another claim", _add, width="medium")


def _say(claim: ClaimVersion, judged: ClaimVersion | None) -> None:
    """Line by line, for prose makes a table too wide for a phone."""
    st.markdown(f"**{_percent(claim)}**, {_now(claim, judged)}  \n{plain(claim.words)}")
    recorded = on(claim.recorded_at.astimezone(data.zone()).date())
    lines = (f"Advertised: {_where(claim)}", f"Source: {plain(claim.source)}", f"Recorded: {recorded}")
    st.caption("  \n".join(lines))


def _percent(claim: ClaimVersion) -> str:
    return f"{100 * claim.rate:g}{NBSP}%"


def _where(claim: ClaimVersion) -> str:
    since = f"since {on(claim.advertised_since)}" if claim.advertised_since else ""
    return ", ".join(filter(None, (plain(claim.advertised_where or ""), since))) or "not said"


def _now(claim: ClaimVersion, judged: ClaimVersion | None) -> str:
    if not claim.current:
        return (
            WITHDRAWN
            if claim.voided
            else f"{CORRECTED}: {plain(claim.reason)}"
            if claim.reason
            else CORRECTED
        )
    return f"{STANDS}; the verdict is given on it" if judged is not None and judged.id == claim.id else STANDS


def _ask(form: Form, claim: ClaimVersion | None) -> dict[str, Any]:
    """The fields of a claim; the rate is typed as people advertise it, in per cent."""
    if claim is not None:
        form.start_with("words", claim.words)
        form.start_with("percent", 100 * claim.rate)
        form.start_with("where", claim.advertised_where or "")
        form.start_with("source", claim.source)
    given: dict[str, Any] = {"words": st.text_area("The claim in words", key=form.key("words"), height=80)}
    percent = number(form, "percent", "Rate, %", step=1.0)
    given["rate"] = None if percent is None else round(percent / 100, 6)
    given["advertised_where"] = st.text_input("Where it is advertised", key=form.key("where")) or None
    since = claim.advertised_since if claim else None
    given["advertised_since"] = ask_day(form, "since", "Advertised since", since)
    given["source"] = st.text_input(
        "Its source",
        key=form.key("source"),
        placeholder="as the advertisement names it, or that it names none",
    )
    return given


def _correct(claim: ClaimVersion) -> None:
    form = Form(f"correct claim {claim.id}")
    given = _ask(form, claim)
    why = st.text_input("Why", key=form.key("why"), autocomplete="off")
    save_button(
        form,
        lambda: entries.correct(entries.CLAIM, claim.id, given, why=why, save_key=form.save_key),
        under=st.container(),
        label="Save correction",
    )


def _add() -> None:
    form = Form("another claim")
    given = _ask(form, None)
    save_button(
        form,
        lambda: entries.store(entries.CLAIM, given, save_key=form.save_key),
        under=st.container(),
        label="Add",
    )
