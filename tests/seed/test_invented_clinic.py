"""The invented record holds what a real one holds, and nothing the product would refuse."""

from collections import Counter
from datetime import UTC, date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.scales import all_scales
from models.scales.scoring import score_items
from models.tables.facts import AssessmentFacts, CourseFacts, InfusionFacts, PatientFacts, Setting
from seed.clinic import InventedClinic, invent
from seed.practice import ZONE
from seed.slips import as_first_typed
from tests.seed.frames import TODAY, with_days

SCALES = all_scales()
FRAMES = ("patients", "courses", "infusions", "assessments", "item_scores", "slips")
SETTING = Setting(today=TODAY, zone=ZONE, scales=SCALES)


def answers_of(clinic: InventedClinic) -> dict[int, dict[int, int]]:
    grouped = clinic.item_scores.group_by("assessment").agg("item", "score")
    return {row[0]: dict(zip(row[1], row[2], strict=True)) for row in grouped.iter_rows()}


def facts_of(row: dict[str, object]) -> dict[str, object]:
    """A row of a frame as facts name it."""
    return {**{name: value for name, value in row.items() if name != "patient"}, "patient_id": row["patient"]}


def test_the_same_seed_and_day_make_the_same_clinic(clinic: InventedClinic) -> None:
    again = invent(240, seed=70, today=TODAY)
    assert all(getattr(again, name).equals(getattr(clinic, name)) for name in FRAMES)


def test_another_seed_makes_another_clinic(clinic: InventedClinic) -> None:
    assert not invent(240, seed=71, today=TODAY).patients.equals(clinic.patients)


def test_a_week_later_the_same_courses_begin_a_week_later(clinic: InventedClinic) -> None:
    later = invent(240, seed=70, today=TODAY + timedelta(days=7))
    moved = clinic.courses["started_on"].dt.offset_by("7d")
    assert later.courses["started_on"].equals(moved)
    assert later.assessments["total"].equals(clinic.assessments["total"])


def test_later_in_the_week_it_is_the_same_clinic_with_a_few_days_more(clinic: InventedClinic) -> None:
    friday = invent(240, seed=70, today=TODAY + timedelta(days=4))
    assert friday.patients.equals(clinic.patients)
    before = friday.infusions.filter(pl.col("given_at") < pl.lit(clinic.infusions["given_at"].max()))
    assert set(before.rows()) <= set(clinic.infusions.rows())
    assert len(friday.infusions) > len(clinic.infusions)
    keys = ["patient", "scale", "assessed_at", "assessed_on", "total", "suicide_item"]
    assert set(clinic.assessments.select(keys).rows()) <= set(friday.assessments.select(keys).rows())


def test_patients_have_numbers_and_names_of_their_own(clinic: InventedClinic) -> None:
    patients = clinic.patients
    assert patients["mrn"].n_unique() == len(patients) == 240
    assert patients.select("given_name", "family_name").n_unique() == 240
    assert max(Counter(patients["family_name"]).values()) <= 3
    assert patients["given_name"].n_unique() >= 150


def test_every_patient_course_and_infusion_passes_the_checks_of_the_record(clinic: InventedClinic) -> None:
    for row in clinic.patients.iter_rows(named=True):
        PatientFacts.check(row, SETTING)
    for row in clinic.courses.iter_rows(named=True):
        CourseFacts.check(facts_of(row), SETTING)
    for row in clinic.infusions.iter_rows(named=True):
        InfusionFacts.check({**facts_of(row), "given_at": row["given_at"].astimezone(UTC)}, SETTING)


def test_every_score_is_what_its_answers_come_to(clinic: InventedClinic) -> None:
    answers = answers_of(clinic)
    for row in clinic.assessments.iter_rows(named=True):
        facts = {
            name: row[name] for name in ("scale", "assessed_on", "timing", "recall_days", "mode", "total")
        }
        facts |= {"patient_id": row["patient"], "assessed_at": row["assessed_at"]}
        items = answers.get(row["assessment"])
        facts |= {"items": items} if items else {"suicide_item": row["suicide_item"]}
        checked = AssessmentFacts.check(facts, SETTING)
        assert (checked.status, checked.points) == (row["status"], row["total"])
        assert checked.suicide_answer == row["suicide_item"]


def test_nothing_has_happened_today_or_later_and_no_one_was_treated_on_a_weekend(
    clinic: InventedClinic,
) -> None:
    given = with_days(clinic.infusions, "given_at")["day"].cast(pl.Date)
    scored = with_days(clinic.assessments, "assessed_at", "assessed_on")["day"].cast(pl.Date)
    assert max(given.max(), scored.max(), clinic.courses["ended_on"].max()) < TODAY
    assert set(given.dt.weekday()) == {1, 2, 3, 4, 5}


def test_no_patient_is_scored_twice_on_one_scale_at_one_moment(clinic: InventedClinic) -> None:
    keys = ["patient", "scale", "assessed_at", "assessed_on"]
    assert clinic.assessments.select(keys).is_duplicated().sum() == 0
    assert clinic.infusions.select("patient", "given_at").is_duplicated().sum() == 0
    assert clinic.courses.select("patient", "started_on").is_duplicated().sum() == 0


def test_six_infusions_are_planned_and_many_stop_before_with_a_reason(clinic: InventedClinic) -> None:
    assert set(clinic.courses["planned_infusions"].drop_nulls()) == {6}
    stopped = clinic.courses.filter(
        pl.col("end_reason").is_not_null() & (pl.col("end_reason") != "completed")
    )
    assert 0.25 < len(stopped) / len(clinic.courses) < 0.55
    assert {"no_benefit", "side_effects", "cost", "moved", "own_choice"} <= set(stopped["end_reason"])


