"""The shipped rates against clinical specification §4, row by row, and against what §4 does not confirm."""

import pytest

from models.benchmarks import ANCESTORS, NO_SOURCE, control_arms, control_span, published
from models.benchmarks.benchmark import as_ratio
from models.outcomes.question.vocabulary import Outcome
from models.scales import all_scales

CONFIRMED = {
    # §4.1, row by row: study, outcome, when -> percent
    "murrough_2013_response_end_of_series": 70.8,
    "rct_meta_2016_response_24_hours": 52.2,
    "rct_meta_2016_response_72_hours": 47.9,
    "rct_meta_2016_response_day_7": 39.8,
    "rct_meta_2016_remission_24_hours": 20.6,
    "rct_meta_2016_remission_72_hours": 23.8,
    "rct_meta_2016_remission_day_7": 26.2,
    "phillips_2019_response_after_6_infusions": 59,
    "wilkinson_2018_response_after_4_infusions": 45.5,
    "wilkinson_2018_remission_after_4_infusions": 27.3,
    "sakurai_2020_response_end_of_induction": 18.3,
    "mcintyre_2020_response_after_4_infusions": 27,
    "mcintyre_2020_remission_after_4_infusions": 13,
    "queens_clinic_response_endpoint": 54.9,
    "mcinnes_2022_response_2_4_weeks_after": 53.6,
    "mcinnes_2022_remission_2_4_weeks_after": 28.9,
    "oliver_2022_response_within_6_weeks": 50,
    "oliver_2022_response_after_10_infusions": 72,
    "oliver_2022_remission_within_6_weeks": 20,
    "oliver_2022_remission_after_10_infusions": 38,
    "pfeiffer_2024_response_week_6": 26,
    "pfeiffer_2024_remission_week_6": 15,
    "parikh_2023_response_after_3_infusions": 67,
    "parikh_2023_remission_after_3_infusions": 52,
    "alnefeesi_2022_response_mixed": 45,
    "alnefeesi_2022_remission_mixed": 30,
    "elekt_d_2023_response_qids_sr16_end_of_treatment": 55.4,
    "elekt_d_2023_response_madrs_end_of_treatment": 50.8,
    "loo_2023_remission_week_4": 20,
    "karma_dep_2_response_end_of_treatment": 46.9,
    "karma_dep_2_remission_end_of_treatment": 43.8,
    "ketect_2022_remission_end_of_treatment": 46,
    # §4.2
    "transform_2_response_day_28": 69.3,
    "transform_2_remission_day_28": 52.5,
    "transform_1_56_response_day_28": 54.1,
    "transform_1_84_response_day_28": 53.1,
    "transform_1_56_remission_day_28": 36.0,
    "transform_1_84_remission_day_28": 38.8,
    "transform_3_response_day_28": 27.0,
    "transform_3_remission_day_28": 17.5,
    "turkoz_2021_response_day_28": 58.7,
    "turkoz_2021_response_day_2": 17.3,
    "escape_trd_phq9_response_week_8": 49.4,
    "escape_trd_phq9_remission_week_8": 19.3,
    "escape_trd_phq9_response_week_32": 58.9,
    "escape_trd_phq9_remission_week_32": 34.8,
    "star_d_1_remission_hamd17_end_of_step_1": 28,
    "star_d_1_remission_qids_sr16_end_of_step_1": 33,
    "star_d_1_response_qids_sr16_end_of_step_1": 47,
    "star_d_steps_remission_end_of_step_1": 36.8,
    "star_d_steps_remission_end_of_step_2": 30.6,
    "star_d_steps_remission_end_of_step_3": 13.7,
    "star_d_steps_remission_end_of_step_4": 13.0,
    "feder_2021_response_week_2": 67,
    "nhs_tt_2015_recovery_end_of_treatment": 44.8,
    "mn_2015_remission_month_6": 8,
}
ARMS = {
    "elekt_d_2023_response_qids_sr16_end_of_treatment": (41.2, 170),
    "elekt_d_2023_response_madrs_end_of_treatment": (41.1, 170),
    "loo_2023_remission_week_4": (2, None),
    "karma_dep_2_response_end_of_treatment": (33.3, None),
    "karma_dep_2_remission_end_of_treatment": (30.0, None),
    "ketect_2022_remission_end_of_treatment": (63, None),
    "transform_2_response_day_28": (52.0, 109),
    "transform_2_remission_day_28": (31.0, 109),
    "transform_1_56_response_day_28": (38.9, 113),
    "transform_1_84_remission_day_28": (30.6, 113),
    "transform_3_response_day_28": (13.3, 65),
    "transform_3_remission_day_28": (6.7, 65),
    "turkoz_2021_response_day_28": (45.2, 208),
    "turkoz_2021_response_day_2": (9.4, 208),
    "escape_trd_phq9_response_week_8": (32.8, None),
    "escape_trd_phq9_remission_week_32": (18.1, None),
    "feder_2021_response_week_2": (20, None),
}
UNCONFIRMED = [
    ("Hietamies", None, None),
    ("Anand 2023", "remission", None),  # 32.3 against 20.0
    ("Loo 2023", "response", None),  # 29.4 of 106
    ("Murrough 2013 AJP", None, None),  # 64 against 28
    ("Murrough 2013", "remission", None),
    ("Phillips 2019", "remission", None),  # 23
    ("ESCAPE-TRD", None, "madrs"),  # 27.1 against 17.6
    ("Wilkinson 2018 SI", None, None),  # 54.9 free of suicidality at 24 hours
]


