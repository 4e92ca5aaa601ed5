"""A red line on every page for each thing that is not done for the record as it should be."""

import streamlit as st

from dashboard import backups
from dashboard.components.page.plain import plain


def show_failed_backup() -> None:
    """Say what failed and why, to everybody: whoever reads it can fetch whoever can mend it."""
    for failure in backups.failures():
        st.error(f"{plain(failure)} `seventy doctor` says what to do.", icon=":material/sync_problem:")
