"""The Record page, a scale: item by item, from paper, by its total; refused, confirmed, stored."""

from datetime import date

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard import entries
from dashboard.components.page.pages import Page
from models.store.record import write
from tests.support.builders import BY, NOW, record_patient, score_facts
from tests.support.pages import (
    answer,
    choose,
    errors,
    on_day,
    opened,
    press,
    said,
    turned_to,
    type_in,
    widget,
)
from tests.support.reading import only_score, patient


@pytest.fixture(name="ruth")
def _ruth(record: Engine) -> int:
    return record_patient(record, "1043", given_name="Ruth", family_name="Adler")


def phq9(ruth: int) -> AppTest:
    return opened(Page.RECORD, patient_id=ruth)


def another_scale(ruth: int, scale: str) -> AppTest:
    page = choose(opened(Page.RECORD, patient_id=ruth), f"what to record for {ruth}", "another")
    return type_in(page, "selectbox", f"what to record for {ruth}, another", scale)


def test_no_answer_is_chosen_beforehand(ruth: int) -> None:
    page = phq9(ruth)
    assert [widget(page, "button_group", f"item {number}").value for number in range(1, 10)] == [None] * 9
    assert page.metric[0].label == "PHQ-9 so far"
    assert (page.metric[0].value, page.metric[0].delta) == ("–", "0 of 9 answered")


def test_the_running_total_grows_and_the_band_is_named_when_all_is_answered(ruth: int) -> None:
    page = choose(phq9(ruth), "item 1", 3)
    assert (page.metric[0].value, page.metric[0].delta) == ("3", "1 of 9 answered")
    answer(page, "321010001")
    assert page.metric[0].label == "PHQ-9"
    assert (page.metric[0].value, page.metric[0].delta) == ("8", "mild")


def test_the_last_score_stands_beside_the_running_total(record: Engine, ruth: int) -> None:
    write.record_assessment(record, score_facts(ruth, 14, day=90), by=BY, at=NOW)
    assert phq9(ruth).metric[0].delta == "0 of 9 answered; last time 14"


def test_nine_digits_from_paper_fill_the_form_and_save_stores_them(record: Engine, ruth: int) -> None:
    page = press(answer(phq9(ruth), "213210210"), "Save")
    score = only_score(record, ruth)
    assert (score.scale, score.total, score.status, score.suicide_item) == ("phq9", 12, "complete", 0)
    assert (score.day, score.clock) == (date(2026, 6, 1), None)
    assert (score.timing, score.mode, score.recall_days) == ("before", "self", 14)
    assert (page.metric[0].label, page.metric[0].value) == ("PHQ-9 stored", "12")


ONE_EACH = " (one digit an item, only spaces between them)"


@pytest.mark.parametrize(
    ("digits", "words"),
    [
        ("213710210", "PHQ-9 item 4 runs from 0 to 3; got 7"),
        ("2,1,3", f"PHQ-9 item 2 runs from 0 to 3; got ,{ONE_EACH}"),
        ("PHQ-9: 2 1 3", f"PHQ-9 item 1 runs from 0 to 3; got P{ONE_EACH}"),
        ("21321", "PHQ-9 has 9 items; got 5 digits"),
        ("2132102109", "PHQ-9 has 9 items; got 10 digits"),
        ("21321o210", f"PHQ-9 item 6 runs from 0 to 3; got o{ONE_EACH}"),
        ("２13210210", "PHQ-9 item 1 runs from 0 to 3; got ２"),
    ],
)
def test_digits_that_cannot_be_answers_are_refused_in_words(ruth: int, digits: str, words: str) -> None:
    page = answer(phq9(ruth), digits)
    assert errors(page) == [words]
    assert widget(page, "text_input", "digits").value == digits
    assert page.metric[0].value == "–"


def test_a_form_with_gaps_is_stored_only_after_somebody_said_so(record: Engine, ruth: int) -> None:
    page = press(answer(phq9(ruth), "2-32-0210"), "Save")
    assert "Items 2 and 5 have no answer" in errors(page)[0]
    assert patient(record, ruth).assessments == ()
    page.checkbox[0].check()
    page = press(page, "Save")
    score = only_score(record, ruth)
    assert (score.status, score.total) == ("prorated", 13)  # 10 of 7 answered: 12.86
    assert "prorated" in said(page)


def test_a_blank_item_hides_nothing_else_that_is_wrong(record: Engine, ruth: int) -> None:
    page = press(on_day(answer(phq9(ruth), "2-3210210"), date(2027, 1, 1)), "Save")
    told = "\n".join(errors(page))
    assert "Item 2 has no answer" in told
    assert "Date of the assessment must be" in told
    assert not page.checkbox
    page = press(on_day(page, date(2026, 6, 1)), "Save")
    assert "Item 2 has no answer" in errors(page)[0]
    page.checkbox[0].check()
    press(page, "Save")
    assert only_score(record, ruth).status == "prorated"


