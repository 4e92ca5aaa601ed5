"""An alarm on every page while the disk still has some room, but hardly any."""

from typing import Final

import streamlit as st

from dashboard import upkeep
from dashboard.components.page.failed_backup import WHOM
from dashboard.components.page.plain import plain

OF_RECORD: Final = "Imports are refused until there is more; single scores are still saved."
OF_BACKUPS: Final = "Without room there are no more backups."


def show_scarce_room() -> None:
    """Say so to everybody: whoever reads it can fetch whoever can make room."""
    if scarce := upkeep.scarce_room():
        what = OF_RECORD if scarce.of_record else OF_BACKUPS
        st.error(f"Only {plain(scarce.says)}. {what} {WHOM} it needs room.", icon=":material/hard_drive:")
