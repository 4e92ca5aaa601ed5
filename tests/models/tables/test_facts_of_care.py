"""Facts of people and their treatment: what is wrong is said by field, value and what is allowed."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.tables.facts import (
    CourseFacts,
    Facts,
    FactsError,
    InfusionFacts,
    PatientFacts,
    Setting,
)
from models.tables.words import END_REASONS, INDICATIONS, ROUTES, SEXES

TODAY = date(2026, 6, 30)
SETTING = Setting(today=TODAY, zone=ZoneInfo("America/New_York"))
COURSE = {"patient_id": 1, "started_on": date(2026, 1, 5)}
INFUSION = {"patient_id": 1, "given_on": date(2026, 1, 5)}


def said(kind: type[Facts], values: dict[str, Any]) -> list[str]:
    """What is said of values that are refused."""
    with pytest.raises(FactsError) as error:
        kind.check(values, SETTING)
    return [problem.message for problem in error.value.problems]


def test_a_patient_needs_a_number_and_nothing_else() -> None:
    assert PatientFacts.check({"mrn": " 00123 "}, SETTING).mrn == "00123"
    assert said(PatientFacts, {}) == ["Patient number is needed"]
    assert said(PatientFacts, {"mrn": None}) == ["Patient number is needed"]


@pytest.mark.parametrize("mrn", ["", "   ", "\u200b", "\u00a0"])
def test_a_number_of_which_nothing_is_left_is_none(mrn: str) -> None:
    (message,) = said(PatientFacts, {"mrn": mrn})
    assert message.startswith("Patient number must be given; got ")


@pytest.mark.parametrize("mrn", ["a\0b", "a\udc80b"])
def test_a_nul_byte_and_half_a_character_are_refused_and_shown_harmlessly(mrn: str) -> None:
    (message,) = said(PatientFacts, {"mrn": mrn})
    assert message == f"Patient number must be text without control characters; got {mrn!r}"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("a\tb", "a b"), ("a\nb", "a b"), ("a\x85b", "a b"), ("a\u00a0 b", "a b"), ("a\x1bb", "ab")],
)
def test_white_space_is_a_space_and_other_control_characters_are_left_out(typed: str, kept: str) -> None:
    assert PatientFacts.check({"mrn": typed}, SETTING).mrn == kept


@pytest.mark.parametrize("mrn", [123, 12.5, True])
def test_a_number_is_text_and_never_a_number(mrn: object) -> None:
    assert said(PatientFacts, {"mrn": mrn}) == [
        f"Patient number must be text; got {mrn if mrn is not True else True}"
    ]


def test_a_number_of_65_characters_is_too_long() -> None:
    assert PatientFacts.check({"mrn": "9" * 64}, SETTING).mrn == "9" * 64
    assert "at most 64 characters long" in said(PatientFacts, {"mrn": "9" * 65})[0]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Zoe\u0308", "Zo\u00eb"),
        ("  Anna   Maria ", "Anna Maria"),
        ("O'Brien", "O'Brien"),
        ("\u202eNavi\u202c", "Navi"),
        ("نیم\u200cفاصله", "نیم\u200cفاصله"),
        ("👩🏽", "👩🏽"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("NA", "NA"),
        ("", None),
    ],
)
def test_a_name_is_kept_as_people_write_it(typed: str, kept: str | None) -> None:
    assert PatientFacts.check({"mrn": "1", "given_name": typed}, SETTING).given_name == kept


@pytest.mark.parametrize(
    ("typed", "kept"), [("F", "female"), ("m", "male"), ("Other", "other"), *((sex, sex) for sex in SEXES)]
)
def test_a_sex_is_understood_as_files_write_it(typed: str, kept: str) -> None:
    assert PatientFacts.check({"mrn": "1", "sex": typed}, SETTING).sex == kept


def test_another_sex_is_refused_with_what_is_allowed() -> None:
    assert said(PatientFacts, {"mrn": "1", "sex": "x"}) == [
        "Sex must be one of female, male, other or unknown; got 'x'"
    ]


@pytest.mark.parametrize("born", [date(1899, 12, 31), date(1905, 6, 30), date(2026, 7, 1)])
def test_nobody_is_born_in_the_future_or_before_1900_or_is_121_years_old(born: date) -> None:
    assert said(PatientFacts, {"mrn": "1", "birth_date": born}) == [
        f"Birth date must be between 1900-01-01 and 2026-06-30, an age of 0 to 120; got {born}"
    ]


def test_a_consent_without_the_flag_is_refused_with_what_is_allowed() -> None:
    (refused,) = said(PatientFacts, {"mrn": "1", "part2_consent_until": date(2027, 1, 31)})
    assert refused == (
        "The patient consents in writing to disclosure by extracts until must be left empty unless this is "
        "yes: Under 42 CFR Part 2 (substance use treatment records); got 2027-01-31"
    )
    assert said(PatientFacts, {"mrn": "1", "part2": "yes"}) == [
        "Under 42 CFR Part 2 (substance use treatment records) must be yes or no; got 'yes'"
    ]
    kept = PatientFacts.check({"mrn": "1", "part2": True, "part2_consent_until": date(2020, 1, 1)}, SETTING)
    assert (kept.part2, kept.part2_consent_until) == (True, date(2020, 1, 1))


def test_everything_wrong_is_said_at_once() -> None:
    assert len(said(PatientFacts, {"mrn": "\0", "given_name": "x" * 201, "sex": "?", "shoe_size": 43})) == 4


def test_a_course_has_its_defaults_and_every_word_of_the_lists() -> None:
    assert CourseFacts.check(COURSE, SETTING).indication == "depression"
    for indication in INDICATIONS:
        assert CourseFacts.check(COURSE | {"indication": indication}, SETTING).indication == indication
    for reason in END_REASONS:
        ended = COURSE | {"ended_on": TODAY, "end_reason": reason}
        assert CourseFacts.check(ended, SETTING).end_reason == reason


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"started_on": date(1999, 12, 31)},
            "Start of the course must be 2000-01-01 or later; got 1999-12-31",
        ),
        (
            {"started_on": date(2026, 7, 1)},
            "Start of the course must be today, 2026-06-30, or earlier; got 2026-07-01",
        ),
        ({"started_on": "2026-01-05"}, "Start of the course must be a date; got '2026-01-05'"),
        (
            {"ended_on": date(2026, 1, 4)},
            "End of the course must be on or after its start, 2026-01-05; got 2026-01-04",
        ),
        (
            {"ended_on": date(2026, 7, 1)},
            "End of the course must be today, 2026-06-30, or earlier; got 2026-07-01",
        ),
        (
            {"end_reason": "cost"},
            "Why the course ended must be given together with the day it ended; got 'cost'",
        ),
        ({"planned_infusions": 0}, "Planned infusions must be 1 to 100; got 0"),
        ({"planned_infusions": 6.5}, "Planned infusions must be a whole number; got 6.5"),
        ({"failed_trials_episode": -1}, "Failed trials in this episode must be 0 to 50; got -1"),
        (
            {"failed_trials_episode": 3, "failed_trials_lifetime": 2},
            "Failed trials in life must be at least those of this episode, 3; got 2",
        ),
        ({"patient_id": None}, "Patient is needed"),
    ],
)
def test_a_course_that_cannot_be_is_refused(values: dict[str, Any], message: str) -> None:
    assert said(CourseFacts, COURSE | values) == [message]


def test_an_infusion_may_leave_everything_open_but_when() -> None:
    facts = InfusionFacts.check(INFUSION, SETTING)
    assert (facts.route, facts.dose_mg, facts.weight_kg, facts.minutes) == (None, None, None, None)
    assert said(InfusionFacts, {"patient_id": 1}) == ["Date of the infusion is needed"]


def test_a_moment_is_kept_in_utc_to_the_second() -> None:
    local = datetime(2026, 1, 5, 9, 30, 15, 999, tzinfo=ZoneInfo("America/New_York"))
    facts = InfusionFacts.check({"patient_id": 1, "given_at": local}, SETTING)
    assert facts.given_at == datetime(2026, 1, 5, 14, 30, 15, tzinfo=UTC)
    assert facts.given_at.tzinfo is UTC


def test_a_time_without_a_zone_is_nobodys_time() -> None:
    naive = datetime(2026, 1, 5, 9, 30)  # noqa: DTZ001 - that is the point
    assert said(InfusionFacts, {"patient_id": 1, "given_at": naive}) == [
        "Time of the infusion must be a time with its time zone; got 2026-01-05 09:30"
    ]


def test_the_future_begins_where_the_clinics_day_ends() -> None:
    evening = datetime(2026, 7, 1, 3, 59, tzinfo=UTC)  # still 30 June in New York
    assert InfusionFacts.check({"patient_id": 1, "given_at": evening}, SETTING).given_at == evening
    assert said(InfusionFacts, {"patient_id": 1, "given_at": datetime(2026, 7, 1, 4, tzinfo=UTC)}) == [
        "Date of the infusion must be today, 2026-06-30, or earlier; got 2026-07-01"
    ]


def test_a_date_with_and_without_a_time_cannot_both_be_meant() -> None:
    both = INFUSION | {"given_at": datetime(2026, 1, 5, 9, tzinfo=UTC)}
    assert said(InfusionFacts, both) == [
        "Date of the infusion must be either a date with a time or a date without one; got 2026-01-05"
    ]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"dose_mg": -1.0}, "Dose (mg) must be 0 to 5000; got -1"),
        ({"dose_mg": 6000.0}, "Dose (mg) must be 0 to 5000; got 6000"),
        ({"dose_mg": float("nan")}, "Dose (mg) must be a number; got nan"),
        ({"dose_mg": -0.0}, "Dose (mg) must be 0, without a sign; got -0"),
        ({"dose_mg": "40"}, "Dose (mg) must be a number; got '40'"),
        ({"weight_kg": 0.0}, "Weight (kg) must be 10 to 500; got 0"),
        ({"minutes": -5}, "Minutes must be 0 to 1440; got -5"),
        ({"route": "rectal"}, "Route must be one of iv, im, sc, intranasal or oral; got 'rectal'"),
    ],
)
def test_an_impossible_infusion_is_refused_though_confirmed(values: dict[str, Any], message: str) -> None:
    assert said(InfusionFacts, INFUSION | values | {"confirmed": True}) == [message]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"dose_mg": 400.0, "weight_kg": 80.0, "route": "iv"},
            "Dose is usually 0.1 to 2 mg/kg iv; 400 mg at 80 kg is 5 mg/kg",
        ),
        (
            {"dose_mg": 0.5, "weight_kg": 80.0, "route": "iv"},
            "Dose is usually 0.1 to 2 mg/kg iv; 0.5 mg at 80 kg is 0.00625 mg/kg",
        ),
        ({"dose_mg": 400.0}, "Dose (mg) is usually 5 to 300; got 400"),
        ({"weight_kg": 300.0}, "Weight (kg) is usually 30 to 250; got 300"),
        ({"minutes": 400}, "Minutes is usually 0 to 240; got 400"),
        ({"minutes": 0, "route": "iv"}, "Minutes is usually 1 to 240; got 0"),
    ],
)
def test_an_unlikely_infusion_asks_and_is_taken_when_confirmed(values: dict[str, Any], message: str) -> None:
    with pytest.raises(FactsError) as error:
        InfusionFacts.check(INFUSION | values, SETTING)
    assert [problem.message for problem in error.value.problems] == [message]
    assert error.value.to_confirm
    assert InfusionFacts.check(INFUSION | values | {"confirmed": True}, SETTING).confirmed


@pytest.mark.parametrize("route", [*ROUTES, None])
def test_half_a_milligram_a_kilogram_is_usual_by_every_route(route: str | None) -> None:
    usual = {"dose_mg": 40.0, "weight_kg": 80.0, "route": route, "minutes": 40 if route == "iv" else 0}
    assert not InfusionFacts.check(INFUSION | usual, SETTING).confirmed


def test_confirming_does_not_settle_what_is_impossible() -> None:
    with pytest.raises(FactsError) as error:
        InfusionFacts.check(INFUSION | {"minutes": 400, "weight_kg": 0.0}, SETTING)
    assert not error.value.to_confirm


def test_facts_cannot_be_changed_once_checked() -> None:
    facts = PatientFacts.check({"mrn": "1"}, SETTING)
    with pytest.raises(ValueError, match="frozen"):
        facts.mrn = "2"  # type: ignore[misc]


def test_a_problem_reads_as_its_message_and_an_endless_value_is_cut_short() -> None:
    with pytest.raises(FactsError) as error:
        PatientFacts.check({"mrn": "1", "sex": "x" * 1000}, SETTING)
    (problem,) = error.value.problems
    assert str(problem) == problem.message == str(error.value)
    assert len(problem.message) < 130
