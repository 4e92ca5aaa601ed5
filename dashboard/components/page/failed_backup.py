"""A red line on every page for each thing that is not done for the record as it should be."""

import re
from typing import Final

import streamlit as st

from dashboard import backups
from dashboard.components.page.plain import plain

NUMBERED: Final = re.compile(r"\[Errno \d+\] ")
"""How a fault of the system begins, which says nothing to whoever reads it here."""
WHOM: Final = "Tell whoever looks after this computer:"


def show_failed_backup() -> None:
    """Say what failed and why, to everybody: whoever reads it can fetch whoever can mend it."""
    for failure in backups.failures():
        words = plain(NUMBERED.sub("", failure))
        st.error(f"{words} {WHOM} `seventy doctor` says what to do.", icon=":material/sync_problem:")
