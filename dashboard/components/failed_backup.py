"""A red line on every page while there is no new backup."""

import streamlit as st

from dashboard import backups
from dashboard.components.plain import plain


def show_failed_backup() -> None:
    """Say why the last backup failed, to everybody: whoever reads it can fetch whoever can mend it."""
    failure = backups.failure()
    if failure:
        st.error(f"{plain(failure)} `seventy doctor` says what to do.", icon=":material/sync_problem:")
