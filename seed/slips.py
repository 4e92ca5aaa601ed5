"""A few PHQ-9 typed wrongly at first, so that the invented record has corrections to show."""

from typing import Final

import polars as pl

from seed.arrays import Dice

PATIENTS_PER_SLIP: Final = 40
MOST: Final = 40
LAST_ITEM: Final = 8
"""Item 9 is never mistyped: a wrong alert in a demo would only frighten."""


def invent_slips(
    assessments: pl.DataFrame, item_scores: pl.DataFrame, patients: int, dice: Dice
) -> pl.DataFrame:
    """One row a slip: `assessment`, `item`, the answer `typed` at first and the one `meant`."""
    complete = assessments.filter((pl.col("scale") == "phq9") & (pl.col("status") == "complete"))
    count = min(MOST, patients // PATIENTS_PER_SLIP, len(complete))
    chosen = pl.DataFrame(
        {
            "assessment": dice.choice(complete["assessment"].to_numpy(), size=count, replace=False),
            "item": dice.integers(1, LAST_ITEM + 1, count),
        },
        schema={"assessment": pl.Int64, "item": item_scores.schema["item"]},
    )
    return chosen.join(item_scores, on=["assessment", "item"], maintain_order="left").select(
        "assessment", "item", typed=(pl.col("score") + 2) % 4, meant="score"
    )


def as_first_typed(
    assessments: pl.DataFrame, item_scores: pl.DataFrame, slips: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The assessments and answers as they were recorded before anyone noticed the slips."""
    change = slips.select("assessment", change=pl.col("typed").cast(pl.Int64) - pl.col("meant"))
    typed_totals = assessments.join(change, on="assessment", how="left", maintain_order="left").with_columns(
        pl.col("total") + pl.col("change").fill_null(0)
    )
    typed_scores = item_scores.join(
        slips.select("assessment", "item", "typed"),
        on=["assessment", "item"],
        how="left",
        maintain_order="left",
    ).with_columns(score=pl.coalesce("typed", "score"))
    return typed_totals.drop("change"), typed_scores.drop("typed")