def test_every_rate_shipped_is_the_one_of_its_row_and_there_is_no_other() -> None:
    assert {name: benchmark.percent for name, benchmark in published().items()} == CONFIRMED


@pytest.mark.parametrize("name", ARMS)
def test_the_other_arm_stands_under_its_trial(name: str) -> None:
    (arm,) = published()[name].arms
    assert (arm.percent, arm.n) == ARMS[name]


def test_the_control_arms_span_is_that_of_the_arms_and_another_active_treatment_is_none_of_them() -> None:
    """ECT is compared with, not given for comparison: 63 % of remission is no control's."""
    assert control_span(Outcome.RESPONSE) == (9.4, 52.0)
    assert control_span(Outcome.REMISSION) == (2.0, 31.0)
    assert control_span(Outcome.MCID20) is None
    assert "ECT" not in {arm.name for arm in control_arms(published().values())}
    assert {arm.label for each in published().values() for arm in each.arms if arm.active} == {
        "ECT (another active treatment)"
    }


@pytest.mark.parametrize(("citation", "outcome", "scale"), UNCONFIRMED)
def test_no_unconfirmed_rate_is_shipped(citation: str, outcome: str | None, scale: str | None) -> None:
    shipped = [
        benchmark.id
        for benchmark in published().values()
        if benchmark.citation.startswith(citation)
        and outcome in (None, benchmark.outcome)
        and scale in (None, benchmark.scale)
    ]
    assert not shipped


def test_no_unconfirmed_number_is_shipped() -> None:
    rates = published().values()
    numbers = {b.percent for b in rates} | {arm.percent for b in rates for arm in b.arms}
    assert not numbers & {29.4, 64, 23, 27.1, 17.6, 32.3, 21.6, 19.6}
    assert not any(b.n_analysed == 106 or b.n_started == 2758 for b in rates)
    assert [b.citation for b in rates if b.percent == 54.9] == ["Gutierrez/Kang"]


@pytest.mark.conformance(
    figures="intervals of 4 published rates whose counts are known",
    source="Murrough, McInnes, Sakurai, Pfeiffer; §4.3",
)
@pytest.mark.parametrize(
    ("name", "low", "high", "rounded"),
    [
        ("murrough_2013_response_end_of_series", 0.508323, 0.850854, False),
        ("mcinnes_2022_response_2_4_weeks_after", 0.494027, 0.578083, True),
        ("sakurai_2020_response_end_of_induction", 0.114110, 0.280122, False),
        ("pfeiffer_2024_response_week_6", 0.206370, 0.322970, True),
    ],
)
def test_known_counts_give_the_intervals_of_4_3(name: str, low: float, high: float, rounded: bool) -> None:  # noqa: FBT001
    benchmark = published()[name]
    assert benchmark.rate is not None
    assert (benchmark.rate.low, benchmark.rate.high) == pytest.approx((low, high), abs=5e-7)
    assert benchmark.x_rounded is rounded


def test_a_rate_without_known_counts_has_no_interval_of_ours() -> None:
    assert published()["oliver_2022_response_after_10_infusions"].rate is None


def test_people_of_both_arms_together_are_never_the_denominator_of_one_arm() -> None:
    together = {"Jelovac 2025", "Ekstrand 2022", "Feder 2021", "RCT meta-analysis 2016"}
    found = [benchmark for benchmark in published().values() if benchmark.citation in together]
    assert {benchmark.citation for benchmark in found} == together
    assert all(benchmark.n_analysed is None and "together" in benchmark.source for benchmark in found)


def test_only_alnefeesi_is_pooled_and_its_response_runs_from_35_to_55() -> None:
    assert {b.citation for b in published().values() if b.pooled} == {"Alnefeesi 2022"}
    response = published()["alnefeesi_2022_response_mixed"]
    assert (response.low, response.high) == (35, 55)


def test_mcinnes_says_who_was_analysed_and_who_was_harmed() -> None:
    mcinnes = published()["mcinnes_2022_response_2_4_weeks_after"]
    assert (mcinnes.n_started, mcinnes.n_analysed, mcinnes.denominator) == (9016, 537, "observed only")
    assert [(harm.words, harm.percent) for harm in mcinnes.harms] == [
        ("got worse", 8.4),
        ("suicidality worse", 6.0),
    ]
    assert [(other.words, other.percent) for other in mcinnes.also] == [("suicidality better", 73.0)]


def test_every_scale_named_is_one_of_ours_or_said_not_to_be() -> None:
    assert {b.scale for b in published().values()} <= {*all_scales(), "mixed", "other", "unknown"}


def test_the_ancestors_of_the_claim_are_shipped_and_said_to_be_inference() -> None:
    percents = [[published()[name].percent for name in ancestor.benchmark_ids] for ancestor in ANCESTORS]
    assert percents == [[70.8], [69.3], [72, 50]]
    assert "names no source" in NO_SOURCE
    assert "inference" in NO_SOURCE


def test_a_percentage_becomes_a_proportion_digit_for_digit() -> None:
    assert as_ratio(55.4) == 0.554
    assert as_ratio(69.3) == 0.693


def test_an_interval_is_the_published_one_before_that_of_the_counts() -> None:
    rates = published()
    assert rates["alnefeesi_2022_response_mixed"].interval == (0.35, 0.55)
    counted = rates["murrough_2013_response_end_of_series"]
    assert counted.rate is not None
    assert counted.interval == counted.rate[2:]
    assert rates["parikh_2023_response_after_3_infusions"].interval is None
