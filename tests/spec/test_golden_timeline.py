"""The golden cohort on calendar days: every line of its `expected.csv`, from frames of every engine."""

import csv
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest

from models.outcomes.answers.answer import answer
from models.outcomes.answers.claim import Claim
from models.outcomes.answers.specifications import grid
from models.outcomes.derivation.derive import derive_outcomes
from models.outcomes.question.estimand import Estimand
from tests.support.drawn import PHQ9
from tests.support.timelines import ENGINES, Assessment, Course, Infusion, Record, frames

FOLDER = Path(__file__).parent / "golden_timeline"
AS_OF = date(2026, 1, 31)


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open() as lines:
        return list(csv.DictReader(lines))


@cache
def timeline() -> Record:
    patients = {row["mrn"]: number for number, row in enumerate(rows("courses"), 1)}

    def when(text: str) -> tuple[int, int]:
        seconds = int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
        return seconds // 86_400, seconds % 86_400

    courses = [
        Course(
            patients[row["mrn"]],
            patients[row["mrn"]],
            when(row["started_on"])[0],
            row["indication"],
            int(row["planned_infusions"]),
            int(row["failed_trials_episode"]),
        )
        for row in rows("courses")
    ]
    infusions = [
        Infusion(number, patients[row["mrn"]], *when(row["given_at"]), row["route"])
        for number, row in enumerate(rows("infusions"), 1)
    ]
    assessments = []
    for number, row in enumerate(rows("assessments"), 1):
        on, second = when(row["assessed_at"])
        assessments.append(Assessment(number, patients[row["mrn"]], on, int(row["total"]), second))
    return Record(courses, infusions, assessments)


@pytest.mark.conformance(
    figures="960 rates on calendar days, every outcome, window and strategy",
    source="counted in plain loops (golden timeline)",
)
@pytest.mark.parametrize("engine", ENGINES)
def test_every_line_is_answered(engine: str) -> None:
    outcomes = derive_outcomes(frames(timeline(), ENGINES[engine]()), PHQ9, AS_OF)
    question = Estimand.of(PHQ9, treatment_resistant="any")
    found = {
        (str(e.outcome), str(e.window), str(e.missing), e.baseline_at_least or 0): each.rate[:2]
        for each in grid(outcomes, question, PHQ9, Claim(), as_of=AS_OF).answers
        for e in (each.estimand,)
    }
    expected = {
        (row["outcome"], row["window"], row["missing"], int(row["baseline_at_least"])): (
            int(row["numerator"]),
            int(row["denominator"]),
        )
        for row in rows("expected")
    }
    assert len(expected) == 960
    assert found == expected


def test_the_answer_is_the_document_of_the_interface() -> None:
    outcomes = derive_outcomes(frames(timeline()), PHQ9, AS_OF)
    question = Estimand.of(PHQ9, window="end_of_induction", treatment_resistant="any")
    document = answer(outcomes, question, PHQ9, Claim(), as_of=AS_OF).as_json(
        datetime(2026, 2, 1, 9, tzinfo=UTC)
    )
    assert list(document) == [
        *("question", "sentence", "as_of", "known_at", "numerator", "denominator", "ratio", "low", "high"),
        *("counts", "warnings", "claim"),
    ]
    assert list(document["question"]) == [
        *(
            "scale",
            "outcome",
            "window",
            "missing",
            "baseline_at_least",
            "treatment_resistant",
            "first_course",
        ),
        *("indication", "route", "started_from", "started_to", "clinician", "site"),
    ]
    assert document["sentence"].startswith(
        "PHQ-9 response (at least 50 % below baseline) at end of induction"
    )
    assert (document["as_of"], document["known_at"]) == ("2026-01-31", "2026-02-01T09:00:00Z")
    assert (document["numerator"], document["denominator"], document["ratio"]) == (10, 18, 10 / 18)
    assert (document["low"], document["high"]) == (
        pytest.approx(0.337164, abs=1e-6),
        pytest.approx(0.754405, abs=1e-6),
    )
    assert document["counts"] == {
        "treated": 20,
        "eligible": 18,
        "pending": 0,
        "observed": 15,
        "missing": 3,
        "excluded": {
            "later_course": 0,
            "outside_period": 0,
            "other_indication": 0,
            "other_route": 0,
            "no_baseline": 0,
            "baseline_below": 2,
            "baseline_zero": 0,
            "resistance_other": 0,
            "resistance_unknown": 0,
        },
    }
    assert document["warnings"] == []
    assert document["claim"] == {"rate": 0.70, "verdict": "too_few", "reason": None}


def test_a_grid_tells_what_each_of_its_answers_would_say_alone() -> None:
    outcomes = derive_outcomes(frames(timeline()), PHQ9, AS_OF)
    question = Estimand.of(PHQ9, treatment_resistant="any")
    for each in grid(outcomes, question, PHQ9, Claim(), as_of=AS_OF).answers[::37]:
        assert each == answer(outcomes, each.estimand, PHQ9, Claim(), as_of=AS_OF)
