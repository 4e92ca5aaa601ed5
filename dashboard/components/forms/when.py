"""When something happened: a day, and the time of day if it is known.

Both are typed as text. A field of segments with a calendar keeps what is typed into it to itself until it is
left, and a save by keyboard would store the day before it; a field of text sends what it shows.
"""

from datetime import date, time, timedelta
from typing import Final, Literal, NamedTuple

import streamlit as st

from dashboard import data, entries
from dashboard.components.forms.choices import choose_one
from dashboard.components.forms.form import Form
from dashboard.written import read_clock, read_day
from models.tables.facts import Problem

DATES: Final = "YYYY-MM-DD"
FIRST, SECOND = "first", "second"
DAY, CLOCK = "day", "clock"
DAY_WIDE, TIME_WIDE = 150, 102  # side by side in a card of 302
QUICK: Final = {"Today": timedelta(0), "Yesterday": timedelta(days=1)}


class When(NamedTuple):
    """A day of the clinic, and a time of that day where one was given; of two such times, which.

    What cannot be read is the problem with it.
    """

    day: date | Problem | None
    clock: time | Problem | None
    which: str | None = None

    @property
    def known_day(self) -> date | None:
        """The day, if one can be read."""
        return None if isinstance(self.day, Problem) else self.day

    def fields(self, name: str) -> dict[str, object]:
        """As facts take it: `given_at` with a time, `given_on` without, or the problems with them."""
        if isinstance(self.day, Problem) or isinstance(self.clock, Problem):
            day, clock = (part if isinstance(part, Problem) else None for part in (self.day, self.clock))
            return {f"{name}_at": clock, f"{name}_on": day}
        is_second = None if self.which is None else self.which == SECOND
        return entries.moment_fields(name, self.day, self.clock, is_second=is_second)


def ask_when(form: Form, title: str) -> When:
    """Ask for the day (today, unless said otherwise) and the time, which may stay empty."""
    with st.container(gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            day = ask_day(form, DAY, title, data.today(), width=DAY_WIDE)
            clock = _ask_clock(form)
        with st.container(horizontal=True):
            for label, back in QUICK.items():
                _quick_button(form, label, data.today() - back)
    return When(day, clock, _ask_which(form, day, clock))


def _quick_button(form: Form, label: str, day: date) -> None:
    """Write a day into the field with one press."""
    st.button(label, type="tertiary", key=form.button(label), on_click=form.fill, args=(DAY, day))


def _ask_clock(form: Form) -> time | Problem | None:
    """The time of day, which may stay empty."""
    form.start_with(CLOCK, "")
    value = form.value(CLOCK)
    if isinstance(value, time):
        form.fill(CLOCK, f"{value:%H:%M}")
    typed = st.text_input(
        "Time, if known",
        key=form.key(CLOCK),
        placeholder="HH:MM",
        autocomplete="off",
        persist_state="session",
        width=TIME_WIDE,
    )
    return read_clock(CLOCK, "Time", typed)


def _ask_which(form: Form, day: date | Problem | None, clock: time | Problem | None) -> str | None:
    """In the night the clocks are put back, which of the two times that look alike is meant."""
    if isinstance(day, Problem) or isinstance(clock, Problem):
        return None
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
    width: int | Literal["stretch"] = 160,
) -> date | Problem | None:
    """A day, which may stay empty; one that cannot be is kept as typed, and refused when it is saved."""
    form.start_with(field, "" if usual is None else usual)
    value = form.value(field)
    if isinstance(value, date):
        form.fill(field, value.isoformat())
    typed = st.text_input(
        title,
        key=form.key(field),
        placeholder=DATES,
        autocomplete="off",
        persist_state="session",
        width=width,
    )
    return read_day(field, title, typed)
