"""Import: files from elsewhere, looked at before anything of them is stored."""

from typing import Final

import streamlit as st

from dashboard.components.files.file_choice import FORM, Chosen, choose_files, show_what_is_read
from dashboard.components.files.file_confirm import confirm, look
from dashboard.components.files.file_doubts import answers, ask, known
from dashboard.components.files.file_refused import rows
from dashboard.components.files.file_report import (
    show_files,
    show_result,
    show_stored,
    show_unheard,
    show_unread,
)
from dashboard.components.page.role import Right, need
from dashboard.incoming import Seen

NOTHING_READ: Final = "Nothing could be read"


def show() -> None:
    """Which files, what they leave open, what would come of them; then the button, and what came of it."""
    need(Right.FILES)
    stored = FORM.stored
    if isinstance(stored, Seen):
        show_stored(stored)
        if st.button("Bring more in", icon=":material/upload_file:", key="import-more"):
            FORM.reopen()
            st.rerun()
        return
    heading = st.container()
    chosen = choose_files()
    if chosen.files:
        heading.title(_title(chosen), anchor=False)
    else:
        heading.title("Bring past records in", anchor=False)
        show_what_is_read()


def _title(chosen: Chosen) -> str:
    """Draw what the files are, and say in a title what would come of them."""
    said = answers(known(chosen))
    seen = look(chosen, said)
    if seen is None:
        return NOTHING_READ
    doubts = known(chosen, seen.doubts)
    open_ones = [doubt for doubt in doubts if (doubt.file, doubt.about) not in said]
    if not open_ones:
        show_unheard(seen)
    show_files(seen)
    show_unread(seen, open_ones)
    ask(doubts)
    if not (seen.read or open_ones):
        return NOTHING_READ
    if open_ones:
        return "A question first" if len(open_ones) == 1 else f"{len(open_ones)} questions first"
    show_result(seen)
    confirm(chosen, said, seen)
    return "Nothing new" if not seen.stored else f"{rows(seen.stored)} to store"
