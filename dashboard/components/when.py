"""When something happened: a day, and the time of day if it is known."""

from datetime import date, time
from typing import Final, NamedTuple

import streamlit as st

from dashboard import data, entries
from dashboard.components.choices import choose_one
from dashboard.components.form import Form

DATES: Final = "YYYY-MM-DD"
MINUTE: Final = 60
FIRST, SECOND = "first", "second"
EARLIEST, LATEST = date(1000, 1, 1), date(9999, 12, 31)
"""What a calendar can show. A day that cannot be is refused when it is saved, in words."""
DAY_WIDE, TIME_WIDE = 166, 86  # side by side in a card of 302


class When(NamedTuple):
    """A day of the clinic, and a time of that day where one was given; of two such times, which."""

    day: date | None
    clock: time | None
    which: str | None = None

    def fields(self, name: str) -> dict[str, object]:
        """As facts take it: `given_at` with a time, `given_on` without, or the problem with the time."""
        is_second = None if self.which is None else self.which == SECOND
        return entries.moment_fields(name, self.day, self.clock, is_second=is_second)


def ask_when(form: Form, title: str) -> When:
    """Ask for the day (today, unless said otherwise) and the time, which may stay empty."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        day = ask_day(form, "day", title, data.today(), width=DAY_WIDE)
        clock = st.time_input(
            "Time",
            value=None,
            step=MINUTE,
            key=form.key("clock"),
            persist_state="session",
            width=TIME_WIDE,
            help="May stay empty where it is not known.",
        )
    return When(day, clock, _ask_which(form, day, clock))


def _ask_which(form: Form, day: date | None, clock: time | None) -> str | None:
    """In the night the clocks are put back, which of the two times that look alike is meant."""
    both = entries.both_moments(day, clock)
    if both is None:
        return None
    words = {
        which: f"The {which}, UTC{moment.isoformat()[-6:]}"
        for which, moment in zip((FIRST, SECOND), both, strict=True)
    }
    chosen: str | None = choose_one(form, "which", "The clocks showed this time twice", words, None)
    return chosen


def ask_day(
    form: Form,
    field: str,
    title: str,
    usual: date | None = None,
    *,
    width: int = 160,
) -> date | None:
    """A day, which may stay empty.

    The field itself refuses no day: beyond its bounds a browser would keep the day before and send that.
    """
    form.start_with(field, usual)
    return st.date_input(
        title,
        value=None,
        min_value=EARLIEST,
        max_value=LATEST,
        format=DATES,
        key=form.key(field),
        persist_state="session",
        width=width,
    )
