"""The alerts of answers that stand, on every page of a clinician: one line, and the list behind it."""

from datetime import timedelta
from typing import Final

import streamlit as st

from dashboard import data
from dashboard.alerts import OpenAlert, OpenAlerts
from dashboard.charts.words import on
from dashboard.components.forms.dialogs import dialog_button, show_if_open
from dashboard.components.forms.suicide_words import said
from dashboard.components.page.pages import Page, go_to
from dashboard.components.page.plain import plain
from dashboard.components.patients.patient_search import choose_patient
from dashboard.readings import note_list

ALL: Final = "all alerts"
LISTED: Final = "open alerts"
RECENT: Final = timedelta(days=7)


def show_open_alerts() -> None:
    """How many there are and the newest one; nothing where there is none."""
    alerts = data.alerts()
    if not alerts.days:
        return
    newest = alerts.newest[0]
    note_list(LISTED, [newest.person.patient_id])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.error(
            f"**{_how_many(alerts)}.** {_line(newest)}; {_age(newest)}.", icon=":material/priority_high:"
        )
        if len(alerts.days) > 1:
            dialog_button("See all", ALL, icon="list", quiet=False)
            show_if_open(ALL, "Last answers about suicide", _list, alerts, width="medium")


def _how_many(alerts: OpenAlerts) -> str:
    """What is counted: last answers, not every alert there was; the new ones apart from the old."""
    recent, every = alerts.since(data.today() - RECENT), len(alerts.days)
    if every == 1:
        return "1 last answer about suicide raised an alert"
    new = "" if recent == every else f", {recent:,} in the last week"
    return f"{every:,} last answers about suicide raised an alert{new}"


def _list(alerts: OpenAlerts) -> None:
    note_list(LISTED, (alert.person.patient_id for alert in alerts.newest))
    st.caption(
        "Each patient's last answer about suicide on each scale, where it was above zero or left out, the "
        "newest first. A later answer takes an earlier one's place. Where one of a day has no time, the "
        "highest of that day stands."
    )
    with st.container(gap=None):
        for alert in alerts.newest:
            if st.button(
                f"{_line(alert)}\u2003:gray[{on(alert.day)}]",
                key=f"{alert.scale} of {alert.person.patient_id}",
                type="tertiary",
            ):
                choose_patient(alert.person.patient_id)
                go_to(Page.PATIENT)
    if older := len(alerts.days) - len(alerts.newest):
        st.caption(f"and {older:,} older ones")


def _line(alert: OpenAlert) -> str:
    """Whose, and what was answered: "Ito, Ken, PHQ-9 question 9: 1, several days"."""
    return f"{plain(alert.person.listed)}, {said(data.scales()[alert.scale], alert.answer)}"


def _age(alert: OpenAlert) -> str:
    days = (data.today() - alert.day).days
    return {-1: "tomorrow", 0: "today", 1: "yesterday"}.get(days, f"{days} days old")
