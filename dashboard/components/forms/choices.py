"""One of a few words."""

from collections.abc import Mapping
from typing import Any, Final, Literal

import streamlit as st

from dashboard.components.forms.form import Form

UNSAID: Final = "unsaid"
Width = int | Literal["stretch"]


def choose_one(
    form: Form, field: str, label: str, words: Mapping[Any, str], usual: Any, *, unsaid: bool = False
) -> Any:
    """A row of words of which one holds; `usual` until another is chosen.

    With `unsaid` one may also say nothing, which is `None`: a correction must not add what nobody said.
    """
    offered = {**words, UNSAID: "Not said"} if unsaid else words
    form.start_with(field, UNSAID if unsaid and usual is None else usual)
    chosen = st.segmented_control(
        label,
        list(offered),
        format_func=lambda word: f":gray[{offered[word]}]",  # the chosen one shows by its border and tint
        required=True,
        key=form.key(field),
        width="stretch",
        wrap=True,
        persist_state="session",
    )
    return None if chosen == UNSAID else chosen


def whole_number(
    form: Form, field: str, label: str, usual: int | None = None, *, width: Width = 160
) -> int | None:
    """A field for a whole number, which may stay empty; a fraction, or -0, is handed on to be refused."""
    form.start_with(field, usual)
    as_float(form, field)
    typed: Any = number(form, field, label, step=1.0, width=width)
    is_whole = typed is not None and typed.is_integer() and f"{typed:g}" != "-0"
    return int(typed) if is_whole else typed


def as_float(form: Form, field: str) -> None:
    """Have what stands in a field be the kind of number its widget holds."""
    value = form.value(field)
    if isinstance(value, int):
        form.fill(field, float(value))


def number(
    form: Form, field: str, label: str, *, step: float, placeholder: str | None = None, width: Width = 160
) -> float | None:
    """A field for a number, which may stay empty."""
    form.start_with(field, None)
    return st.number_input(
        label,
        value=None,
        step=step,
        format="%g",
        placeholder=placeholder,
        key=form.key(field),
        width=width,
        persist_state="session",
    )


def choose_name(form: Form, field: str, label: str, known: list[str]) -> str | None:
    """A name the record knows, or another one typed, or none."""
    form.start_with(field, None)
    return st.selectbox(
        label,
        known,
        index=None,
        accept_new_options=True,
        placeholder="Choose or type",
        key=form.key(field),
        persist_state="session",
    )


def choose_word(
    form: Form, field: str, label: str, words: Mapping[str, str], usual: str | None
) -> str | None:
    """One of more words than fit in a row, or none where none is usual."""
    form.start_with(field, usual)
    return st.selectbox(
        label,
        list(words),
        index=None,
        format_func=words.__getitem__,
        placeholder="Not said",
        key=form.key(field),
        persist_state="session",
    )