def test_a_total_that_cannot_be_read_hides_nothing_else_that_is_wrong(record: Engine, ruth: int) -> None:
    page = type_in(another_scale(ruth, "madrs"), "number_input", "total", 31.5)
    page = press(on_day(page, date(1899, 1, 1)), "Save")
    told = "\n".join(errors(page)).replace("\\", "")
    assert "MADRS runs from 0 to 60, in whole numbers; got 31.5" in told
    assert "MADRS item 10: choose its answer, or that it was not recorded" in told
    assert "2000-01-01 or later; got 1899-01-01" in told
    assert len(errors(page)) == 3


def test_too_few_answers_are_no_score_and_stay_where_they_were_typed(record: Engine, ruth: int) -> None:
    page = press(answer(phq9(ruth), "21321----"), "Save")
    assert errors(page) == ["PHQ-9 needs at least 7 of its 9 items answered; got 5"]
    assert patient(record, ruth).assessments == ()
    assert widget(page, "button_group", "item 3").value == 3
    assert not page.checkbox


def test_two_scores_of_one_day_that_disagree_stand_side_by_side(record: Engine, ruth: int) -> None:
    values = {"patient_id": ruth, "scale": "phq9", "assessed_on": date(2026, 6, 1), "total": 9}
    entries.store(entries.ASSESSMENT, values, save_key="another session")
    page = press(answer(phq9(ruth), "213210210"), "Save")
    assert "already recorded. Yours is below, nothing is lost" in errors(page)[0]
    assert errors(page)[0].endswith("correct the one that is stored, on *Patient*.")
    table = page.table[0].value
    assert "Suicide item" not in set(table[""])
    assert table.loc[table[""] == "Total", ["Stored", "Yours"]].to_numpy().tolist() == [["9", "12"]]
    assert page.metric[0].value == "12"
    assert only_score(record, ruth).total == 9


def test_a_score_in_the_future_is_refused_with_field_value_and_what_is_allowed(
    record: Engine, ruth: int
) -> None:
    page = press(on_day(answer(phq9(ruth), "213210210"), date(2026, 7, 1)), "Save")
    assert errors(page) == ["Date of the assessment must be 2026-06-02 or earlier; got 2026-07-01"]
    assert patient(record, ruth).assessments == ()


def test_what_was_typed_outlives_a_look_at_another_page(ruth: int) -> None:
    page = answer(phq9(ruth), "213210210")
    page = turned_to(Page.RECORD, turned_to(Page.PATIENT, page))
    assert page.metric[0].value == "12"


def test_a_total_of_a_licensed_scale_asks_for_its_suicide_item(record: Engine, ruth: int) -> None:
    page = type_in(another_scale(ruth, "madrs"), "number_input", "total", 31)
    page = press(page, "Save")
    assert errors(page) == ["MADRS item 10\\: choose its answer, or that it was not recorded"]
    page = press(choose(page, "suicide item", "Not recorded"), "Save")
    score = only_score(record, ruth)
    assert (score.scale, score.total, score.status, score.suicide_item) == ("madrs", 31, "total_only", None)
    assert (score.mode, score.recall_days) == ("clinician", 7)
    assert not [button for button in page.button if button.label == "I have read this"]


def test_a_total_off_the_scale_is_refused_and_stays(record: Engine, ruth: int) -> None:
    page = type_in(another_scale(ruth, "bss"), "number_input", "total", 39)
    if page.get("button_group") and any(
        str(each.key).endswith("suicide item") for each in page.get("button_group")
    ):
        page = choose(page, "suicide item", "Not recorded")
    page = press(page, "Save")
    assert errors(page) == ["BSS runs from 0 to 38; got 39"]
    assert widget(page, "number_input", "total").value == 39


def test_a_fraction_of_a_whole_score_is_refused_and_stays(record: Engine, ruth: int) -> None:
    page = type_in(another_scale(ruth, "bss"), "number_input", "total", 12.5)
    page = press(choose(page, "suicide item", "Not recorded") if _asks(page) else page, "Save")
    assert "12.5" in errors(page)[0]
    assert patient(record, ruth).assessments == ()
    assert widget(page, "number_input", "total").value == 12.5


def test_a_day_long_past_is_refused_and_never_stored_as_another(record: Engine, ruth: int) -> None:
    page = press(on_day(answer(phq9(ruth), "213210210"), date(1899, 1, 1)), "Save")
    assert "2000-01-01 or later; got 1899-01-01" in errors(page)[0]
    assert patient(record, ruth).assessments == ()


def test_a_score_in_tenths_is_typed_as_people_write_it(record: Engine, ruth: int) -> None:
    page = type_in(another_scale(ruth, "promis_depression"), "number_input", "total", 54.9)
    press(page, "Save")
    assert only_score(record, ruth).total == 549


def test_qids_is_typed_by_its_total_or_by_its_sixteen_numbers(record: Engine, ruth: int) -> None:
    page = choose(another_scale(ruth, "qids_sr16"), "way", "By its items")
    page = press(answer(page, "2103201021212210"), "Save")
    score = only_score(record, ruth)
    assert (score.scale, score.status) == ("qids_sr16", "complete")
    assert page.metric[0].value == str(score.total)


def _asks(page: AppTest) -> bool:
    return any(str(each.key).endswith("suicide item") for each in page.get("button_group"))
