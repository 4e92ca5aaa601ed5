"""Why a treated course is not counted, drawn: clinical specification §3.8.9."""

from typing import Any

import pytest

from models.outcomes.answers.answer import Answer, answer
from models.outcomes.answers.claim import Claim
from models.outcomes.derivation.derive import derive_outcomes
from models.outcomes.question.estimand import Estimand
from models.scales import Scale, all_scales
from tests.support.drawn import DAY0, day, drawn
from tests.support.timelines import Assessment, Course, Infusion, Record, frames

SCALES = all_scales()


def clinic(table: str) -> Record:
    """One course a row: patient, start, baseline, trials, indication, route, clinician and site at will."""
    courses, infusions, assessments = [], [], []
    for number, row in enumerate(drawn(table), 1):
        patient, start = int(row.get("patient") or number), DAY0 + int(row.get("start") or 0)
        trials = row.get("trials", "2")
        courses.append(
            Course(
                number,
                patient,
                start,
                indication=row.get("indication") or "depression",
                failed_trials_episode=int(trials) if trials else None,
                clinician=row.get("clinician") or None,
                site=row.get("site") or None,
            )
        )
        infusions.append(Infusion(number, patient, start, route=row.get("route") or None))
        if row["baseline"]:
            assessments.append(Assessment(number, patient, start, int(row["baseline"])))
    return Record(courses, infusions, assessments)


def ask(table: str, scale: Scale = SCALES["phq9"], as_of: int = 1000, **question: Any) -> Answer:
    outcomes = derive_outcomes(frames(clinic(table)), scale, day(as_of))
    return answer(outcomes, Estimand.of(scale, **question), scale, Claim(), as_of=day(as_of))


def left_out(found: Answer) -> dict[str, int]:
    return {str(reason): n for reason, n in found.counts.excluded.items() if n}


def test_each_course_is_left_out_for_the_first_reason_only() -> None:
    found = ask(
        """
        patient | start | baseline | trials | indication | route
        1       | 0     | 20       | 3      |            | iv
        1       | 200   |          | 0      | ptsd       | oral
        2       | -100  |          | 0      | ptsd       | oral
        3       | 0     |          | 0      | ptsd       | oral
        4       | 0     |          | 0      |            | oral
        5       | 0     |          | 0      |            | iv
        6       | 0     | 9        | 0      |            | iv
        7       | 0     | 0        | 0      |            | iv
        8       | 0     | 20       | 1      |            | iv
        9       | 0     | 20       |        |            | iv
        """,
        started_from=day(-50),
        started_to=day(50),
        route="iv",
    )
    assert left_out(found) == {
        "later_course": 1,
        "outside_period": 1,
        "other_indication": 1,
        "other_route": 1,
        "no_baseline": 1,
        "baseline_below": 2,
        "resistance_other": 1,
        "resistance_unknown": 1,
    }
    assert (found.counts.treated, found.counts.eligible, found.counts.missing) == (10, 1, 1)


def test_a_baseline_of_0_is_left_out_where_the_outcome_is_a_share_of_it() -> None:
    table = "baseline | trials\n0 | 2\n12 | 2"
    for outcome in ("response", "partial_response", "mcid20", "response_and_le9"):
        found = ask(table, outcome=outcome, baseline_at_least=None)
        assert left_out(found) == {"baseline_zero": 1}, outcome
    for outcome in ("remission", "mcid", "reliable_improvement", "recovery", "deterioration"):
        assert left_out(ask(table, outcome=outcome, baseline_at_least=None)) == {}, outcome


def test_a_gate_takes_a_baseline_of_0_before_its_own_reason_does() -> None:
    assert left_out(ask("baseline\n0", baseline_at_least=1)) == {"baseline_below": 1}
    assert left_out(ask("baseline\n0", baseline_at_least=0)) == {"baseline_zero": 1}


def test_the_gate_is_inclusive() -> None:
    assert left_out(ask("baseline\n10\n9")) == {"baseline_below": 1}


def test_the_scale_brings_its_own_gate() -> None:
    assert Estimand.of(SCALES["phq9"]).baseline_at_least == 10
    assert Estimand.of(SCALES["gad7"]).baseline_at_least == 8
    assert Estimand.of(SCALES["hamd17"]).baseline_at_least is None


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("yes", {"resistance_other": 2, "resistance_unknown": 1}),
        ("no", {"resistance_other": 2, "resistance_unknown": 1}),
        ("any", {}),
    ],
)
def test_two_failed_trials_in_the_episode_are_resistance(asked: str, expected: dict[str, int]) -> None:
    found = ask("baseline | trials\n20 | 0\n20 | 1\n20 | 2\n20 | 5\n20 |", treatment_resistant=asked)
    assert left_out(found) == expected


def test_with_all_courses_a_later_course_counts() -> None:
    table = "patient | start | baseline\n1 | 0 | 20\n1 | 200 | 20"
    assert left_out(ask(table)) == {"later_course": 1}
    assert left_out(ask(table, first_course=False)) == {}


def test_a_later_course_does_not_become_the_first_because_the_first_is_left_out() -> None:
    table = "patient | start | baseline\n1 | 0 | 20\n1 | 200 | 20"
    assert left_out(ask(table, started_from=day(100))) == {"later_course": 1, "outside_period": 1}


def test_both_days_of_a_period_are_inside_it() -> None:
    table = "start | baseline\n-1 | 20\n0 | 20\n5 | 20\n6 | 20"
    assert left_out(ask(table, started_from=day(0), started_to=day(5))) == {"outside_period": 2}


def test_an_unknown_route_is_not_the_one_asked_for() -> None:
    assert left_out(ask("baseline | route\n20 | iv\n20 | ", route="iv")) == {"other_route": 1}


def test_any_indication_counts_every_indication() -> None:
    table = "baseline | indication\n20 | ptsd\n20 | pain"
    assert left_out(ask(table, indications=("any",))) == {}
    assert left_out(ask(table, indications="ptsd")) == {"other_indication": 1}


def test_clinician_and_site_narrow_who_is_treated_at_all() -> None:
    table = "baseline | clinician | site\n20 | A | north\n20 | B | north\n20 | A | south\n20 | |"
    assert ask(table).counts.treated == 4
    assert ask(table, clinician="A").counts.treated == 2
    assert ask(table, clinician="A", site="south").counts.treated == 1


def test_nobody_is_counted_in_an_empty_record() -> None:
    found = ask("baseline")
    assert found.counts.treated == found.rate.denominator == 0
    assert (found.rate.ratio, found.rate.low, found.rate.high) == (None, None, None)
    assert found.verdict == "too_few"
    assert sum(found.counts.excluded.values()) == 0
    assert len(found.counts.excluded) == 9
