"""What a missing score counts as, drawn: clinical specification §3.8.10."""

from models.outcomes.answers.answer import answer
from models.outcomes.answers.claim import Claim
from models.outcomes.counts.membership import membership
from models.outcomes.derivation.derive import derive_outcomes
from models.outcomes.question.estimand import Estimand, Missing
from tests.support.drawn import DAY0, PHQ9, day, drawn
from tests.support.timelines import Assessment, Course, Infusion, Record, frames, plain_rows

CLINIC = """
    course | baseline | day 1 | day 36 | infusions
    A      | 20       |       | 9      | 6
    B      | 20       |       | 15     | 6
    C      | 20       |       | 9      | 2
    D      | 20       | 8     |        | 6
    E      | 20       | 18    |        | 2
    F      | 10       | 17    |        | 6
    G      | 10       |       | 17     | 6
    H      | 20       |       |        | 6
"""
"""`day 1` lies before the end of the induction, `day 36` in the window (day 24 where two were given)."""


def clinic() -> Record:
    courses, infusions, assessments = [], [], []
    for patient, row in enumerate(drawn(CLINIC), 1):
        courses.append(Course(patient, patient, DAY0))
        many = int(row["infusions"])
        for nth in range(many):
            infusions.append(Infusion(len(infusions) + 1, patient, DAY0 + 3 * nth))
        shift = 0 if many == 6 else -12
        for on, score in ((-1, row["baseline"]), (1, row["day 1"]), (36 + shift, row["day 36"])):
            if score:
                assessments.append(Assessment(len(assessments) + 1, patient, DAY0 + on, int(score)))
    return Record(courses, infusions, assessments)


def check(outcome: str, table: str) -> None:
    """Each row: a strategy, and the numerator and denominator it gives."""
    outcomes = derive_outcomes(frames(clinic()), PHQ9, day(100))
    for row in drawn(table):
        estimand = Estimand.of(PHQ9, outcome=outcome, missing=row["missing"])
        found = answer(outcomes, estimand, PHQ9, Claim(), as_of=day(100))
        assert found.rate[:2] == (int(row["met"]), int(row["of"])), row
        places = plain_rows(membership(outcomes, estimand, PHQ9))
        counted = [place["met"] for place in places if place["met"] is not None]
        assert (sum(counted), len(counted)) == found.rate[:2], row


def test_every_strategy_counts_the_same_people_its_own_way() -> None:
    check(
        "response",
        """
        missing       | met | of
        observed      | 2   | 4
        completers    | 1   | 3
        non_responder | 2   | 8
        worst_case    | 2   | 8
        best_case     | 6   | 8
        last_carried  | 3   | 8
        """,
    )


def test_of_a_harm_the_worst_case_counts_the_unseen_as_harmed() -> None:
    check(
        "deterioration",
        """
        missing       | met | of
        observed      | 1   | 4
        completers    | 1   | 3
        non_responder | 1   | 8
        best_case     | 1   | 8
        worst_case    | 5   | 8
        last_carried  | 2   | 8
        """,
    )


def test_the_place_of_every_course_is_said_in_one_word() -> None:
    outcomes = derive_outcomes(frames(clinic()), PHQ9, day(100))
    places = plain_rows(membership(outcomes, Estimand.of(PHQ9), PHQ9))
    states = {drawn(CLINIC)[place["course_id"] - 1]["course"]: place["state"] for place in places}
    assert states == {
        "A": "met",
        "B": "not_met",
        "C": "met",
        "D": "not_scored",
        "E": "not_scored",
        "F": "not_scored",
        "G": "worse",
        "H": "not_scored",
    }


def test_a_pending_course_is_in_neither_numerator_nor_denominator() -> None:
    outcomes = derive_outcomes(frames(clinic()), PHQ9, day(40))
    for missing in Missing:
        found = answer(outcomes, Estimand.of(PHQ9, missing=missing), PHQ9, Claim(), as_of=day(40))
        assert (found.counts.pending, found.counts.observed, found.counts.missing) == (6, 1, 1)
