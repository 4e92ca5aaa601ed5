"""A tab of somebody's browser: its name, the page it shows, the dialog on it, and the patient it looks at."""

from secrets import token_hex
from typing import Final

import streamlit as st

from dashboard.signin.places import TAB

CHOSEN: Final = "patient"
"""Under which the patient is kept; never in an address."""
THIS_TAB: Final = "this tab"
OPEN: Final = "open dialog"
PAGE: Final = "page of the dialog"
AS_OPENED: Final = "forms as the dialog opened"
"""What stood in the forms when the dialog was first drawn; what differs now was typed in it."""


def this_tab() -> str:
    """A name of the tab that is looked at, which nobody can guess."""
    name: str = st.session_state.setdefault(THIS_TAB, token_hex(16))
    return name


def this_place() -> str:
    """The page that is looked at, as the way in leads back to it."""
    return f"/{st.session_state.get(PAGE, '')}?{TAB}={this_tab()}"
