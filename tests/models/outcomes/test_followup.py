"""What a clinic can still do, and what became of those it began to treat."""

from datetime import date

from models.outcomes.answers.claim import Claim
from models.outcomes.answers.followup import benefit_and_harm, by_quarter, open_windows, why_stopped
from models.outcomes.derivation.derive import derive_outcomes
from models.outcomes.question.estimand import Estimand, Missing, Outcome
from models.scales import all_scales
from tests.support.drawn import DAY0, PHQ9, course, day, record
from tests.support.timelines import Assessment, Course, Infusion, Record, frames, plain_rows

SIX = "day | infusion | score\n-1 | | 20\n" + "\n".join(f"{on} | yes |" for on in (0, 3, 6, 9, 12, 15))


def waiting(table: str, as_of: int, window: str = "p14_31", *courses: Course) -> list[int]:
    """Days left of each open window of the one patient."""
    outcomes = derive_outcomes(frames(record(table, *courses)), PHQ9, day(as_of))
    asked = Estimand.of(PHQ9, window=window, treatment_resistant="any")
    return [row["days_left"] for row in plain_rows(open_windows(outcomes, asked, PHQ9, as_of=day(as_of)))]


def test_a_window_waits_for_a_score_from_its_first_to_its_last_day() -> None:
    assert waiting(SIX, 28) == []
    assert waiting(SIX, 29) == [17]
    assert waiting(SIX, 46) == [0]
    assert waiting(SIX, 47) == []


def test_it_no_longer_waits_once_there_is_a_score() -> None:
    assert waiting(SIX + "\n30 | | 9", 31) == []


def test_someone_who_cannot_be_counted_is_not_waited_for() -> None:
    assert waiting("day | infusion | score\n-1 | | 9\n0 | yes |", 20) == []


def test_a_window_after_an_induction_in_progress_is_not_open_yet() -> None:
    short = "day | infusion | score\n-1 | | 20\n0 | yes |\n3 | yes |"
    assert waiting(short, 4, "end_of_induction") == []
    assert waiting(short, 4, "end_of_induction", course(planned_infusions=2)) == [6]


def test_the_end_of_an_induction_is_over_with_the_next_infusion() -> None:
    assert waiting(SIX, 17, "end_of_induction") == [5]
    assert waiting(SIX + "\n17 | yes |", 17, "end_of_induction") == []


def test_those_whose_window_closes_first_come_first() -> None:
    rows = [(1, 3), (2, 0), (3, 1)]
    seen = Record(
        [Course(patient, patient, DAY0 + start) for patient, start in rows],
        [Infusion(patient, patient, DAY0 + start) for patient, start in rows],
        [Assessment(patient, patient, DAY0 + start, 20) for patient, start in rows],
    )
    outcomes = derive_outcomes(frames(seen), PHQ9, day(20))
    asked = Estimand.of(PHQ9, window="p14_31")
    found = plain_rows(open_windows(outcomes, asked, PHQ9, as_of=day(20)))
    assert [(row["patient_id"], row["days_left"]) for row in found] == [(2, 11), (3, 12), (1, 14)]


def clinic(*courses: tuple[date, int, int | None]) -> Record:
    """One infusion of one planned a course, on a date, with a baseline and a score of day 7."""
    infusions, assessments = [], []
    for number, (on, baseline, score) in enumerate(courses, 1):
        start = (on - date(1970, 1, 1)).days
        infusions.append(Infusion(number, number, start))
        assessments.append(Assessment(2 * number, number, start, baseline))
        if score is not None:
            assessments.append(Assessment(2 * number + 1, number, start + 7, score))
    return Record([], infusions, assessments)


def test_a_course_counts_in_the_quarter_in_which_its_window_closed() -> None:
    seen = clinic(
        (date(2025, 3, 21), 20, 9),  # its window closes on 31 March
        (date(2025, 3, 22), 20, 15),  # 1 April
        (date(2025, 6, 1), 20, None),
        (date(2025, 6, 2), 5, 1),  # left out: baseline below the gate
        (date(2025, 12, 1), 20, 8),
        (date(2025, 12, 24), 20, 8),  # closes on 3 January: still pending
    )
    outcomes = derive_outcomes(frames(seen), PHQ9, date(2025, 12, 31))
    asked = Estimand.of(PHQ9, window="d7", treatment_resistant="any")
    found = [(each.starts_on, *each.rate[:2], each.pending) for each in by_quarter(outcomes, asked, PHQ9)]
    assert found == [
        (date(2025, 1, 1), 1, 1, 0),
        (date(2025, 4, 1), 0, 2, 0),
        (date(2025, 7, 1), 0, 0, 0),
        (date(2025, 10, 1), 1, 1, 0),
        (date(2026, 1, 1), 0, 0, 1),
    ]


def test_nobody_eligible_gives_no_quarter() -> None:
    outcomes = derive_outcomes(frames(clinic((date(2025, 1, 1), 5, 1))), PHQ9, date(2025, 12, 31))
    assert by_quarter(outcomes, Estimand.of(PHQ9, treatment_resistant="any"), PHQ9) == []


def test_people_stopped_for_the_reason_recorded_and_those_in_progress_have_not_stopped() -> None:
    def patient(number: int, *, infusions: int, **facts: object) -> tuple[Course, list[Infusion]]:
        given = [Infusion(10 * number + nth, number, DAY0 + 3 * nth) for nth in range(infusions)]
        return Course(number, number, DAY0, **facts), given  # type: ignore[arg-type]

    people = [
        patient(1, infusions=2, end_reason="cost", ended_day=DAY0 + 5),
        patient(2, infusions=1, end_reason="cost", ended_day=DAY0 + 2),
        patient(3, infusions=1),
        patient(4, infusions=6, end_reason="completed", ended_day=DAY0 + 20),
        patient(5, infusions=3),
    ]
    seen = Record([each for each, _ in people], [one for _, given in people for one in given], [])
    outcomes = derive_outcomes(frames(seen), PHQ9, day(19))
    assert why_stopped(outcomes) == {"cost": 2, None: 1}


def test_harm_is_answered_beside_benefit_as_seen() -> None:
    seen = clinic((date(2025, 1, 1), 20, 9), (date(2025, 1, 1), 12, 20), (date(2025, 1, 1), 20, None))
    outcomes = derive_outcomes(frames(seen), PHQ9, date(2025, 12, 31))
    asked = Estimand.of(PHQ9, window="d7", treatment_resistant="any")
    found = benefit_and_harm(outcomes, asked, PHQ9, Claim(), as_of=date(2025, 12, 31))
    assert {outcome: each.rate[:2] for outcome, each in found.items()} == {
        Outcome.RESPONSE: (1, 3),
        Outcome.REMISSION: (0, 3),
        Outcome.DETERIORATION: (1, 2),
    }
    assert found[Outcome.DETERIORATION].estimand.missing is Missing.OBSERVED
    assert found[Outcome.DETERIORATION].bounds.worst[:2] == (2, 3)


def test_outcomes_a_scale_does_not_define_are_left_out() -> None:
    madrs = all_scales()["madrs"]
    outcomes = derive_outcomes(frames(clinic()), madrs, date(2025, 12, 31))
    asked = Estimand.of(madrs)
    assert list(benefit_and_harm(outcomes, asked, madrs, Claim(), as_of=date(2025, 12, 31))) == [
        Outcome.RESPONSE,
        Outcome.REMISSION,
    ]
