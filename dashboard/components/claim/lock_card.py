"""The locked question: when and by whom it was fixed, the locks before it, and how another one is locked."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import streamlit as st

from dashboard import data, entries
from dashboard.charts.claim.verdict_words import verdict_words
from dashboard.charts.words import at, nth, on, whole
from dashboard.components.forms.form import Form
from dashboard.components.forms.saving import save_button
from dashboard.components.page.plain import plain
from dashboard.components.page.role import Right, allowed
from dashboard.findings import Findings
from dashboard.ledger import Ledger
from models.exchange.statements.statement_locks import ONLY
from models.outcomes.question.change import is_defined
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.sentence import window_in_words
from models.outcomes.question.words import OUTCOME_NOUNS
from models.store.record.claims import Lock

FORM: Final = Form("lock")
SHORT: Final = 12  # letters of a hash that tell locks apart


def show_locked_before(ledger: Ledger) -> None:
    """Beside the verdict, every other question locked before, and what the record says of it today."""
    lock = ledger.lock
    before = [each for each in ledger.locks if lock and each.question_hash != lock.question_hash]
    if lock is None or not before:
        return
    said = "\n".join(f"- {line}" for line in _of_earlier(ledger, before))
    st.info(
        f"**The {nth(len(ledger.locks))} question locked**, {_when(lock.locked_at)}{_why(lock)}. "
        f"Locked before it, with today's answer:\n{said}",
        icon=":material/lock_reset:",
    )


def _of_earlier(ledger: Ledger, before: list[Lock]) -> Iterator[str]:
    scales = data.scales()
    for lock in before:
        place, asked = nth(ledger.locks.index(lock) + 1), lock.estimand
        said = ""
        if is_defined(asked.scale, asked.outcome, scales):
            scale = scales[asked.scale]
            found = data.findings(asked, one_by_one=False)
            words = verdict_words(found.answer, scale, found.rounding)
            said = f"{words.title} {words.badge}. "
        yield f"{place}, {_when(lock.locked_at)}{_why(lock)}: {said}{_sentence(lock)}"


def _when(moment: datetime) -> str:
    here = moment.astimezone(data.zone())
    return f"{on(here.date())}, {at(here.time())}"


def _why(lock: Lock) -> str:
    return f" by {plain(lock.locked_by)}" + (f" (“{plain(lock.reason)}”)" if lock.reason else "")


def show_if_unanswered(ledger: Ledger) -> None:
    """Above every answer, that the locked question has none while no scale here defines its outcome."""
    question = ledger.question
    if not is_defined(question.scale, question.outcome, data.scales()):
        st.error(
            f"**The locked question cannot be answered**: the file of its scale, {plain(question.scale)}, is "
            f"gone, cannot be read, or no longer defines {OUTCOME_NOUNS[question.outcome]}; `seventy scales` "
            "says where it belongs. Everything on screen is exploratory until it can be.",
            icon=":material/lock_open:",
        )


def show_locks(found: Findings, ledger: Ledger) -> None:
    """An expander beside the verdict; a look at the locked question is counted, once a day and count."""
    if ledger.lock is not None and found.answer.estimand == ledger.question:
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
            _offer(found.answer.estimand, ledger)


def _title(ledger: Ledger) -> str:
    lock = ledger.lock
    since = f"locked {on(lock.locked_at.astimezone(data.zone()).date())}" if lock else "never locked"
    return f"History of this question: {since}"


def _told(ledger: Ledger) -> str:
    """What was known when the question was locked, and how often its answer was looked at since."""
    if ledger.lock is None:
        return "No question was ever locked: everything on screen is exploratory."
    before = sum(len(data.looks(lock.id)) for lock in ledger.locks[:-1])
    known = (
        f"It is the {nth(len(ledger.locks))} question locked here. By then the answers to those before it "
        f"had been looked at **{_times(before)}**: it may have been chosen knowing them."
        if len(ledger.locks) > 1
        else ONLY
    )
    looks = len(data.looks(ledger.lock.id))
    return (
        f"{known} Anything else on screen is exploratory. Its own answer has been looked at "
        f"**{_times(looks)}** with new counts."
    )


def _times(looks: int) -> str:
    return "not once" if not looks else "once" if looks == 1 else f"{whole(looks)} times"


def _line(lock: Lock) -> str:
    """When, by whom, why, and the beginning of the hash."""
    why = f": {plain(lock.reason)}" if lock.reason else ""
    mark = f":small[:gray[hash {lock.question_hash[:SHORT]}]]"
    return f"**Locked {_when(lock.locked_at)}** by {plain(lock.locked_by)}{why}  \n{mark}"


def _sentence(lock: Lock) -> str:
    question, scales = lock.estimand, data.scales()
    if is_defined(question.scale, question.outcome, scales):
        return plain(question.sentence(scales[question.scale]))
    return plain(_without_scale(question))


def _without_scale(question: Estimand) -> str:
    """A question whose scale is not known here: what counts on it stands in the scale's file alone."""
    when = window_in_words(question.window)
    return (
        f"{question.scale} {OUTCOME_NOUNS[question.outcome]} {when}. The file of the scale {question.scale} "
        "is gone, cannot be read, or no longer says what counts; `seventy scales` says why."
    )


def _offer(asked: Estimand, ledger: Ledger) -> None:
    if FORM.stored is not None:
        st.info("Locked. Every page asks it from now on.", icon=":material/lock:")
    if asked == ledger.question:
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
