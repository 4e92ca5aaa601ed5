"""The refused rows of files: each with its reason, in lines that break, and to take away."""

from collections.abc import Collection, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Final

import streamlit as st

from dashboard.charts.words import whole
from dashboard.components.page.file_offer import offer_file
from dashboard.components.page.numbers import csv_of
from dashboard.components.page.plain import cell, plain
from dashboard.components.page.role import Right
from dashboard.incoming import Seen
from dashboard.readings import note_list
from dashboard.shelf import File, Taken
from models.exchange.imports.told_rows import CONFLICTS_READ, MOST_LISTED, Rejection, patients_shown
from models.store.audit.events import Event
from models.store.trail.listed import compact

LISTED: Final = 20
TALL: Final = 400  # pixels
WHERE: Final = "Where"
WHY: Final = "Why, and what is allowed"
LISTS: Final = "refused rows of an import"


def show_refused(seen: Seen) -> None:
    """The first reasons under the name of their file, all of them on demand, and what may be taken away."""
    number = sum(count.rejected for count in seen.result.counts.values())
    if not number:
        return
    rejections = seen.result.rejections
    st.subheader(f"{rows(number)} refused", anchor=False)
    st.caption("Mend them and bring them again: every other row is stored without them.")
    note_list(CONFLICTS_READ, patients_shown(rejections[:LISTED]))
    for file, of_file in groupby(rejections[:LISTED], key=attrgetter("file")):
        reasons = dict.fromkeys(each.in_file for each in of_file)  # a row may stand for two tables
        st.markdown(f"**{plain(file)}**\n\n" + "\n".join(f"- {plain(each)}" for each in reasons))
    if len(rejections) > LISTED:
        _all(rejections)
    with st.container(horizontal=True):
        listed = File("refused-list.csv", "text/csv", partial(_list, rejections), (Right.FILES,))
        offer_file("Take this list", listed, key="import-list")
        for name, content in seen.refused:
            label = "Take the rows, to mend" if len(seen.refused) == 1 else f"Take {plain(name)}, to mend"
            made = partial(_taken, content, seen.refused_of)
            file = File(name, "text/csv", made, (Right.FILES,))
            offer_file(label, file, key=f"import-{name}")


def _all(rejections: Sequence[Rejection]) -> None:
    """Every reason that is kept; a table whose cells break their text, as those of a data frame do not."""
    first = "The first " if len(rejections) == MOST_LISTED else "All "
    title = f"{first}{whole(len(rejections))} reasons"
    expander = st.expander(title, icon=":material/table:", key="import-refused", on_change="rerun")
    if not expander.open:
        return
    note_list(CONFLICTS_READ, patients_shown(rejections))
    with expander, st.container(height=TALL, border=False):
        st.table(
            {
                WHERE: [cell(each.where) for each in rejections],
                WHY: [cell(each.reason) for each in rejections],
            },
            border="horizontal",
            hide_index=True,
        )


def _list(rejections: Sequence[Rejection]) -> Taken:
    return _taken(csv_of(map(_line, rejections)), patients_shown(rejections))


def _line(rejection: Rejection) -> dict[str, object]:
    return {
        "File": rejection.file,
        "Line": rejection.line,
        "Field": rejection.column,
        "Value": rejection.value,
        WHY: rejection.reason,
    }


def _taken(content: bytes, whose: Collection[int]) -> Taken:
    """What is taken away, and of whose record its reasons tell."""
    return Taken(content, Event("export", LISTS, detail={"patients": compact(whose)} if whose else {}))


def rows(number: int) -> str:
    """`1 row`, `240 rows`."""
    return "1 row" if number == 1 else f"{whole(number)} rows"
