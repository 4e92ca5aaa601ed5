"""Who broke the glass lately: the first thing an administrator and an auditor see on their pages."""

import streamlit as st

from dashboard import data, staff
from dashboard.charts.words import at, on
from dashboard.components.page.plain import plain
from models.store.trail.glass import Elevation


def show_broken_glass() -> None:
    """A warning with a line for each time, or a quiet line that there was none."""
    found = staff.broken_glass()
    if not found:
        st.caption(f":material/visibility_off: Nobody broke the glass in the last {staff.LATELY.days} days.")
        return
    times = "once" if len(found) == 1 else f"{len(found)} times"
    lines = "\n".join(f"- {_told(each)}" for each in found)
    st.warning(
        f"**The glass was broken {times} in the last {staff.LATELY.days} days.**\n\n{lines}",
        icon=":material/emergency:",
    )


def _told(one: Elevation) -> str:
    begun, ends = (moment.astimezone(data.zone()) for moment in (one.started_at, one.ends_at))
    until = f" Open until {at(ends.time())}." if one.ends_at > data.now() else ""
    why = f": {plain(one.reason)}" if one.reason else ""
    return f"{plain(one.name)} ({plain(one.username)}), {on(begun.date())} {at(begun.time())}{why}.{until}"
