"""A scale of which only the total is typed, and beside it the answer to its suicide item."""

from typing import Final

import streamlit as st

from dashboard.components.forms.choices import as_float
from dashboard.components.forms.form import Form
from dashboard.components.page.plain import plain
from models.scales import Scale

NOT_RECORDED: Final = "Not recorded"


def ask_total(form: Form, scale: Scale) -> float | None:
    """The total as the paper form says it; its range is checked when it is saved, and refused in words."""
    form.start_with("total", None)
    as_float(form, "total")  # a whole-number field would cut 12.5 to 12 and send that
    return st.number_input(
        f"{plain(scale.name)} total, {scale.shown(scale.low)} to {scale.shown(scale.high)}",
        value=None,
        step=10.0**-scale.decimals,
        format="%g",
        key=form.key("total"),
        persist_state="session",
    )


def ask_suicide_item(form: Form, scale: Scale) -> int | str | None:
    """The answer to the suicide item, or that it was not recorded: one of them has to be chosen."""
    item = scale.suicide_item
    if item is None:
        return NOT_RECORDED
    return st.segmented_control(
        f"Item {item.number}, suicidal thoughts",
        [NOT_RECORDED, *range(item.low, item.high + 1)],
        format_func=lambda value: f":gray[{value}]" if value == NOT_RECORDED else f":gray[**{value}**]",
        required=True,
        key=form.key("suicide item"),
        width="stretch",
        wrap=True,
        persist_state="session",
        help="A total alone says nothing about this item, and raises no alert.",
    )
