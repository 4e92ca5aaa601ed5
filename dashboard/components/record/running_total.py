"""What the answers come to while they are given."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.components.forms.item_answers import Answers
from dashboard.components.page.plain import plain
from dashboard.patients import PatientRecord
from models.scales import Scale
from models.scales.scoring import alert_level, band, score_items


def show_running_total(record: PatientRecord, scale: Scale, answers: Answers) -> None:
    """The sum so far; once every item is answered, its band. Beside it what was scored the last time."""
    given = [answer for answer in answers.values() if answer is not None]
    score, before = score_items(scale, answers), record.of_scale(scale.id)
    complete = score.status == "complete" and score.total is not None
    total = score.total if complete and score.total is not None else sum(given)
    within = band(scale, total) if complete else None
    remarks = [plain(within.name) if within else f"{len(given)} of {len(scale.items)} answered"]
    if before:
        remarks.append(f"last time {scale.shown(before[-1].total)}")
    st.metric(
        plain(scale.name) if complete else f"{plain(scale.name)} so far",
        scale.shown(total) if given else "–",
        "; ".join(remarks),
        delta_color="off",
        delta_arrow="off",
    )
    st.progress(len(given) / len(scale.items))


def complete_total(scale: Scale, answers: Answers) -> str | None:
    """The total and its band, "12, moderate", once every item is answered."""
    score = score_items(scale, answers)
    if score.total is None or None in answers.values():
        return None
    within = band(scale, score.total)
    return f"{scale.shown(score.total)}, {plain(within.name)}" if within else scale.shown(score.total)


def warn_of_suicide_item(scale: Scale, asked: Mapping[str, Any]) -> None:
    """Before saving: what the answer to the suicide item will call up."""
    item = scale.suicide_item
    if item is None:
        return
    answer = asked["items"].get(item.number) if "items" in asked else asked["suicide_item"]
    if isinstance(answer, int) and alert_level(scale, answer, asked=True) is not None:
        st.warning(
            f"Item {item.number} is above 0. Saving raises an alert and shows what to do in a crisis.",
            icon=":material/priority_high:",
        )
