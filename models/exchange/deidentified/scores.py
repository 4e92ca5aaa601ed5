"""Which scores are in an extract: of shipped scales, and of suicide only where it was asked for."""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from models.exchange.deidentified.request import Request
from models.exchange.deidentified.rules import rules
from models.scales import Scale, all_scales


class LeftOut(NamedTuple):
    """Assessments that are in the record and not in the extract.

    Of scales that ask about nothing but suicide; of scales that with another of the same day give the suicide
    item away; of scales only this clinic has, whose names are free text.
    """

    of_suicide_scales: int
    giving_the_suicide_item_away: int
    of_scales_only_this_clinic_has: int


def given_scores(assessments: pl.DataFrame, request: Request) -> tuple[pl.DataFrame, LeftOut]:
    """The assessments that may be given, `scale` as text, and how many are left out."""
    scores = assessments.with_columns(pl.col("scale").cast(pl.String))
    shipped = scores.filter(pl.col("scale").is_in(list(all_scales())))
    allowed = shipped.filter(pl.col("scale").is_in(list(_given(request))))
    given = allowed if request.suicide_items else _without_telling_pairs(allowed)
    left_out = LeftOut(
        of_suicide_scales=len(shipped) - len(allowed),
        giving_the_suicide_item_away=len(allowed) - len(given),
        of_scales_only_this_clinic_has=len(scores) - len(shipped),
    )
    return given, left_out


def may_give(scale: Scale, request: Request) -> bool:
    """Whether scores of a scale are in the product asked for."""
    return scale.id in _given(request)


def in_points() -> pl.Expr:
    """Totals as people read them: the record counts a scale's smallest steps, such as tenths."""
    written = pl.col("total").cast(pl.String)
    for scale in all_scales().values():
        if scale.decimals:
            points = (pl.col("total") / 10**scale.decimals).round(scale.decimals).cast(pl.String)
            written = pl.when(pl.col("scale") == scale.id).then(points).otherwise(written)
    return written


def _given(request: Request) -> Mapping[str, Scale]:
    return {
        name: scale
        for name, scale in all_scales().items()
        if request.suicide_items or not scale.is_of_suicide
    }


def _without_telling_pairs(scores: pl.DataFrame) -> pl.DataFrame:
    """Less each score that another of the same patient and day differs from by the suicide item alone."""
    for without, whole in rules().limits.without_suicide_item.items():
        beside = scores.filter(scale=whole).select("patient_id", "day", scale=pl.lit(without))
        scores = scores.join(beside, on=["patient_id", "day", "scale"], how="anti", maintain_order="left")
    return scores
