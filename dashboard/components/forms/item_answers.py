"""The items of a scale: one question, one row of answers; or all digits at once from paper."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from dashboard.components.forms.form import Form
from dashboard.components.page.plain import plain
from models.scales import Item, Scale

Answers = Mapping[int, int | None]

COUNTS: Final = {2: "Two", 7: "Seven", 8: "Eight", 9: "Nine", 16: "Sixteen", 20: "Twenty"}
BLANK: Final = "-"
DIGITS_WIDE: Final = 302


def ask_items(form: Form, scale: Scale) -> Answers:
    """One row of answers an item, nothing chosen beforehand; `None` where none is chosen."""
    labels = {each.value: f":gray[**{each.value}**\u2002{plain(each.label)}]" for each in scale.answers}
    with st.container(gap="xsmall"):
        return {item.number: _ask(form, item, labels) for item in scale.items}


def _ask(form: Form, item: Item, labels: Mapping[int, str]) -> int | None:
    return st.segmented_control(
        f"{item.number}\u2002{plain(item.text or 'Item')}",
        range(item.low, item.high + 1),
        format_func=lambda value: labels.get(value, f":gray[**{value}**]"),
        required=True,  # or a second Space would take the answer away
        key=form.key(f"item {item.number}"),
        width="stretch",
        wrap=True,
        persist_state="session",
    )


def ask_digits(form: Form, scale: Scale) -> None:
    """A field for the digits of a paper form in their order; Enter fills the rows."""
    length = len(scale.items)
    st.text_input(
        f"{COUNTS.get(length, length)} digits from paper",
        key=form.key("digits"),
        placeholder="".join(str((2, 1, 3, 2, 1, 0)[place % 6]) for place in range(length)),
        help=f"One digit an item in their order, `{BLANK}` where none was answered; Enter fills the form.",
        on_change=_fill_from_digits,
        args=(form, scale),
        autocomplete="off",
        width=DIGITS_WIDE,
    )
    refused = st.session_state.pop(form.key("digits refused"), None)
    if refused:
        st.error(plain(refused))


def _fill_from_digits(form: Form, scale: Scale) -> None:
    digits = "".join(str(form.value("digits") or "").split())
    problem = problem_with(digits, scale)
    if problem is None:
        for item, digit in zip(scale.items, digits, strict=True):
            form.fill(f"item {item.number}", None if digit == BLANK else int(digit))
    elif digits:
        form.fill("digits refused", problem)


def problem_with(digits: str, scale: Scale) -> str | None:
    """Why the digits cannot be the answers, in words; `None` when they can."""
    for item, digit in zip(scale.items, digits, strict=False):
        allowed = [str(value) for value in range(item.low, item.high + 1)]
        if digit not in {*allowed, BLANK}:
            one = "" if digit.isdigit() else " (one digit an item, only spaces between them)"
            return f"{scale.name} item {item.number} runs from {item.low} to {item.high}; got {digit}{one}"
    if len(digits) != len(scale.items):
        return f"{scale.name} has {len(scale.items)} items; got {len(digits)} digits"
    return None


def unanswered(answers: Answers) -> list[int]:
    """The items without an answer."""
    return [number for number, answer in answers.items() if answer is None]
