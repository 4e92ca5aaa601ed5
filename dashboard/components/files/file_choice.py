"""Which files are brought in, and the mapping file beside them."""

from typing import Final, NamedTuple

import streamlit as st

from dashboard import data
from dashboard.components.forms.form import Form
from dashboard.components.page.plain import plain
from dashboard.incoming import MOST_FILES
from models.exchange.browser.sending import Sent, named
from models.exchange.columns.layout import LAYOUTS
from models.exchange.columns.mapping_example import CONVENTIONS, LONG, RULES, WIDE
from models.exchange.sheets.archive import MEGABYTE
from models.exchange.sheets.limits import BROWSER

FORM: Final = Form("import")


class Chosen(NamedTuple):
    """The files, and how foreign ones are to be read."""

    files: tuple[Sent, ...]
    mapping: Sent | None

    @property
    def hashes(self) -> tuple[str, ...]:
        """What makes this another choice than any: every name, and every byte."""
        given = (*self.files, *([self.mapping] if self.mapping else ()))
        return tuple(part for file in given for part in (file.name, file.sha256))


def choose_files() -> Chosen:
    """Ask for the files; none before somebody chose some. Too many are refused in words."""
    most = BROWSER.size // MEGABYTE
    came = st.file_uploader(
        "Files of patients, courses, infusions and scores: CSV or Excel (.xlsx)",
        accept_multiple_files=True,
        key=key("files"),
        max_upload_size=most,
        help=f"At most {most} MB and {BROWSER.rows:,} rows each. What is larger is read by `seventy import`.",
    )
    with st.expander("A mapping file, for other headers and wide files", icon=":material/translate:"):
        mapping = st.file_uploader(
            "Mapping file (TOML)", key=key("mapping"), max_upload_size=1, label_visibility="collapsed"
        )
        show_how_to_map()
    if len(came) > MOST_FILES:
        st.error(f"{len(came)} files at once; at most {MOST_FILES} are taken.", icon=":material/error:")
        st.stop()
    files = named((each.name, each.getvalue()) for each in came)
    beside = named([(mapping.name, mapping.getvalue())])[0] if mapping else None
    return Chosen(tuple(files), beside)


def key(name: str) -> str:
    """The key of a widget of this sheet; no key of a form, for a file is not kept as a draft."""
    return f"import {FORM.save_key} {name}"


def show_what_is_read() -> None:
    """The four tables and their columns, and what is not guessed."""
    st.markdown("A table is known by its headers, whatever the file is called, in any order.")
    st.table(
        {
            "Table": [layout.table.capitalize() for layout in LAYOUTS.values()],
            "Needs": [", ".join(map(plain, layout.required)) for layout in LAYOUTS.values()],
            "May have": [
                ", ".join([*map(plain, layout.optional), *(["item\\_1 …"] if layout.has_items else [])])
                for layout in LAYOUTS.values()
            ],
        },
        border="horizontal",
        hide_index=True,
    )
    st.caption(
        "You see what would be stored before anything is. "
        f"Times without an offset are read as the clinic's own, {plain(data.zone().key)}."
    )


def show_how_to_map() -> None:
    """What a mapping file says, in words and as one to begin from."""
    st.markdown(
        "When the headers of a file are not understood, say in a text file which of them is which, and add "
        "it here. `seventy import --mapping` reads the same."
    )
    st.code(f"{CONVENTIONS}\n{LONG}\n{WIDE}", language=None, wrap_lines=True)
    st.markdown(RULES)
