"""What choosing the ill alone does, on the golden cohort: in points, and the same in whatever order."""

from statistics import fmean, stdev

import polars as pl
import pytest

from models.outcomes.counts.selection import OVER_WEEKS, chosen_ill, regression_to_the_mean
from models.outcomes.question.estimand import Estimand
from models.scales import all_scales
from tests.support.drawn import PHQ9
from tests.support.golden import cohort

GATED = Estimand(baseline_at_least=10)
PROMIS = all_scales()["promis_depression"]


def test_it_is_of_everyone_with_a_baseline_the_gate_leaves_out_included() -> None:
    found, baselines = chosen_ill(cohort(), GATED, PHQ9), cohort()["baseline"].to_list()
    assert found is not None
    assert found.courses == len(baselines)
    assert (found.mean, found.deviation) == pytest.approx((fmean(baselines), stdev(baselines)), rel=1e-14)
    assert found.fall == regression_to_the_mean(found.mean, found.deviation, OVER_WEEKS, 9.5)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_rows_changes_no_digit(seed: int) -> None:
    many = pl.concat([cohort()] * 7)
    assert chosen_ill(many.sample(fraction=1, shuffle=True, seed=seed), GATED, PHQ9) == chosen_ill(
        many, GATED, PHQ9
    )


def test_a_scale_kept_in_tenths_is_told_in_its_points() -> None:
    tenths = cohort().with_columns(pl.col("baseline") * 10)
    gated = Estimand(scale=PROMIS.id, baseline_at_least=100)
    found, whole = chosen_ill(tenths, gated, PROMIS), chosen_ill(cohort(), GATED, PHQ9)
    assert found is not None
    assert whole is not None
    assert found[:3] == pytest.approx(whole[:3], rel=1e-14)


def test_without_a_gate_or_a_spread_nothing_is_said() -> None:
    alike = cohort().with_columns(baseline=pl.lit(20))
    assert chosen_ill(cohort(), Estimand(), PHQ9) is None
    assert chosen_ill(alike, GATED, PHQ9) is None
    assert chosen_ill(cohort().head(1), GATED, PHQ9) is None
