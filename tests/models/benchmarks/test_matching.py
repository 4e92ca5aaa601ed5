"""A published rate stands beside a clinic's own only if both answer one question (§4.3)."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.benchmarks import compared, published
from models.outcomes.question.estimand import Estimand, Indication, Missing, Outcome, Route, WindowName
from models.scales import all_scales

LIKE_MCINNES = Estimand(missing=Missing.OBSERVED)
MCINNES = "mcinnes_2022_response_2_4_weeks_after"
WORDS_AT_MOST = 34


def differences(name: str, question: Estimand = LIKE_MCINNES, **changed: Any) -> tuple[str, ...]:
    asked = replace(question, **changed)
    return compared(published()[name], asked, all_scales()[asked.scale]).mismatches


def test_mcinnes_matches_its_own_question() -> None:
    match = compared(published()[MCINNES], LIKE_MCINNES, all_scales()["phq9"])
    assert match.matches
    assert match.mismatches == ()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"scale": "madrs"}, "another scale: PHQ-9"),
        ({"outcome": Outcome.REMISSION}, "other outcome: response"),
        ({"window": WindowName.W6}, "other window: 2–4 weeks after"),
        ({"route": Route.IM}, "other route: intravenous"),
        ({"missing": Missing.NON_RESPONDER}, "observed only"),
        ({"missing": Missing.BEST_CASE}, "observed only"),
        ({"missing": Missing.COMPLETERS}, "observed only"),
        ({"indications": (Indication.PTSD,)}, "another condition: Depression"),
    ],
)
def test_one_difference_is_named_alone(changed: dict[str, Any], words: str) -> None:
    assert differences(MCINNES, **changed) == (words,)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("murrough_2013_response_end_of_series", "another scale: MADRS"),
        ("murrough_2013_response_end_of_series", "other window: end of series"),
        ("murrough_2013_response_end_of_series", "denominator not stated"),
        ("transform_2_response_day_28", "esketamine nasal spray"),
        ("oliver_2022_response_after_10_infusions", "model-based"),
        ("feder_2021_response_week_2", "another condition: PTSD"),
        ("alnefeesi_2022_response_mixed", "mixed scales"),
        ("wilkinson_2018_response_after_4_infusions", "scale not confirmed"),
        ("mn_2015_remission_month_6", "no ketamine"),
    ],
)
def test_what_keeps_a_rate_away_is_named(name: str, words: str) -> None:
    assert words in differences(name)


def test_another_cut_off_for_remission_is_another_rule() -> None:
    assert "other rule: PHQ-9 5 or less" in differences(
        "pfeiffer_2024_remission_week_6", outcome=Outcome.REMISSION
    )
    madrs = {"scale": "madrs", "outcome": Outcome.REMISSION}
    assert "other rule: MADRS 12 or less" in differences("transform_2_remission_day_28", **madrs)
    assert not any(
        "rule" in words for words in differences("ketect_2022_remission_end_of_treatment", **madrs)
    )


def test_a_rate_of_everyone_who_started_matches_only_a_question_that_counts_everyone() -> None:
    name = "elekt_d_2023_response_qids_sr16_end_of_treatment"
    asked = Estimand(scale="qids_sr16", window=WindowName.END_OF_INDUCTION)
    assert differences(name, asked) == ()
    assert differences(name, asked, missing=Missing.OBSERVED) == ("everyone started",)


QUESTIONS = st.builds(
    Estimand,
    scale=st.sampled_from(sorted(all_scales())),
    outcome=st.sampled_from(Outcome),
    window=st.sampled_from(WindowName),
    missing=st.sampled_from(Missing),
    route=st.sampled_from(Route),
    indications=st.sampled_from(Indication).map(lambda indication: (indication,)),
)


@given(question=QUESTIONS, name=st.sampled_from(sorted(published())))
def test_a_match_asks_for_the_same_outcome_scale_and_window_and_words_are_short(
    question: Estimand, name: str
) -> None:
    benchmark = published()[name]
    match = compared(benchmark, question, all_scales()[question.scale])
    assert all(len(words) <= WORDS_AT_MOST for words in match.mismatches)
    assert not match.matches or (
        benchmark.outcome == question.outcome
        and benchmark.scale == question.scale
        and benchmark.window == question.window
        and (benchmark.denominator == "observed only") == (question.missing == Missing.OBSERVED)
    )
    assert len(set(match.mismatches)) == len(match.mismatches)


@given(question=QUESTIONS, name=st.sampled_from(sorted(published())))
def test_a_benchmark_never_matches_a_question_with_another_outcome(question: Estimand, name: str) -> None:
    benchmark = published()[name]
    if benchmark.outcome != question.outcome:
        assert not compared(benchmark, question, all_scales()[question.scale]).matches
