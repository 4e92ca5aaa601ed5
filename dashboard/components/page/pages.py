"""The names of the pages, and how one leads to another."""

from enum import StrEnum
from typing import Final, NoReturn

import streamlit as st

from dashboard.components.page.role import Role, looking


class Page(StrEnum):
    """A page, by the last part of its address. No address ever names a patient."""

    RECORD = "record"
    PATIENT = "patient"
    CLINIC = "clinic"
    CLAIM = "claim"
    WAYS = "every-way-to-count"
    METHODS = "methods"
    WORDS = "words"
    IMPORT = "import"
    SETTINGS = "settings"
    PEOPLE = "people"
    TRAIL = "audit-trail"


HOMES: Final = {
    Role.CLINICIAN: Page.RECORD,
    Role.MANAGER: Page.CLAIM,
    Role.ADMINISTRATOR: Page.PEOPLE,
    Role.AUDITOR: Page.TRAIL,
}
HOME: Final = "home"
"""The page a role begins with is known by this name; Streamlit serves it without an address."""
ADDRESSES: Final[dict[str, str]] = {"": "", HOME: HOME, **{page: page for page in Page}, "audit": Page.TRAIL}
"""Every address that leads to a page, and that page's own: the trail's command is `audit`."""


def go_to(page: Page) -> NoReturn:
    """Leave for another page."""
    _leave_for(HOME if page is HOMES[looking()] else page)


def go_home() -> NoReturn:
    """Leave for the page the role begins with."""
    _leave_for(HOME)


def _leave_for(name: str) -> NoReturn:
    """Streamlit tells pages apart by the name in their address alone."""
    st.switch_page(st.Page(_elsewhere, title=name.capitalize(), url_path=name))


def _elsewhere() -> None:
    """Stands for a page that `app.py` draws."""
