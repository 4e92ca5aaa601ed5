"""An alarm on every page while the disk still has some room, but hardly any."""

from typing import Final

import streamlit as st

from dashboard import data
from dashboard.components.page.plain import plain
from models.store.engine.database import is_sqlite
from models.store.health.space import room_of

OF_RECORD: Final = "Imports are refused until there is more; single scores are still saved."
OF_BACKUPS: Final = "Without room there are no more backups."


def show_scarce_room() -> None:
    """Say so to everybody: whoever reads it can fetch whoever can make room."""
    engine = data.engine()
    room = room_of(engine)
    if room.is_scarce:
        what = OF_RECORD if is_sqlite(engine) else OF_BACKUPS
        st.error(f"Only {plain(room.says)}. {what}", icon=":material/hard_drive:")
