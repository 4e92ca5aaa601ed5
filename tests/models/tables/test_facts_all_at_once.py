"""Everything wrong in some facts is said at once."""

from datetime import date
from typing import Any

import pytest

from models.tables.facts import FactsError, InfusionFacts, Problem
from tests.support.builders import SETTING

INFUSION = {"patient_id": 1, "given_on": date(2026, 1, 5)}


def said(values: dict[str, Any]) -> list[str]:
    with pytest.raises(FactsError) as error:
        InfusionFacts.check(values, SETTING)
    return [problem.message for problem in error.value.problems]


def test_what_is_wrong_with_one_value_hides_nothing_that_is_wrong_with_another() -> None:
    wrong = {"minutes": 40.5, "dose_mg": -5.0, "given_on": date(2027, 1, 1), "weight_kg": 2.0}
    assert said(INFUSION | wrong) == [
        "Minutes must be a whole number; got 40.5",
        "Date of the infusion must be today, 2026-06-30, or earlier; got 2027-01-01",
        "Dose (mg) must be 0 to 5000; got -5",
        "Weight (kg) must be 10 to 500; got 2",
    ]


def test_a_value_that_could_not_be_read_is_said_and_not_also_missed() -> None:
    unread = Problem("given_at", "2:30", "a time of that day", "02:30 does not exist")
    assert said({"patient_id": 1, "given_at": unread, "minutes": -1}) == [
        "02:30 does not exist",
        "Minutes must be 0 to 1440; got -1",
    ]
