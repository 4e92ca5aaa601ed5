"""What leaves the clinic in each product, and what never does."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from sqlalchemy import Engine

from models.exchange.deidentified.products import extract
from models.exchange.deidentified.rules import Product
from models.store.record.frames import COLUMNS
from models.store.record.read import Record, record
from tests.support.canaries import AGES, AT, BIRTHS, FIRST_DOSE, FULL_DATE, LATE, TEXTS, days_of
from tests.support.extracts import Written, code_of, contents, dice, leaving, offset, request_of, rows

NUMBERS = re.compile(r"(?<!\w)(90210|59801|73301)(?!\w)")
"""Of places and people; five digits of a random code may be the same."""


@pytest.mark.parametrize("suicide_items", [False, True])
@pytest.mark.parametrize("product", Product)
def test_no_name_number_place_or_birth_date_is_in_any_file(
    written: Written,
    product: Product,
    suicide_items: bool,  # noqa: FBT001
) -> None:
    folder = written(product, suicide_items=suicide_items)
    for name, text in contents(folder):
        for canary in (*TEXTS, *(birth.isoformat() for birth in BIRTHS)):
            assert canary.casefold() not in text.casefold(), (name, canary)
        number = NUMBERS.search(text)
        assert number is None, (name, number)


@pytest.mark.parametrize("product", Product)
def test_no_column_of_free_text_or_of_the_records_own_numbers_is_in_any_file(
    written: Written, product: Product
) -> None:
    folder = written(product, suicide_items=True)
    files = [rows(folder, path.stem) for path in folder.glob("*.csv")]
    given = {column for file in files for column in file[0]}
    assert len(files) == 4
    free = {column.name for columns in COLUMNS.values() for column in columns if column.free} - {"scale"}
    assert not given & (
        free | {"patient_id", "course_id", "infusion_id", "assessment_id", "row_id", "birth_date"}
    )


def test_safe_harbor_has_no_date_but_the_year_of_the_first_dose(written: Written) -> None:
    folder = written(Product.SAFE_HARBOR)
    for name, text in contents(folder):
        assert not FULL_DATE.search(text), name
        assert AT.isoformat() not in text, name
    treated = [row for row in rows(folder, "patients") if row["age_at_first_dose"]]
    assert {row["year_of_first_dose"] for row in treated} == {str(FIRST_DOSE.year)}
    years = {str(FIRST_DOSE.year - 3), str(FIRST_DOSE.year + 1), str(FIRST_DOSE.year + 2)}
    files = [rows(folder, path.stem) for path in folder.glob("*.csv")]
    cells = {cell for file in files for row in file for cell in row.values()}
    assert not cells & years


def test_safe_harbor_counts_days_from_the_first_dose_and_no_further_than_730(written: Written) -> None:
    folder = written(Product.SAFE_HARBOR)
    for patient in range(len(BIRTHS)):
        code = code_of(folder, patient)
        days = [
            int(row["day_since_first_dose"])
            for row in rows(folder, "assessments")
            if row["patient"] == code and row["scale"] == "phq9"
        ]
        assert days == [max(-730, min(730, day)) for day in days_of(patient)]
    assert {row["day_since_first_dose"] for row in rows(folder, "infusions")} == {"0", "3"}
    course = rows(folder, "courses")[0]
    assert (course["started_day_since_first_dose"], course["ended_day_since_first_dose"]) == ("0", "4")


@pytest.mark.parametrize("product", Product)
def test_nobody_is_older_than_89_not_even_at_the_last_score(written: Written, product: Product) -> None:
    folder = written(product)
    ages = {row["patient"]: row["age_at_first_dose"] for row in rows(folder, "patients")}
    assert [ages[code_of(folder, patient)] for patient in range(len(BIRTHS))] == list(AGES)
    assert all(int(age) <= 89 for age in ages.values() if age not in {"90+", ""})


def test_who_was_never_treated_has_no_age_and_no_year(written: Written) -> None:
    untreated = [row for row in rows(written(Product.SAFE_HARBOR), "patients") if not row["sex"]]
    assert [(row["age_at_first_dose"], row["year_of_first_dose"]) for row in untreated] == [("", "")]


def test_a_limited_data_set_has_the_real_days_and_times(written: Written) -> None:
    folder = written(Product.LIMITED)
    given = {(row["given_on"], row["given_time"]) for row in rows(folder, "infusions")}
    assert given == {((FIRST_DOSE + timedelta(days=day)).isoformat(), AT.isoformat()) for day in (0, 3)}
    assert {row["started_on"] for row in rows(folder, "courses")} == {FIRST_DOSE.isoformat()}
    assert (FIRST_DOSE + timedelta(days=LATE)).isoformat() in {
        row["assessed_on"] for row in rows(folder, "assessments")
    }


def test_shifted_dates_move_all_of_a_patients_rows_by_one_offset_of_at_most_a_year(written: Written) -> None:
    folder = written(Product.SHIFTED)
    assert all(AT.isoformat() not in text for _, text in contents(folder))
    for patient in range(len(BIRTHS)):
        assert 1 <= abs(offset(folder, patient)) <= 365


def test_two_extracts_share_neither_codes_nor_offsets(written: Written) -> None:
    one, other = written(Product.SHIFTED), written(Product.SHIFTED)
    codes = [{row["patient"] for row in rows(folder, "patients")} for folder in (one, other)]
    assert len(codes[0]) == len(codes[1]) == len(BIRTHS) + 1
    assert not codes[0] & codes[1]
    offsets = [[offset(folder, patient) for patient in range(len(BIRTHS))] for folder in (one, other)]
    assert offsets[0] != offsets[1]


def test_codes_and_offsets_come_from_the_dice_and_not_from_what_is_recorded(canaries: Record) -> None:
    """With the same dice another name, number and birth date have the same code: it is derived from none."""
    other = replace(
        canaries,
        patients=canaries.patients.with_columns(
            mrn=pl.lit("other"), given_name=pl.lit("other"), birth_date=pl.lit(date(1990, 1, 1))
        ),
    )
    request = request_of(Product.SHIFTED)
    made = [extract(leaving(each), request, dice(5)) for each in (canaries, other)]
    assert made[0].infusions.equals(made[1].infusions)
    again = extract(leaving(canaries), request, dice(6))
    assert not made[0].infusions.equals(again.infusions)


def test_the_order_of_the_patients_is_that_of_their_codes(canaries: Record) -> None:
    made = extract(leaving(canaries), request_of(Product.LIMITED), dice(1))
    for frame in made.frames.values():
        codes = frame["patient"].to_list()
        assert codes == sorted(codes)


def test_answers_about_suicide_leave_only_when_asked_for(written: Written) -> None:
    without, asked = written(Product.SAFE_HARBOR), written(Product.SAFE_HARBOR, suicide_items=True)
    assert "suicide_item" not in rows(without, "assessments")[0]
    assert "sidas" not in {row["scale"] for row in rows(without, "assessments")}
    left_out = json.loads((without / "manifest.json").read_text())["left_out"]
    assert left_out["assessments_of_suicide_scales"] is None  # one of each of few people
    readme = (without / "README.txt").read_text(encoding="utf-8")
    assert "assessments of suicide scales: withheld, 1 to 10" in readme
    scores = rows(asked, "assessments")
    assert {row["suicide_item"] for row in scores if row["scale"] == "phq9"} == {"2"}
    assert {row["total"] for row in scores if row["scale"] == "sidas"} == {"17"}


def test_a_phq8_beside_a_phq9_would_give_the_suicide_item_away(canaries: Record) -> None:
    phq8 = canaries.assessments.filter(scale="phq9").with_columns(
        pl.lit("phq8").alias("scale"),
        day=pl.col("day") - pl.when(pl.col("patient_id") == 1).then(1).otherwise(0),
    )
    both = replace(
        canaries,
        assessments=pl.concat([canaries.assessments.with_columns(pl.col("scale").cast(pl.String)), phq8]),
    )
    alone = len(phq8.filter(patient_id=1))
    made = extract(leaving(both), request_of(Product.LIMITED), dice(1))
    assert len(made.assessments.filter(scale="phq8")) == alone
    assert made.left_out.giving_the_suicide_item_away == len(phq8) - alone
    asked = extract(leaving(both), request_of(Product.LIMITED, suicide_items=True), dice(1))
    assert len(asked.assessments.filter(scale="phq8")) == len(phq8)


def test_totals_are_in_the_points_of_their_scale(written: Written) -> None:
    totals = {row["scale"]: row["total"] for row in rows(written(Product.LIMITED), "assessments")}
    assert totals == {"phq9": "10", "promis_depression": "55.3"}


def test_without_the_times_it_is_said_which_score_came_before_the_infusion(canaries: Record) -> None:
    """At 12:37 it did, at 13:37 and 42 seconds it still did, a second later it did not."""
    infused = canaries.infusions.row(0, named=True)
    row = canaries.assessments.filter(patient_id=infused["patient_id"], day=infused["day"])
    moments = (infused["instant"] - 3600, infused["instant"], infused["instant"] + 1, None)
    scores = pl.concat([row.with_columns(instant=pl.lit(each, dtype=pl.Int64)) for each in moments])
    made = extract(leaving(replace(canaries, assessments=scores)), request_of(Product.SAFE_HARBOR), dice(1))
    assert made.assessments["timing"].to_list() == ["before", "before", "after", None]
    stated = scores.with_columns(timing=pl.lit("after"))
    made = extract(leaving(replace(canaries, assessments=stated)), request_of(Product.SAFE_HARBOR), dice(1))
    assert set(made.assessments["timing"]) == {"after"}


def test_a_scale_only_this_clinic_has_is_left_out_for_its_name_is_free_text(canaries: Record) -> None:
    own = canaries.assessments.with_columns(
        scale=pl.when(pl.col("scale") == "promis_depression")
        .then(pl.lit("quokka_ridge"))
        .otherwise(pl.col("scale").cast(pl.String))
    )
    made = extract(leaving(replace(canaries, assessments=own)), request_of(Product.LIMITED), dice(1))
    assert "quokka_ridge" not in made.assessments["scale"].to_list()
    assert made.left_out.of_scales_only_this_clinic_has == len(BIRTHS)


def test_an_empty_record_has_an_empty_extract(sqlite_engine: Engine) -> None:
    frames = record(sqlite_engine)
    for product in Product:
        made = extract(leaving(frames), request_of(product), dice(1))
        assert [len(frame) for frame in made.frames.values()] == [0, 0, 0, 0]
