"""The numbers behind the charts: tables to read, and one file in which nothing can run as a formula."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import pandas as pd
import polars as pl
import streamlit as st

from dashboard.components.page.file_offer import offer_file
from dashboard.components.page.role import Right, allowed
from dashboard.shelf import File, Taken
from models.exchange.sheets.formulas import inert
from models.store.audit.events import Event


class NumberTable(NamedTuple):
    """What one chart shows, as rows to read."""

    title: str
    rows: pd.DataFrame


class Numbers(NamedTuple):
    """The tables of some charts, and the same unrounded as a file."""

    tables: Sequence[NumberTable]
    file: bytes
    file_name: str


def show_numbers(title: str, numbers: Callable[[], Numbers]) -> None:
    """An expander with the tables and the download; what is in it is worked out once it is opened.

    Numbers drawn for whoever may read one patient's record are taken by nobody who may no longer.
    """
    expander = st.expander(title, icon=":material/table:", key=f"numbers-{title}", on_change="rerun")
    if not expander.open:
        return
    tables, file, file_name = numbers()
    with expander:
        with st.grid(2, min_column_width=340, gap="large") as grid:
            for table in tables:
                with grid.container():
                    st.markdown(f"**{table.title}**")
                    st.table(table.rows, border="horizontal", hide_index=True)
        taken = Taken(file, Event("export", title[:1].lower() + title[1:], detail={"file": file_name}))
        drawn_for = (Right.RATES, Right.PATIENTS) if allowed(Right.PATIENTS) else (Right.RATES,)
        offered = File(file_name, "text/csv", lambda: taken, drawn_for)
        offer_file("Download these numbers", offered, key=f"download-{file_name}")


def as_copied(texts: pl.Expr) -> pl.Expr:
    """Texts of a table on screen, whose cells can be copied into a spreadsheet: none is a formula there."""
    return texts.map_elements(inert, return_dtype=pl.String)


def csv_of(rows: Iterable[Mapping[str, object]]) -> bytes:
    """Rows as CSV in UTF-8; numbers are never rounded, nothing is empty text but what is not known."""
    rows = list(rows)
    written = io.StringIO()
    names = list(rows[0]) if rows else []
    writer = csv.DictWriter(written, names, quoting=csv.QUOTE_NONNUMERIC)
    writer.writeheader()
    writer.writerows(
        {name: inert(value) if isinstance(value, str) else value for name, value in row.items()}
        for row in rows
    )
    return written.getvalue().encode()
