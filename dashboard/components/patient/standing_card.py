"""Where things stand: the last score, what it means beside the baseline, and why that one is the baseline."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.charts.words import on
from dashboard.components.page.plain import plain
from dashboard.components.patient.standing import Standing
from dashboard.components.record.stored_card import said_when
from dashboard.patients import Assessment, day_of
from models.outcomes.question.windows import BASELINE_REACH_DAYS
from models.scales import Scale


def show_standing(
    course: Mapping[str, Any], scale: Scale, standing: Standing, scores: Sequence[Assessment]
) -> None:
    """A card; `scores` are those of the scale in this course's story."""
    with st.container(border=True):
        st.markdown("**Where things stand**")
        if scores:
            st.metric(
                f"{plain(scale.name)} on {on(scores[-1].day)}",
                scale.shown(scores[-1].total),
                _beside_baseline(scores[-1].total, course["baseline"], scale),
                delta_color="off",
                delta_arrow="off",
            )
        for paragraph in standing.paragraphs:
            st.markdown(paragraph)
        if course["baseline"] is not None:
            with st.popover(f"Why {scale.shown(course['baseline'])} is the baseline", type="tertiary"):
                st.markdown(_why(course, scale, scores))


def _beside_baseline(total: int, baseline: int | None, scale: Scale) -> str | None:
    if baseline is None:
        return None
    if total == baseline:
        return "as at baseline"
    return f"{scale.shown(abs(total - baseline))} {'above' if total > baseline else 'below'} baseline"


def _why(course: Mapping[str, Any], scale: Scale, scores: Sequence[Assessment]) -> str:
    """Which score the course is measured from, by the rule, and which ones are not."""
    chosen = next((one for one in scores if one.assessment_id == course["baseline_id"]), None)
    taken = on(day_of(course["baseline_day"])) if chosen is None else said_when(chosen.day, chosen.clock)
    earlier = [
        one for one in scores if chosen is not None and (one.day, one.row_id) < (chosen.day, chosen.row_id)
    ]
    words = (
        f"It is the last {plain(scale.name)} before the first infusion of {on(day_of(course['d0_day']))}, "
        f"taken on {taken}. Of the scores of the {BASELINE_REACH_DAYS} days before that infusion the last "
        "one is the baseline, never the worst."
    )
    if not earlier:
        return words
    others = ", ".join(f"{scale.shown(one.total)} on {on(one.day)}" for one in earlier)
    return f"{words} Not used: {others}, because a later one is there."
