"""Facts of an assessment: what is refused, what the items come to, and which alert they raise."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.scales import all_scales
from models.scales.safety import AlertLevel
from models.tables.facts import AssessmentFacts, FactsError, Setting
from models.tables.words import MODES, TIMINGS

SETTING = Setting(today=date(2026, 6, 30), scales=all_scales())
WHEN = {"patient_id": 1, "assessed_on": date(2026, 1, 5)}
PHQ9 = WHEN | {"scale": "phq9"}
ALL = dict.fromkeys(range(1, 10), 1)


def said(values: dict[str, Any]) -> list[str]:
    with pytest.raises(FactsError) as error:
        AssessmentFacts.check(values, SETTING)
    return [problem.message for problem in error.value.problems]


def test_a_total_alone_is_kept_as_it_is() -> None:
    facts = AssessmentFacts.check(PHQ9 | {"total": 14}, SETTING)
    assert (facts.points, facts.status, facts.suicide_answer, facts.alert) == (14, "total_only", None, None)


def test_items_make_the_total() -> None:
    facts = AssessmentFacts.check(PHQ9 | {"items": ALL}, SETTING)
    assert (facts.points, facts.status, facts.suicide_answer, facts.alert) == (
        9,
        "complete",
        1,
        AlertLevel.IDEATION,
    )


def test_two_missing_items_are_prorated_and_item_9_is_never_filled_in() -> None:
    facts = AssessmentFacts.check(
        PHQ9 | {"items": {1: 2, 2: 2, 3: 3, 4: None, 5: 1, 6: 2, 7: 1, 9: None, 8: 1}}, SETTING
    )
    assert (facts.points, facts.status) == (15, "prorated")
    assert (facts.suicide_answer, facts.alert) == (None, AlertLevel.UNANSWERED)


def test_items_and_a_total_that_agree_are_taken_together() -> None:
    assert AssessmentFacts.check(PHQ9 | {"items": ALL, "total": 9}, SETTING).points == 9


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"total": 31}, "PHQ-9 runs from 0 to 27; got 31"),
        ({"total": -1}, "PHQ-9 runs from 0 to 27; got -1"),
        ({"total": 14.0}, "Total must be a whole number; got 14"),
        ({"total": "14"}, "Total must be a whole number; got '14'"),
        ({"total": True}, "Total must be a whole number; got True"),
        ({}, "PHQ-9 needs its total or its items"),
        ({"items": {}}, "PHQ-9 needs at least 7 of its 9 items answered; got 0"),
        ({"items": ALL | {3: 4}}, "PHQ-9 item 3 runs from 0 to 3; got 4"),
        ({"items": ALL | {3: -1}}, "PHQ-9 item 3 runs from 0 to 3; got -1"),
        ({"items": ALL | {3: 2.5}}, "Item 3 must be a whole number; got 2.5"),
        ({"items": ALL | {3: True}}, "Item 3 must be a whole number; got True"),
        ({"items": ALL | {10: 1}}, "PHQ-9 has items 1 to 9; got 10"),
        ({"items": {1: 1, 2: 1, 9: 0}}, "PHQ-9 needs at least 7 of its 9 items answered; got 3"),
        ({"items": ALL, "total": 10}, "PHQ-9: the total must be what its items come to, 9; got 10"),
        ({"items": ALL, "suicide_item": 0}, "PHQ-9: the suicide item must be as among the items, 1; got 0"),
        ({"total": 1, "suicide_item": 3}, "PHQ-9 runs from 3 to 27 with 3 for item 9; got 1"),
        ({"total": 27, "suicide_item": 0}, "PHQ-9 runs from 0 to 24 with 0 for item 9; got 27"),
        (
            {"scale": "qids_sr16", "total": 25, "suicide_item": 0},
            "QIDS-SR16 runs from 0 to 24 with 0 for item 12; got 25",
        ),
        ({"total": 9, "suicide_item": 4}, "PHQ-9 item 9 runs from 0 to 3; got 4"),
        ({"total": 9, "recall_days": 7}, "PHQ-9: recall in days must be 14; got 7"),
        ({"total": 9, "timing": "during"}, "Timing must be one of before or after; got 'during'"),
        (
            {"total": 9, "assessed_on": date(1999, 12, 31)},
            "Date of the assessment must be 2000-01-01 or later; got 1999-12-31",
        ),
        (
            {"total": 9, "assessed_on": date(2026, 7, 2)},
            "Date of the assessment must be 2026-07-01 or earlier; got 2026-07-02",
        ),
        ({"total": 9, "assessed_on": None}, "Date of the assessment is needed"),
        (
            {"total": 9, "assessed_on": datetime(2026, 1, 5, tzinfo=UTC)},
            "Date of the assessment must be a date; got 2026-01-05 00:00+00:00",
        ),
        ({"total": 9, "patient_id": "A1"}, "Patient must be a whole number; got 'A1'"),
    ],
)
def test_an_assessment_that_cannot_be_is_refused(values: dict[str, Any], message: str) -> None:
    assert said(PHQ9 | values) == [message]


def test_every_answer_off_its_range_is_said() -> None:
    assert said(PHQ9 | {"items": ALL | {3: 4, 7: -1, 9: 5}}) == [
        "PHQ-9 item 3 runs from 0 to 3; got 4",
        "PHQ-9 item 7 runs from 0 to 3; got -1",
        "PHQ-9 item 9 runs from 0 to 3; got 5",
    ]


@pytest.mark.parametrize("scale", ["phq10", "", None, 9])
def test_an_unknown_scale_is_named_beside_those_known(scale: object) -> None:
    (message,) = said(WHEN | {"scale": scale, "total": 9})
    assert message.startswith(f"No scale is called {str(scale)!r}; known are phq9, ")


def test_items_of_a_scale_whose_wording_is_licensed_are_refused() -> None:
    (message,) = said(WHEN | {"scale": "madrs", "items": {1: 2}})
    assert "MADRS" in message


def test_a_scale_without_a_suicide_item_takes_none() -> None:
    assert said(WHEN | {"scale": "gad7", "total": 9, "suicide_item": 1}) == [
        "GAD-7 has no suicide item; got 1"
    ]


def test_a_recall_of_one_day_is_one_madrs_knows() -> None:
    assert (
        AssessmentFacts.check(WHEN | {"scale": "madrs", "total": 20, "recall_days": 1}, SETTING).recall_days
        == 1
    )


@pytest.mark.parametrize("timing", TIMINGS)
@pytest.mark.parametrize("mode", MODES)
def test_every_word_of_the_lists_is_taken(timing: str, mode: str) -> None:
    facts = AssessmentFacts.check(PHQ9 | {"total": 9, "timing": timing, "mode": mode}, SETTING)
    assert (facts.timing, facts.mode) == (timing, mode)


def test_refused_answers_that_raise_an_alert_say_so() -> None:
    with pytest.raises(FactsError) as error:
        AssessmentFacts.check(PHQ9 | {"items": {9: 3}}, SETTING)
    assert error.value.alert is AlertLevel.NEARLY_EVERY_DAY

    with pytest.raises(FactsError) as error:
        AssessmentFacts.check(PHQ9 | {"items": {1: 3, 9: 0}}, SETTING)
    assert error.value.alert is None


anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.dates(), st.datetimes(),
    st.dictionaries(st.integers(0, 12), st.one_of(st.none(), st.integers(-2, 5), st.floats()), max_size=12),
)  # fmt: skip


@given(values=st.dictionaries(st.sampled_from(sorted(AssessmentFacts.model_fields)), anything))
def test_whatever_is_given_is_either_taken_or_refused_in_words(values: dict[str, Any]) -> None:
    with suppress(FactsError):
        facts = AssessmentFacts.check({"scale": "phq9", **values}, SETTING)
        assert facts.scale.low <= facts.points <= facts.scale.high
        assert facts.status in {"complete", "prorated", "total_only"}
        return
    with pytest.raises(FactsError) as error:
        AssessmentFacts.check({"scale": "phq9", **values}, SETTING)
    assert error.value.problems
    assert all(problem.message and problem.field for problem in error.value.problems)


@given(day=st.integers(-400, 400))
def test_no_day_beyond_the_bounds_is_ever_taken(day: int) -> None:
    on = SETTING.today + timedelta(days=day)
    values = PHQ9 | {"total": 9, "assessed_on": on}
    if day > 1:
        assert "or earlier" in said(values)[0]
    else:
        assert AssessmentFacts.check(values, SETTING).assessed_on == on


def test_facts_that_say_nothing_have_no_points() -> None:
    with pytest.raises(ValueError, match="were not checked"):
        AssessmentFacts.model_construct(scale=SETTING.scales["phq9"], items=None, total=None).points  # noqa: B018


def test_a_domain_without_any_answer_makes_a_qids_invalid() -> None:
    items = {number: 1 for number in range(1, 17) if number != 5}
    assert said(WHEN | {"scale": "qids_sr16", "items": items}) == [
        "QIDS-SR16 needs an answer in each of its 9 domains"
    ]
