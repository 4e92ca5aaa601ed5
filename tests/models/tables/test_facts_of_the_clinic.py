"""Facts of the clinic and its settings: what is wrong is said by field, value and what is allowed."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.tables.facts import CRISIS_TEXT, ClinicFacts, FactsError, Setting

SETTING = Setting(today=date(2026, 6, 30), zone=ZoneInfo("America/New_York"))


def said(values: dict[str, Any]) -> list[str]:
    """What is said of settings that are refused."""
    with pytest.raises(FactsError) as error:
        ClinicFacts.check(values, SETTING)
    return [problem.message for problem in error.value.problems]


def test_a_new_clinic_is_in_utc_with_the_usual_plan_and_a_crisis_text() -> None:
    facts = ClinicFacts.check({}, SETTING)
    assert (facts.time_zone, facts.weight_unit, facts.planned_infusions) == ("UTC", "kg", 6)
    assert (facts.route, facts.mg_per_kg, facts.minutes, facts.demo) == ("iv", 0.5, 40, False)
    assert facts.crisis_text == CRISIS_TEXT
    assert "988" in CRISIS_TEXT


@pytest.mark.parametrize(
    "zone",
    ["", "Mars/Olympus", "../etc/passwd", "/etc/localtime", "UTC\0", "America", "localtime", "right/UTC"],
)
def test_an_unknown_time_zone_is_refused(zone: str) -> None:
    (message,) = said({"time_zone": zone})
    assert message.startswith("Time zone must be a name such as America/New_York; got ")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"weight_unit": "st"}, "Weight unit must be one of kg or lb; got 'st'"),
        ({"planned_infusions": 0}, "Planned infusions must be 1 to 100; got 0"),
        ({"mg_per_kg": 51.0}, "Usual dose (mg/kg) must be 0 to 50; got 51"),
        ({"crisis_text": "  "}, "Crisis text must be given; got '  '"),
    ],
)
def test_settings_off_their_bounds_are_refused(values: dict[str, Any], message: str) -> None:
    assert said(values) == [message]


def test_a_crisis_text_keeps_its_lines() -> None:
    facts = ClinicFacts.check({"crisis_text": "Call 988.\r\n\r\nOr come in. "}, SETTING)
    assert facts.crisis_text == "Call 988.\n\nOr come in."


def test_the_clinics_zone_is_one_to_reckon_with() -> None:
    assert ClinicFacts.check({"time_zone": "Pacific/Auckland"}, SETTING).zone == ZoneInfo("Pacific/Auckland")
