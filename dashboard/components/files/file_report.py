"""What files are and what comes of them: tables, counts, conflicts."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from dashboard.charts.words import whole
from dashboard.components.files.file_refused import LISTED, rows, show_refused
from dashboard.components.forms.crisis import show_crisis_text
from dashboard.components.page.plain import plain
from dashboard.incoming import Seen
from dashboard.readings import note_list
from models.exchange.imports.doubts import About, Doubt
from models.exchange.imports.told_rows import (
    CONFLICTS_READ,
    EARLY_OPENS,
    Contradiction,
    EarlyInfusion,
    are_early,
    patients_shown,
)

COLUMNS: Final = {
    "new": "New",
    "completed": "Completed",
    "already_there": "Already there",
    "conflicting": "Conflicting",
    "rejected": "Refused",
}
IF_ANY: Final = "completed"
"""Rows completed are rare, and counted where there are any."""


def show_files(seen: Seen) -> None:
    """A line a table: what its file was taken for, how it was read, and what was left out."""
    for read in seen.read:
        came = rows(read.rows) if read.rows else "no rows"
        left = f"  \n:small[:gray[Left out: {plain(', '.join(read.left_out))}]]" if read.left_out else ""
        st.markdown(
            f":material/table: **{plain(read.file)}** taken for {read.table}: {came}, {plain(read.how)}{left}"
        )
    for before in seen.before:
        st.info(plain(before), icon=":material/history:")


def show_unread(seen: Seen, asked: Sequence[Doubt] = ()) -> None:
    """The files that are not read, each with the reason and what to do; not those still asked about."""
    names = {doubt.file for doubt in asked if doubt.about is About.ENCODING}
    unread = [skipped for skipped in seen.skipped if skipped.name not in names]
    for skipped in unread:
        why = f"**{plain(skipped.name)}** is not read: {plain(str(skipped))}."
        st.warning(why, icon=":material/block:")
    if any(not skipped.is_damaged for skipped in unread):
        st.caption("If the headers are only called otherwise, a mapping file says which is which: see above.")


def show_stored(seen: Seen) -> None:
    """What was stored, and what was not; the alerts before anything else."""
    if seen.result.alerts:
        answers = "1 answer" if seen.result.alerts == 1 else f"{seen.result.alerts:,} answers"
        st.error(f"**{answers} about suicide raised an alert.**", icon=":material/priority_high:")
    show_unheard(seen)
    st.title(f"{rows(seen.stored)} stored", anchor=False)
    show_files(seen)
    show_unread(seen)
    show_result(seen)


def show_unheard(seen: Seen) -> None:
    """The answers about suicide in refused rows, which alert nobody, with the crisis text."""
    unheard = seen.result.unheard
    if not unheard.count:
        return
    st.error(f"**{unheard}**", icon=":material/priority_high:")
    st.markdown("\n".join(f"- {plain(place)}" for place in unheard.places[:LISTED]))
    if len(unheard.places) > LISTED:
        st.caption("and more: they stand among the refused rows.")
    show_crisis_text()


def show_result(seen: Seen) -> None:
    """The counts, the conflicts, the infusions before every course, and the refused rows."""
    _counts(seen)
    _conflicts(seen)
    _early(seen)
    show_refused(seen)


def _counts(seen: Seen) -> None:
    counts = {table: count for table, count in seen.result.counts.items() if any(vars(count).values())}
    if not counts:
        return
    columns = {
        name: title
        for name, title in COLUMNS.items()
        if name != IF_ANY or any(count.completed for count in counts.values())
    }
    st.table(
        {
            "Rows": [table.capitalize() for table in counts],
            **{
                title: [whole(getattr(count, name)) for count in counts.values()]
                for name, title in columns.items()
            },
        },
        border="horizontal",
        hide_index=True,
    )


def _conflicts(seen: Seen) -> None:
    number = sum(count.conflicting for count in seen.result.counts.values())
    if not number:
        return
    st.subheader(f"{rows(number)} contradict{'s' if number == 1 else ''} what is recorded", anchor=False)
    st.caption(
        "What is recorded stands. Somebody has to decide: where the file is right, correct the record."
    )
    _list_first(seen.result.contradictions, number)


def _early(seen: Seen) -> None:
    number = seen.result.early_rows
    if not number:
        return
    st.subheader(are_early(number), anchor=False)
    st.caption(EARLY_OPENS)
    _list_first(seen.result.early, number)


def _list_first(every: Sequence[Contradiction | EarlyInfusion], number: int) -> None:
    """The first of these, each a reading of the record it tells of."""
    shown = every[:LISTED]
    note_list(CONFLICTS_READ, patients_shown(shown))
    st.markdown("\n".join(f"- {plain(each)}" for each in shown))
    if number > len(shown):
        st.caption(f"and {whole(number - len(shown))} more")
