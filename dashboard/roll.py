"""The roll of a question: every course begun, in or out of the rate, and why.

A spreadsheet re-derives the rate from it.
"""

from typing import Final

import polars as pl

from models.outcomes.counts.membership import membership
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import EndpointStatus, Exclusion
from models.outcomes.question.words import EXCLUSION_WORDS
from models.scales import Scale

_STANDINGS: Final[dict[str, str]] = {
    **{str(why): words for why, words in EXCLUSION_WORDS.items()},
    str(EndpointStatus.PENDING): "window still open",
    str(EndpointStatus.OBSERVED): "scored in the window",
    str(EndpointStatus.MISSING): "window closed, no score",
}
ORDER: Final = (*map(str, Exclusion), *map(str, EndpointStatus))
"""The steps in the order in which courses are left out."""


def roll(outcomes: pl.DataFrame, patients: pl.DataFrame, question: Estimand, scale: Scale) -> pl.DataFrame:
    """One row a course of the question, in the order of its start.

    `course` and `began`; `number` and `name`; `standing` (a step of `ORDER`) and `why` in
    words; `baseline` and `endpoint` as people read them; `counted` and `met`, 1 or 0. The rate is the sum of
    `met` over the sum of `counted`.
    """
    scores = [pl.col(score) for score in ("baseline", "endpoint")]
    if scale.decimals:  # rounded, as Polars makes 5.6000000000000005 of 56 / 10
        scores = [(score / 10**scale.decimals).round(scale.decimals) for score in scores]
    began = outcomes.select("course_id", began=pl.col("d0_day").cast(pl.Date))
    who = patients.select("patient_id", number="mrn", name=_name())
    listed: pl.DataFrame = (
        membership(outcomes, question, scale)
        .join(began, on="course_id")
        .join(who, on="patient_id", how="left")
        .sort("began", "course_id")
        .select(
            pl.col("course_id").alias("course"),
            "began",
            "number",
            "name",
            pl.col("standing").cast(pl.String),
            pl.col("standing").cast(pl.String).replace_strict(_STANDINGS, default=None).alias("why"),
            *scores,
            pl.col("met").is_not_null().cast(pl.Int8).alias("counted"),
            pl.col("met").fill_null(value=False).cast(pl.Int8).alias("met"),
        )
    )
    return listed


def steps(rows: pl.DataFrame) -> dict[str, int]:
    """How many courses stand at each step, in the order of the steps; steps with nobody are left out."""
    found = dict(rows.group_by("standing").len().iter_rows())
    return {standing: found[standing] for standing in ORDER if standing in found}


def words_of(standing: str) -> str:
    """`Baseline below the limit`."""
    words = _STANDINGS[standing]
    return words[:1].upper() + words[1:]


def _name() -> pl.Expr:
    return pl.concat_str("family_name", "given_name", separator=", ", ignore_nulls=True)
