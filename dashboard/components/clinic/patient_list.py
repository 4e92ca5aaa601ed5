"""The clinic's patients: found by name or number, filtered by where they stand, one click from their page."""

from collections.abc import Mapping
from functools import partial
from math import isnan
from typing import Any, Final, NamedTuple

import pandas as pd
import polars as pl
import streamlit as st

from dashboard import data
from dashboard.charts.outcome_words import outcome_words
from dashboard.charts.words import people, signed
from dashboard.components.page.numbers import as_copied
from dashboard.components.page.pages import Page, go_to
from dashboard.components.page.plain import plain
from dashboard.components.patients.patient_search import choose_patient
from dashboard.worklist import FROM_ZERO, LOST, NOT_BEGUN, of_everybody, trends
from models.outcomes.counts.membership import State
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.words import OUTCOME_NOUNS, WINDOW_LABELS
from models.scales import Scale

ROWS_OF_A_PAGE: Final = 200
ROW_HEIGHT: Final = 42
MOST_ROWS_SEEN: Final = 12
PAGES_WIDE: Final = 260  # px; left to itself the pagination hides its numbers


class Order(NamedTuple):
    """A column to sort all pages by; the table's own headings sort the page that is seen."""

    column: str
    descending: bool = False


ORDERS: Final[Mapping[str, Order | None]] = {
    "By name": None,  # as they stand
    "By number": Order("mrn"),
    "Highest score first": Order("score", descending=True),
    "Worst change first": Order("change", descending=True),
    "Longest unscored first": Order("scored_on"),
}
COLORS: Final[Mapping[str, str]] = {State.MET: "blue", LOST: "orange", State.WORSE: "orange"}


def show_patients(rows: pl.DataFrame, question: Estimand, scale: Scale) -> None:
    """Search, pills and the table; over two hundred rows in pages."""
    words = state_words(question, scale)
    found = _chosen(rows, words)
    if found.is_empty():
        st.markdown("Nobody here fits that.")
        return
    table = st.container()
    shown = _page(found) if found.height > ROWS_OF_A_PAGE else found
    st.caption(f"Status of the latest course: {about(question, scale)}.")
    with table:
        _table(shown, words, scale)


def about(question: Estimand, scale: Scale) -> str:
    """What a status speaks of: `PHQ-9 response, 2–4 weeks after`."""
    asked = of_everybody(question, scale)
    noun = f" {OUTCOME_NOUNS[asked.outcome]}" if asked else ""
    return f"{plain(scale.name)}{noun}, {WINDOW_LABELS[question.window].lower()}"


def state_words(question: Estimand, scale: Scale) -> dict[str, str]:
    """What each state is called, in the words of the outcome it speaks of."""
    asked = of_everybody(question, scale)
    met = outcome_words(asked.outcome, scale).row if asked else ""
    noun = OUTCOME_NOUNS[asked.outcome] if asked else ""
    return {
        State.MET.value: met,
        LOST: f"{met}, lost since",
        State.NOT_MET.value: f"No {noun}",
        State.PENDING.value: "Pending",
        State.NOT_SCORED.value: "Not scored",
        State.WORSE.value: "Worse",
        State.NOT_COUNTED.value: "No baseline",
        FROM_ZERO: "Baseline 0",
        NOT_BEGUN: "Not begun",
    }


def _chosen(rows: pl.DataFrame, words: Mapping[str, str]) -> pl.DataFrame:
    """The rows that fit what is typed and chosen."""
    label = "Name or number"
    there = set(rows["state"].unique())
    with st.container(horizontal=True, vertical_alignment="center"):
        typed = st.text_input(
            label, placeholder=label, icon=":material/search:", label_visibility="collapsed", width=300
        )
        chosen = st.pills(
            "Status",
            [state for state in words if state in there],
            format_func=words.__getitem__,
            selection_mode="multi",
            label_visibility="collapsed",
            wrap=True,
        )
    if typed:
        found, _ = data.find_people(typed, most=rows.height)
        rows = rows.filter(pl.col("patient_id").is_in([person.patient_id for person in found]))
    return rows.filter(pl.col("state").is_in(chosen)) if chosen else rows


