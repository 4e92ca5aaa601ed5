"""The app: who is looking, which pages are theirs, and what stands above every page.

`seventy serve` and `seventy demo` start it. Each run draws one page: the navigation is built for the role
that looks, and every page checks the role again.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import streamlit as st

from dashboard import data
from dashboard.components.claim.lock_card import show_if_unanswered
from dashboard.components.forms import drafts
from dashboard.components.forms.begun_anew import show_begun_anew
from dashboard.components.forms.crisis import show_crisis
from dashboard.components.forms.dialogs import close_on_leaving
from dashboard.components.page.failed_backup import show_failed_backup
from dashboard.components.page.glass import show_glass
from dashboard.components.page.pages import HOME, HOMES, Page, go_home
from dashboard.components.page.plain import plain
from dashboard.components.page.role import show_account, whose
from dashboard.components.page.scarce_room import show_scarce_room
from dashboard.components.page.theme_mode import follow_theme_mode
from dashboard.components.patients.open_alerts import show_open_alerts
from dashboard.components.question.estimand_picker import askable, first_question, pick_question
from dashboard.door import door_is_open, keep_up
from dashboard.identity import NobodyError, Viewer, me, session_hash
from dashboard.views import (
    audit,
    claim,
    clinic,
    every_way,
    files,
    methods,
    patient,
    people,
    record,
    settings,
    words,
)
from models.access.roles import Right
from models.store.audit.events import coming_from

MARKS: Final = Path(__file__).parent / "components" / "page"
ADDRESS_HELP: Final = (
    "Seventy is started with `seventy serve`, or with `seventy demo` to look at an invented clinic."
)


class Entry(NamedTuple):
    """A page in the navigation, and the rights any one of which opens it."""

    page: Page
    section: str
    icon: str
    show: Callable[[], None]
    rights: tuple[Right, ...]


ANSWER: Final = "Answer"
ENTRIES: Final = (
    Entry(Page.RECORD, "Care", "edit_note", record.show, (Right.RECORD,)),
    Entry(Page.PATIENT, "Care", "show_chart", patient.show, (Right.PATIENTS,)),
    Entry(Page.CLINIC, "Care", "groups", clinic.show, (Right.RATES, Right.PATIENTS)),
    Entry(Page.CLAIM, ANSWER, "balance", claim.show, (Right.RATES,)),
    Entry(Page.WAYS, ANSWER, "scatter_plot", every_way.show, (Right.QUESTION,)),
    Entry(Page.METHODS, ANSWER, "menu_book", methods.show, (Right.DEFINITIONS,)),
    Entry(Page.WORDS, "Office", "format_quote", words.show, (Right.QUESTION,)),
    Entry(Page.IMPORT, "Office", "upload_file", files.show, (Right.FILES,)),
    Entry(Page.SETTINGS, "Office", "tune", settings.show, (Right.CLINIC,)),
    Entry(Page.TRAIL, "Office", "history", audit.show, (Right.AUDIT,)),
    Entry(Page.PEOPLE, "Office", "badge", people.show, (Right.ACCOUNTS,)),
)
TURNED_AWAY: Final = "turned away from"  # under which the page that was asked for is remembered
ANSWERING: Final = [entry.page for entry in ENTRIES if entry.section == ANSWER]


def main() -> None:
    """Draw one page for whoever is signed in."""
    st.set_page_config(
        page_title="Seventy",
        page_icon=str(MARKS / "dots.svg"),
        layout="wide",
        initial_sidebar_state=260,
    )
    if not door_is_open() or session_hash() is None:
        st.title("Seventy was not started this way", anchor=False)
        st.markdown(ADDRESS_HELP)
        st.stop()
    try:
        viewer = me()
    except NobodyError:
        st.title("You are signed out", anchor=False)
        st.markdown("[Sign in](/login)")
        st.stop()
    if drafts.give_back(viewer):
        viewer = me()  # in the demo also as whom somebody looks is given back
    keep_up()
    try:
        with coming_from(viewer.session.address):
            draw(viewer)
    finally:
        drafts.keep(viewer)


def draw(viewer: Viewer) -> None:
    """The navigation, what stands above every page, and the page."""
    page = st.navigation(pages_of(viewer))
    if page.visibility == "hidden":
        st.session_state[TURNED_AWAY] = page.url_path
        go_home()
    st.logo(str(MARKS / "logo.svg"), size="large", icon_image=str(MARKS / "dots.svg"))
    close_on_leaving(page.url_path)
    follow_theme_mode()
    answers = page.url_path in ANSWERING or (not page.url_path and HOMES[viewer.role] in ANSWERING)
    with st.sidebar:
        if answers:
            names = data.names()
            scales = askable(data.scales())
            pick_question(scales, names.leaders, names.sites, first_question(scales))
        show_account(viewer)
    show_crisis()
    _say_turned_away(viewer, page)
    show_begun_anew()
    show_failed_backup()
    show_scarce_room()
    if answers or page.url_path in (Page.CLINIC, Page.WORDS):  # which ask the same question
        show_if_unanswered(data.ledger())
    if data.clinic().demo:
        whom = plain(viewer.session.account.name)
        st.caption(f":material/science: Demo clinic, signed in as {whom}. Every patient here is invented.")
    show_glass(viewer)
    if viewer.may(Right.PATIENTS):
        show_open_alerts()
    page.run()


def _say_turned_away(viewer: Viewer, home: st.Page) -> None:
    """Whose the page is that was asked for by its address, as long as their home is shown in its stead."""
    asked = st.session_state.get(TURNED_AWAY)
    for entry in ENTRIES:
        if entry.page == asked and not home.url_path and not any(map(viewer.may, entry.rights)):
            theirs, you = whose(*entry.rights), viewer.role.shown.lower()
            said = f"The page *{_title(asked)}* is for: {theirs}. Your role is {you}; this is *{home.title}*."
            st.info(said, icon=":material/lock:")
            return
    st.session_state.pop(TURNED_AWAY, None)


def pages_of(viewer: Viewer) -> dict[str, list[st.Page]]:
    """The navigation of one person, their home at the address without a page.

    The home's own name and the pages of others lead there unseen: Streamlit would call them not found.
    """
    sections: dict[str, list[st.Page]] = {"": []}
    for entry in ENTRIES:
        is_home, is_theirs = entry.page is HOMES[viewer.role], any(map(viewer.may, entry.rights))
        if is_theirs:
            address = HOME if is_home else entry.page
            sections.setdefault(entry.section, []).append(_page(entry, address, default=is_home))
        if is_home or not is_theirs:
            sections[""].append(_page(entry, entry.page, visibility="hidden"))
    return sections


def _page(entry: Entry, address: str, **place: Any) -> st.Page:
    title, icon = _title(entry.page), f":material/{entry.icon}:"
    return st.Page(entry.show, title=title, icon=icon, url_path=address, **place)


def _title(page: str) -> str:
    return page.replace("-", " ").capitalize()


if __name__ == "__main__":
    main()
