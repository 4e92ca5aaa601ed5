"""Who was counted: every facet adds up to everybody, the unknown among them, the same on every engine."""

from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

import polars as pl
import pytest

from models.outcomes.answers.answer import answer
from models.outcomes.answers.claim import Claim
from models.outcomes.counts.case_mix import Group, Quartiles, case_mix, quartiles
from models.outcomes.derivation.derive import derive_outcomes
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Missing
from tests.support.drawn import DAY0, PHQ9, day, drawn
from tests.support.timelines import ENGINES, Assessment, Course, Frames, Infusion, Record, frames

ASKED = Estimand(baseline_at_least=None, treatment_resistant="any", indications=("any",))

# the first infusion is on 4 October 2024, the score after it 21 days later
CLINIC = """
    id | born       | trials | planned | route      | for        | before | after
    1  | 1994-10-05 | 2      | 1       | iv         | depression | 27     | 10
    2  | 1994-10-04 | 3      | 1       | iv         | depression | 14     | 7
    3  | 1979-10-05 | 4      | 1       | iv         | ptsd       | 10     |
    4  | 1964-02-29 | 5      | 6       | intranasal | depression | 20     | 19
    5  |            |        | 1       | iv         |            | 5      | 2
    6  | 1950-01-31 | 0      | 1       | iv         | depression |        | 3
"""


class Clinic(NamedTuple):
    """A derived frame and the record's own, of one engine."""

    outcomes: Any
    courses: Any
    patients: Any


def clinic(engine: str = "polars", table: str = CLINIC) -> Clinic:
    courses, infusions, scores, births = [], [], [], []
    for row in drawn(table):
        number = int(row["id"])
        trials = int(row["trials"]) if row["trials"] else None
        courses.append(Course(number, number, DAY0, row["for"] or None, int(row["planned"]), trials))
        infusions.append(Infusion(number, number, DAY0, None, row["route"]))
        for at, (column, on) in enumerate((("before", DAY0 - 1), ("after", DAY0 + 21))):
            if row[column]:
                scores.append(Assessment(10 * number + at, number, on, int(row[column])))
        births.append((number, date.fromisoformat(row["born"]) if row["born"] else None))
    on_engine = ENGINES[engine]()
    patients = pl.DataFrame(births, schema={"patient_id": pl.Int64, "birth_date": pl.Date}, orient="row")
    seen: Frames = frames(Record(courses, infusions, scores), on_engine)
    return Clinic(derive_outcomes(seen, PHQ9, day(1000)), seen.courses, on_engine(patients))


def mix(asked: Estimand = ASKED) -> list[Group]:
    return case_mix(*clinic(), asked, PHQ9)


def counts(facet: str, asked: Estimand = ASKED) -> dict[str, tuple[int, int]]:
    return {group.label: group.rate[:2] for group in mix(asked) if group.facet == facet}


def test_age_turns_on_the_birthday_and_an_unknown_one_is_a_group_of_its_own() -> None:
    assert counts("age") == {
        "under 30": (1, 1),
        "30–44": (1, 2),
        "60 or more": (0, 1),
        "unknown": (1, 1),
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_finds_the_same_groups_and_the_same_quartiles(engine: str) -> None:
    seen, completers = clinic(engine), replace(ASKED, missing=Missing.COMPLETERS)
    for asked in (ASKED, completers):
        assert case_mix(*seen, asked, PHQ9) == mix(asked)
        assert quartiles(*seen, asked, PHQ9) == quartiles(*clinic(), asked, PHQ9)


def test_groups_go_by_severity_failed_trials_route_and_indication() -> None:
    assert counts("severity") == {"mild": (1, 1), "moderate": (1, 2), "severe": (1, 2)}
    assert counts("trials") == {"2": (1, 1), "3–4": (1, 2), "5 or more": (0, 1), "unknown": (1, 1)}
    assert counts("route_given") == {"intranasal": (0, 1), "iv": (3, 4)}
    assert counts("treated_for") == {"depression": (3, 4), "ptsd": (0, 1)}


@pytest.mark.parametrize("missing", Missing)
def test_each_facet_adds_up_to_everybody_counted(missing: Missing) -> None:
    asked = replace(ASKED, missing=missing)
    rate = answer(clinic().outcomes, asked, PHQ9, Claim(), as_of=day(1000)).rate
    groups = mix(asked)
    for facet in {group.facet for group in groups}:
        mine = [group.rate for group in groups if group.facet == facet]
        assert sum(each.numerator for each in mine) == rate.numerator
        assert sum(each.denominator for each in mine) == rate.denominator
    for each in quartiles(*clinic(), asked, PHQ9):
        assert each.known + each.unknown == rate.denominator


def test_the_middle_of_those_counted_leaves_the_unknown_out_and_counts_them() -> None:
    """Baselines 5, 10, 14, 20, 27; ages 29, 30, 44, 60; failed trials 2, 3, 4, 5: by hand."""
    assert quartiles(*clinic(), ASKED, PHQ9) == [
        Quartiles("baseline", 10, 14, 20, 5, 0),
        Quartiles("age", 29.75, 37, 48, 4, 1),
        Quartiles("failed_trials", 2.75, 3.5, 4.25, 4, 1),
    ]


def test_of_completers_neither_who_stopped_early_nor_who_was_not_seen_is_in_the_middle() -> None:
    baseline, age, _ = quartiles(*clinic(), replace(ASKED, missing=Missing.COMPLETERS), PHQ9)
    assert (baseline.median, baseline.known) == (14, 3)
    assert (age.median, age.known, age.unknown) == (29.5, 2, 1)


def test_of_nobody_there_is_no_middle_and_no_group() -> None:
    asked = replace(ASKED, baseline_at_least=28)
    assert mix(asked) == []
    assert quartiles(*clinic(), asked, PHQ9)[0] == Quartiles("baseline", None, None, None, 0, 0)