def _page(rows: pl.DataFrame) -> pl.DataFrame:
    """One page of many, in an order that goes through all of them."""
    with st.container(horizontal=True, vertical_alignment="center"):
        page = st.pagination(-(-rows.height // ROWS_OF_A_PAGE), key="clinic-page", width=PAGES_WIDE)
        order = ORDERS[st.selectbox("Order", [*ORDERS], label_visibility="collapsed", width=220)]
    if order:
        rows = rows.sort(order.column, descending=order.descending, nulls_last=True, maintain_order=True)
    return rows.slice((page - 1) * ROWS_OF_A_PAGE, ROWS_OF_A_PAGE)


def _table(rows: pl.DataFrame, words: Mapping[str, str], scale: Scale) -> None:
    """The table of one page; a click on a row opens the patient."""
    listed = as_shown(rows, words, scale)
    selected = st.dataframe(
        listed.style.format(partial(_signed, decimals=scale.decimals), subset=["Change"]),
        column_config=_columns(rows, words, scale),
        row_height=ROW_HEIGHT,
        height=ROW_HEIGHT * (min(rows.height, MOST_ROWS_SEEN) + 1),
        hide_index=True,
        placeholder="",
        alt=f"{people(rows.height)} with status, {scale.name} and infusions",
        on_select="rerun",
        selection_mode="single-cell",
        key="clinic-patients",
    )
    if selected.selection.cells:
        row, _ = selected.selection.cells[0]
        choose_patient(rows["patient_id"][row])
        go_to(Page.PATIENT)


def _signed(change: float, decimals: int) -> str:
    """A change with its true minus, which no format of a column writes; the column still sorts as numbers."""
    return "" if isnan(change) else signed(round(change * 10**decimals), decimals)


def as_shown(rows: pl.DataFrame, words: Mapping[str, str], scale: Scale) -> pd.DataFrame:
    """The rows as people read them."""
    step = 10**-scale.decimals
    scores = trends(data.record().assessments, rows["patient_id"].to_list(), scale)
    wanted = ["Patient", "Status", scale.name, "Change", "Trend", "Infusions", "Last score", "No."]
    return (
        rows.join(scores, on="patient_id", how="left", maintain_order="left")
        .with_columns(
            pl.concat_list(pl.col("state").replace_strict(words, return_dtype=pl.String)).alias("Status"),
            as_copied(pl.coalesce("name", pl.format("No. {}", "mrn"))).alias("Patient"),
            (pl.col("score") * step).alias(scale.name),
            (pl.col("change") * step).alias("Change"),
            (pl.col("trend") * step).alias("Trend"),
            pl.col("infusions").alias("Infusions"),
            pl.col("scored_on").alias("Last score"),
            as_copied(pl.col("mrn")).alias("No."),
        )
        .select(wanted)
        .to_pandas()
    )


def _columns(rows: pl.DataFrame, words: Mapping[str, str], scale: Scale) -> dict[str, Any]:
    number = f"%.{scale.decimals}f"
    planned = rows["planned"].drop_nulls().unique().to_list() or [1]
    step = 10**-scale.decimals
    column = st.column_config
    return {
        "Patient": column.TextColumn(width="medium"),
        "Status": column.MultiselectColumn(
            options=list(words.values()), color=[COLORS.get(state, "gray") for state in words]
        ),
        scale.name: column.NumberColumn(format=number),
        "Trend": column.LineChartColumn(y_min=scale.low * step, y_max=scale.high * step),
        "Infusions": column.ProgressColumn(
            format=f"%d of {planned[0]}" if len(planned) == 1 else "%d", min_value=0, max_value=max(planned)
        ),
        "Last score": column.DateColumn(format="D MMM YYYY"),
    }