def test_two_clinicians_work_on_two_sites(clinic: InventedClinic) -> None:
    assert clinic.courses["clinician"].n_unique() == clinic.courses["site"].n_unique() == 2


def test_a_few_are_bipolar_not_resistant_of_unknown_history_or_treated_by_another_route(
    clinic: InventedClinic,
) -> None:
    courses = clinic.courses
    assert 3 <= (courses["indication"] == "bipolar_depression").sum() <= 40
    assert 3 <= courses["failed_trials_episode"].null_count() <= 25
    assert 3 <= (courses["failed_trials_episode"] < 2).sum() <= 25
    assert {"iv", "im", "intranasal"} <= set(clinic.infusions["route"])


def test_some_come_back_for_a_second_course_more_than_90_days_later(clinic: InventedClinic) -> None:
    second = clinic.courses.filter(pl.col("patient").is_duplicated())
    assert 8 <= second["patient"].n_unique() <= 40


def test_some_are_in_treatment_today(clinic: InventedClinic) -> None:
    last = clinic.infusions.group_by("patient").agg(pl.col("given_at").max())
    recent = last.filter(pl.col("given_at").dt.date() > TODAY - timedelta(days=14))
    assert len(recent) >= 8


def test_maintenance_goes_on_for_months_and_relapse_is_seen(clinic: InventedClinic) -> None:
    assert clinic.infusions.group_by("patient").len()["len"].max() >= 15
    phq9 = with_days(clinic.assessments, "assessed_at", "assessed_on").filter(pl.col("scale") == "phq9")
    by_patient = phq9.sort("day").group_by("patient", maintain_order=True).agg("total")
    relapsed = [
        totals
        for totals in by_patient["total"].to_list()
        if len(totals) > 4 and 2 * min(totals) <= totals[0] and totals[-1] >= 10 > min(totals)
    ]
    assert len(relapsed) >= 8


def test_madrs_is_taken_before_the_first_infusion_and_with_one_day_recall_after_it(
    clinic: InventedClinic,
) -> None:
    madrs = clinic.assessments.filter(pl.col("scale") == "madrs")
    assert set(madrs["mode"]) == {"clinician"}
    first = clinic.infusions.group_by("patient").agg(first=pl.col("given_at").min())
    after = madrs.filter(pl.col("recall_days") == 1).join(first, on="patient")
    hours = (after["assessed_at"] - after["first"]).dt.total_hours()
    assert len(after) >= 40
    assert (hours.is_between(20, 28) | (hours > 90 * 24)).all()
    assert len(madrs.filter(timing="before")) >= 60


@pytest.mark.parametrize(
    ("scale", "low", "high"), [("phq9", 1.0, 1.0), ("gad7", 0.3, 0.6), ("pcl5", 0.05, 0.2)]
)
def test_phq9_is_taken_throughout_and_gad7_and_pcl5_in_some(
    clinic: InventedClinic, scale: str, low: float, high: float
) -> None:
    scored = clinic.assessments.filter(pl.col("scale") == scale)
    assert low <= scored["patient"].n_unique() / 240 <= high + 0.005
    assert set(scored["assessment"]) <= set(clinic.item_scores["assessment"])


def test_a_few_scores_miss_an_item_and_carry_on_prorated(clinic: InventedClinic) -> None:
    assert 0.005 < (clinic.assessments["status"] == "prorated").mean() < 0.04


def test_item_9_is_endorsed_by_some_seldom_highest_and_sometimes_left_out(many: InventedClinic) -> None:
    first = many.assessments.filter(pl.col("scale") == "phq9").group_by("patient").first()
    answers = first["suicide_item"]
    assert 0.4 < (answers > 0).mean() < 0.7
    assert 0.05 < (answers == 3).mean() < 0.15
    assert 0 < answers.null_count() < 0.02 * len(answers)


def test_a_few_scores_were_first_typed_otherwise(clinic: InventedClinic) -> None:
    assert len(clinic.slips) == 6
    before, typed = as_first_typed(clinic.assessments, clinic.item_scores, clinic.slips)
    changed = before.filter(before["total"] != clinic.assessments["total"])
    assert set(changed["assessment"]) == set(clinic.slips["assessment"])
    answers = typed.group_by("assessment").agg("item", "score")
    for row in answers.filter(pl.col("assessment").is_in(changed["assessment"].implode())).iter_rows():
        score = score_items(SCALES["phq9"], dict(zip(row[1], row[2], strict=True)))
        assert score.total == changed.filter(assessment=row[0])["total"].item()
    assert typed.filter(item=9).equals(clinic.item_scores.filter(item=9))


@settings(max_examples=15, deadline=None)
@given(
    patients=st.integers(1, 60),
    seed=st.integers(0, 2**32 - 1),
    today=st.dates(date(2015, 1, 1), date(2040, 12, 31)),
)
def test_a_clinic_of_any_size_on_any_day_has_a_course_for_everyone(
    patients: int, seed: int, today: date
) -> None:
    clinic = invent(patients, seed, today)
    assert len(clinic.patients) == patients
    assert set(clinic.courses["patient"]) == set(clinic.infusions["patient"]) == set(range(patients))
    assert with_days(clinic.infusions, "given_at")["day"].cast(pl.Date).max() < today
