"""What must be said about the days that scores ask about: clinical specification §0.5, §3.8.11."""

from models.outcomes.answers.answer import answer
from models.outcomes.answers.claim import Claim
from models.outcomes.derivation.derive import derive_outcomes
from models.outcomes.question.estimand import Estimand
from models.scales import Scale, all_scales
from tests.support.drawn import DAY0, PHQ9, day, record
from tests.support.timelines import Assessment, Infusion, Record, frames

MADRS = all_scales()["madrs"]
OVERLAPS, DIFFERS = "recall_overlaps_pre_treatment", "recall_differs_from_baseline"


def warnings(table: str, scale: Scale = PHQ9, **question: object) -> list[str]:
    """What is said beside the rate of the one patient drawn."""
    seen = record(table)
    of_scale = [score._replace(scale=scale.id) for score in seen.assessments]
    return told(Record([], seen.infusions, of_scale), scale, **question)


def told(seen: Record, scale: Scale, **question: object) -> list[str]:
    outcomes = derive_outcomes(frames(seen), scale, day(900))
    asked = Estimand.of(scale, treatment_resistant="any", **question)
    found = answer(outcomes, asked, scale, Claim(), as_of=day(900))
    return [str(warning) for warning in found.warnings]


def test_a_phq9_of_day_7_asks_about_days_before_treatment() -> None:
    table = "day | infusion | score\n-1 | | 20\n0 | yes |\n7 | | 9"
    assert warnings(table, window="d7") == [OVERLAPS]


def test_a_phq9_two_weeks_after_the_first_infusion_does_not() -> None:
    table = "day | infusion | score\n-1 | | 20\n0 | yes |\n14 | | 9"
    assert warnings(table, window="p14_31") == []


def test_an_end_of_induction_may_or_may_not() -> None:
    soon = "day | infusion | score\n-1 | | 20\n0 | yes |\n4 | | 9"
    assert warnings(soon, window="end_of_induction") == [OVERLAPS]
    late = "day | infusion | score\n-1 | | 20\n0 | yes |\n12 | yes |\n14 | | 9"
    assert warnings(late, window="end_of_induction") == []


def test_one_early_stop_does_not_speak_for_a_whole_clinic_but_half_of_it_does() -> None:
    def clinic(soon: int, late: int) -> list[str]:
        seen = Record([], [], [])
        for patient in range(1, soon + late + 1):
            infusions, end = ([0], 4) if patient <= soon else ([0, 12], 14)
            given = [Infusion(10 * patient + on, patient, DAY0 + on) for on in infusions]
            scores = [Assessment(10 * patient + on, patient, DAY0 + on - 1, 20) for on in (0, end + 1)]
            seen = Record([], [*seen.infusions, *given], [*seen.assessments, *scores])
        return told(seen, PHQ9, window="end_of_induction")

    assert clinic(soon=1, late=2) == []
    assert clinic(soon=1, late=1) == [OVERLAPS]


def test_only_scores_that_are_counted_are_warned_of() -> None:
    table = "day | infusion | score\n-1 | | 20\n0 | yes |\n7 | | 9"
    assert warnings(table, window="p14_31") == []
    assert warnings(table, window="p14_31", missing="best_case") == []
    assert warnings(table, window="p14_31", missing="last_carried") == [OVERLAPS]
    assert warnings(table, window="d7", missing="completers") == []
    assert warnings(table, window="d7", baseline_at_least=21) == []


HOURS = """day | time  | infusion | score | recall
-1  |       |          | 30    | {before}
0   | 10:00 | yes      |       |
1   | 10:00 |          | 12    | {after}"""


def test_a_madrs_of_one_day_is_compared_with_one_of_seven_and_says_so() -> None:
    assert warnings(HOURS.format(before=7, after=1), MADRS, window="h24") == [DIFFERS]


def test_a_madrs_of_seven_days_asks_about_days_before_treatment() -> None:
    assert warnings(HOURS.format(before=7, after=7), MADRS, window="h24") == [OVERLAPS]


def test_two_madrs_of_one_day_need_no_warning() -> None:
    assert warnings(HOURS.format(before=1, after=1), MADRS, window="h24") == []


def test_a_madrs_of_one_day_on_the_evening_of_the_infusion_asks_about_that_morning() -> None:
    evening = (
        "day | time | infusion | score | recall\n-1 | | | 30 | 1\n0 | 08:00 | yes | |\n0 | 21:00 | | 12 | 1"
    )
    assert warnings(evening, MADRS, window="h24") == [OVERLAPS]


def test_a_scale_that_asks_about_a_month_overlaps_longer() -> None:
    pcl5 = all_scales()["pcl5"]
    table = "day | infusion | score | recall\n-1 | | 50 | {0}\n0 | yes | |\n20 | | 30 | {0}"
    usual = pcl5.recall_days
    assert warnings(table.format(usual), pcl5, outcome="mcid") == [OVERLAPS]
