"""The names of the pages, and how one leads to another."""

from enum import StrEnum
from typing import NoReturn

import streamlit as st


class Page(StrEnum):
    """A page, by the last part of its address. No address ever names a patient."""

    RECORD = "record"
    PATIENT = "patient"
    CLINIC = "clinic"
    CLAIM = "claim"
    METHODS = "methods"
    SETTINGS = "settings"


def go_to(page: Page) -> NoReturn:
    """Leave for another page: Streamlit tells pages apart by their address alone."""
    st.switch_page(st.Page(_elsewhere, title=page.title(), url_path=page))


def _elsewhere() -> None:
    """Stands for a page that `app.py` draws."""
