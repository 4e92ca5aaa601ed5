"""A course in words: what a screen reader says of it, and its scores as a table."""

from math import floor

import pandas as pd

from dashboard.charts.patient.course import Course, Panel, Score
from dashboard.charts.words import MINUS, on
from models.scales import Scale
from models.scales.scoring import band


def sentence(course: Course) -> str:
    """What a screen reader says: `PHQ-9: 21 baseline, 9 endpoint, 10 last; 11 scores, 8 infusions.`."""
    scale = course.main.scale
    used = [score for score in course.main.scores if score.kind != "unused"]
    told = [f"{scale.shown(score.total)} {score.kind}" for score in used if score.kind != "scored"]
    if used and used[-1].kind == "scored":
        told.append(f"{scale.shown(used[-1].total)} last")
    counted = f"{_many(len(course.main.scores), 'score')}, {_many(len(course.infusions), 'infusion')}"
    return f"{scale.name}: {', '.join(told) or 'no score yet'}; {counted}."


def table(course: Course) -> pd.DataFrame:
    """Every score drawn, in the order of time."""
    drawn = [(score, panel) for panel in (course.main, *course.others) for score in panel.scores]
    rows = [_row(score, panel, course) for score, panel in sorted(drawn, key=lambda each: each[0].day)]
    return pd.DataFrame(rows, columns=["Date", "Day", "Scale", "Score", "Band", "Remark"])


def _row(score: Score, panel: Panel, course: Course) -> tuple[str, str, str, str, str, str]:
    scale, named = panel.scale, band(panel.scale, score.total)
    written = (on(course.date_of(score.day)), day_number(score.day), scale.name, scale.shown(score.total))
    return (*written, named.name if named else "", "; ".join(remarks(score, scale)))


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def remarks(score: Score, scale: Scale) -> list[str]:
    """What is special about a score."""
    told: list[str] = [score.kind] if score.kind in ("baseline", "so far", "endpoint") else []
    if score.kind == "unused":
        told.append("older than the baseline")
    if score.recalls_before:
        told.append("asks about days before the first infusion")
    if score.corrected_from is not None:
        told.append(f"corrected; was {scale.shown(score.corrected_from)}")
    return told


def day_number(day: float) -> str:
    """`31`, `−9`."""
    whole = floor(day)
    return f"{MINUS if whole < 0 else ''}{abs(whole)}"
