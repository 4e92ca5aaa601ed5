"""The app: who is looking, which pages are theirs, and what stands above every page.

`seventy serve` and `seventy demo` start it. Each run draws one page: the navigation is built for the role
that looks, and every page checks the role again.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import streamlit as st

from dashboard import data
from dashboard.components.crisis import show_crisis
from dashboard.components.dialogs import close_on_leaving
from dashboard.components.estimand_picker import locked_question, pick_question
from dashboard.components.open_alerts import show_open_alerts
from dashboard.components.pages import HOME, HOMES, Page, go_home
from dashboard.components.role import Role, choose_role, looking
from dashboard.components.theme_mode import follow_theme_mode
from dashboard.views import claim, clinic, every_way, methods, patient, record, settings, words

MARKS: Final = Path(__file__).parent / "components"
ADDRESS_HELP: Final = (
    "Seventy is started with `seventy serve`, or with `seventy demo` to look at an invented clinic."
)


class Entry(NamedTuple):
    """A page in the navigation, and whose it is."""

    page: Page
    section: str
    icon: str
    show: Callable[[], None]
    roles: tuple[Role, ...]


ANSWER: Final = "Answer"
BOTH: Final = (Role.CLINICIAN, Role.MANAGER)
ENTRIES: Final = (
    Entry(Page.RECORD, "Care", "edit_note", record.show, (Role.CLINICIAN,)),
    Entry(Page.PATIENT, "Care", "show_chart", patient.show, (Role.CLINICIAN,)),
    Entry(Page.CLINIC, "Care", "groups", clinic.show, BOTH),
    Entry(Page.CLAIM, ANSWER, "balance", claim.show, BOTH),
    Entry(Page.WAYS, ANSWER, "scatter_plot", every_way.show, (Role.MANAGER,)),
    Entry(Page.METHODS, ANSWER, "menu_book", methods.show, BOTH),
    Entry(Page.WORDS, "Office", "format_quote", words.show, (Role.MANAGER,)),
    Entry(Page.SETTINGS, "Office", "tune", settings.show, (Role.MANAGER,)),
)
ANSWERING: Final = [entry.page for entry in ENTRIES if entry.section == ANSWER]


def main() -> None:
    """Draw one page."""
    st.set_page_config(
        page_title="Seventy",
        page_icon=str(MARKS / "dots.svg"),
        layout="wide",
        initial_sidebar_state=260,
    )
    if not data.door_is_open():
        st.title("Seventy was not started this way", anchor=False)
        st.markdown(ADDRESS_HELP)
        st.stop()
    page = st.navigation(pages_of(looking()))
    if page.visibility == "hidden":
        go_home()
    st.logo(str(MARKS / "logo.svg"), size="large", icon_image=str(MARKS / "dots.svg"))
    close_on_leaving(page.url_path)
    follow_theme_mode()
    with st.sidebar:
        if page.url_path in ANSWERING or (not page.url_path and HOMES[looking()] in ANSWERING):
            names = data.names()
            scales = data.scales()
            pick_question(scales, names.clinicians, names.sites, locked_question(scales))
        choose_role()
    show_crisis()
    if data.clinic().demo:
        st.caption(":material/science: Demo clinic. Every patient here is invented.")
    if looking() is Role.CLINICIAN:
        show_open_alerts()
    page.run()


def pages_of(role: Role) -> dict[str, list[st.Page]]:
    """The navigation of one role, its home at the address without a page.

    The home's own name and the pages of other roles lead there unseen: Streamlit would call them not found.
    """
    sections: dict[str, list[st.Page]] = {"": []}
    for entry in ENTRIES:
        is_home = entry.page is HOMES[role]
        if role in entry.roles:
            address = HOME if is_home else entry.page
            sections.setdefault(entry.section, []).append(_page(entry, address, default=is_home))
        if is_home or role not in entry.roles:
            sections[""].append(_page(entry, entry.page, visibility="hidden"))
    return sections


def _page(entry: Entry, address: str, **place: Any) -> st.Page:
    title, icon = entry.page.replace("-", " ").capitalize(), f":material/{entry.icon}:"
    return st.Page(entry.show, title=title, icon=icon, url_path=address, **place)


if __name__ == "__main__":
    main()
