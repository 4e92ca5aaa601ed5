"""The locked question: when and by whom it was fixed, the locks before it, and how another one is locked."""

from typing import Final

import streamlit as st

from dashboard import data, entries
from dashboard.charts.words import on, whole
from dashboard.components.form import Form
from dashboard.components.plain import plain
from dashboard.components.role import Right, allowed
from dashboard.components.saving import save_button
from dashboard.findings import Findings
from dashboard.ledger import Ledger
from models.outcomes.estimand import Estimand
from models.store.claims import Lock

FORM: Final = Form("lock")
SHORT: Final = 12  # letters of a hash that tell locks apart


def show_locks(found: Findings, ledger: Ledger, locked: Estimand) -> None:
    """An expander beside the verdict; a look at the locked question is counted, once a day and count."""
    if ledger.lock is not None and found.answer.estimand == locked:
        entries.note_look(ledger.lock, found.answer)
    history = st.expander(_title(ledger), icon=":material/lock:", key="locks", on_change="rerun")
    if not history.open:
        return
    with history:
        st.markdown(_told(ledger))
        for lock in reversed(ledger.locks):
            st.markdown(_line(lock))
            st.caption(_sentence(lock))
        if allowed(Right.QUESTION):
            _offer(found.answer.estimand, ledger, locked)


def _title(ledger: Ledger) -> str:
    lock = ledger.lock
    since = f"locked {on(lock.locked_at.astimezone(data.zone()).date())}" if lock else "never locked"
    return f"History of this question: {since}"


def _told(ledger: Ledger) -> str:
    """What a lock is, and how often its answer was looked at."""
    lock = ledger.lock
    looks = len(data.looks(lock.id)) if lock else 0
    times = "not yet" if not looks else "once" if looks == 1 else f"{whole(looks)} times"
    return (
        "The question was fixed before the answer was known; anything else on screen is exploratory. Its "
        f"answer has been looked at **{times}** with new counts."
    )


def _line(lock: Lock) -> str:
    """When, by whom, why, and the beginning of the hash."""
    locked = on(lock.locked_at.astimezone(data.zone()).date())
    why = f": {plain(lock.reason)}" if lock.reason else ""
    mark = f":small[:gray[hash {lock.question_hash[:SHORT]}]]"
    return f"**Locked {locked}** by {plain(lock.locked_by)}{why}  \n{mark}"


def _sentence(lock: Lock) -> str:
    question = lock.estimand
    scale = data.scales().get(question.scale)
    return plain(question.sentence(scale) if scale else lock.question)


def _offer(asked: Estimand, ledger: Ledger, locked: Estimand) -> None:
    if FORM.stored is not None:
        st.info("Locked. Every page asks it from now on.", icon=":material/lock:")
    if asked == locked:
        st.caption("To lock another question, ask it in the sidebar first.")
        return
    why = st.text_input(
        "Why this question is locked from now on",
        key=FORM.key("why"),
        placeholder="such as: agreed for the year 2027, before its first window closed",
    )
    claim = ledger.advertised.entity_id if ledger.advertised else None
    save_button(
        FORM,
        lambda: entries.lock_question(asked, claim=claim, why=why),
        under=st.container(),
        label="Lock the question asked now",
    )
