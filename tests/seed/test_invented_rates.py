"""What the demo shows by construction, counted by models.outcomes."""

from datetime import timedelta

import pytest

from models.outcomes.answers.answer import Answer, answer
from models.outcomes.answers.claim import Claim, Verdict
from models.outcomes.derivation.derive import derive_outcomes
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Missing, Outcome
from models.scales import all_scales
from seed.clinic import InventedClinic, invent
from tests.seed.frames import TODAY, as_record

PHQ9 = all_scales()["phq9"]


def answered(clinic: InventedClinic, **choices: object) -> Answer:
    outcomes = derive_outcomes(as_record(clinic), PHQ9, TODAY)
    return answer(outcomes, Estimand.of(PHQ9, **choices), PHQ9, Claim(), as_of=TODAY)


def ratio(clinic: InventedClinic, **choices: object) -> float:
    found = answered(clinic, **choices).rate.ratio
    assert found is not None
    return found


def test_of_everyone_treated_far_fewer_than_the_advertised_70_percent_respond(clinic: InventedClinic) -> None:
    of_everyone = answered(clinic)
    assert of_everyone.verdict is Verdict.CONTRADICTED
    assert 0.36 < of_everyone.rate.ratio < 0.46


def test_of_those_who_finished_and_were_scored_about_70_percent_respond(clinic: InventedClinic) -> None:
    assert 0.62 < ratio(clinic, missing=Missing.COMPLETERS) < 0.78


def test_leaving_people_out_step_by_step_raises_the_rate(clinic: InventedClinic) -> None:
    everyone, observed, completers = (
        ratio(clinic, missing=missing)
        for missing in (Missing.NON_RESPONDER, Missing.OBSERVED, Missing.COMPLETERS)
    )
    assert everyone + 0.1 < observed < completers


def test_with_many_patients_the_rates_settle_near_40_and_70_percent(many: InventedClinic) -> None:
    assert ratio(many) == pytest.approx(0.415, abs=0.02)
    assert ratio(many, missing=Missing.COMPLETERS) == pytest.approx(0.70, abs=0.02)


@pytest.mark.parametrize("seed", range(5))
def test_another_seed_tells_the_same_story(seed: int) -> None:
    other = invent(240, seed=seed, today=TODAY)
    of_everyone = answered(other)
    assert of_everyone.verdict in (Verdict.CONTRADICTED, Verdict.INCONCLUSIVE)
    assert of_everyone.rate.high < 0.60
    assert 0.58 < ratio(other, missing=Missing.COMPLETERS) < 0.82


def test_some_get_clearly_worse(clinic: InventedClinic, many: InventedClinic) -> None:
    seen = answered(clinic, outcome=Outcome.DETERIORATION, missing=Missing.OBSERVED)
    assert seen.rate.numerator >= 3
    assert 0.02 < ratio(many, outcome=Outcome.DETERIORATION, missing=Missing.OBSERVED) < 0.08


def test_some_windows_are_open_and_every_exclusion_of_the_default_question_has_someone(
    clinic: InventedClinic,
) -> None:
    counts = answered(clinic).counts
    assert counts.pending >= 8
    assert counts.observed + counts.missing >= 150
    silent = {reason for reason, count in counts.excluded.items() if count == 0}
    assert silent == {"outside_period", "other_route", "baseline_zero"}


def test_more_is_missing_of_those_who_did_badly(many: InventedClinic) -> None:
    outcomes = derive_outcomes(as_record(many), PHQ9, TODAY)
    closed = [row for row in outcomes.iter_rows(named=True) if not row["p14_31_pending"] and row["baseline"]]
    last = [(row, row["p14_31_carried"]) for row in closed if row["p14_31_carried"] is not None]
    well = [row["p14_31_endpoint"] is None for row, score in last if 2 * score <= row["baseline"]]
    badly = [row["p14_31_endpoint"] is None for row, score in last if 2 * score > row["baseline"]]
    assert sum(badly) / len(badly) > 2 * sum(well) / len(well)


def test_every_quarter_of_the_last_year_has_courses_to_count(clinic: InventedClinic) -> None:
    outcomes = derive_outcomes(as_record(clinic), PHQ9, TODAY)
    closed = [row["p14_31_closes_day"] for row in outcomes.iter_rows(named=True)]
    today = (TODAY - TODAY.replace(year=1970, month=1, day=1)) // timedelta(days=1)
    for quarter in range(4):
        assert sum(91 * quarter <= today - day < 91 * (quarter + 1) for day in closed) >= 25
