"""Days and times of day as people type them: read strictly, or refused in words; never a guess."""

import re
from datetime import date, time
from typing import Final

from models.tables.facts import Problem
from models.tables.facts.problems import refused

DAY: Final = re.compile(r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})")
CLOCK: Final = re.compile(r"([0-9]{1,2}):?([0-9]{2})")


def read_day(field: str, title: str, typed: str) -> date | Problem | None:
    """The day of "2026-02-01" or "20260201", nothing of nothing, or the problem with what is neither."""
    text = typed.strip()
    if not text:
        return None
    found = DAY.fullmatch(text)
    if found is None:
        return refused(field, title, text, "written as 2026-02-01")
    try:
        return date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return refused(field, title, text, "a day of the calendar")


def read_clock(field: str, title: str, typed: str) -> time | Problem | None:
    """The time of "09:20", "9:20" or "0920", nothing of nothing, or the problem with what is neither."""
    text = typed.strip()
    if not text:
        return None
    found = CLOCK.fullmatch(text)
    if found is None:
        return refused(field, title, text, "written as 09:20")
    try:
        return time(int(found[1]), int(found[2]))
    except ValueError:
        return refused(field, title, text, "between 00:00 and 23:59")
