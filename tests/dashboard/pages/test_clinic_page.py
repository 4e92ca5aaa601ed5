"""The Clinic page: everyone treated, whom to score now, why people stopped; counts alone for a manager."""

import pytest
from sqlalchemy import Engine
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.charts.words import Rounding
from dashboard.components.clinic.course_list import days_left, title
from dashboard.components.clinic.patient_list import state_words
from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from dashboard.components.page.tab import CHOSEN
from dashboard.worklist import FROM_ZERO, LOST, NOT_BEGUN, waiting
from models.outcomes.answers.followup import why_stopped
from models.outcomes.counts.membership import State
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.locked import PRIMARY
from models.store.record import write
from seed.practice import CLINICIANS
from tests.support.builders import BY, NOW, course_facts, infusion_facts, moment, record_patient, score_facts
from tests.support.clinics import TODAY, invented
from tests.support.listed_patients import rows, treated
from tests.support.pages import opened, ran, said


def searched(page: AppTest, label: str, typed: str) -> None:
    (search,) = [field for field in page.text_input if field.label == label]
    ran(search.input(typed).run())


def test_who_met_it_and_has_lost_it_since_is_not_called_responded_alone(record: Engine) -> None:
    kept, lost = treated(record, "1", endpoint=8), treated(record, "2", endpoint=8)
    write.record_assessment(record, score_facts(kept, 9, day=140), by=BY, at=NOW)
    write.record_assessment(record, score_facts(lost, 19, day=140), by=BY, at=NOW)
    states = dict(rows().select("patient_id", "state").iter_rows())
    assert states == {kept: State.MET, lost: LOST}
    assert state_words(PRIMARY, data.scales()["phq9"])[LOST] == "Responded, lost since"


def test_a_manager_on_an_empty_page_is_told_who_can_begin(record: Engine) -> None:
    page = opened(Page.CLINIC, role=Role.MANAGER)
    assert not page.main.button
    assert "A clinician records the first infusion" in said(page)


def test_a_record_on_another_scale_is_one_click_from_being_looked_at(record: Engine) -> None:
    ruth = record_patient(record, "1")
    write.record_infusion(record, infusion_facts(ruth, 90), by=BY, at=NOW)
    for day, total in ((90, 24), (97, 10)):
        write.record_assessment(record, score_facts(ruth, total, day=day, scale="hamd17"), by=BY, at=NOW)
    page = opened(Page.CLINIC)
    assert "1 person on the HAM" in said(page)
    ran(page.button("ask-hamd17").click().run())
    assert "Nobody is scored" not in said(page)
    assert page.dataframe[0].value["HAM-D17"].tolist() == [10]


def test_an_empty_record_says_what_to_do_next(record: Engine) -> None:
    page = opened(Page.CLINIC)
    assert page.title[0].value == "No patients yet"
    assert [button.label for button in page.main.button] == ["Record a score", "Import past scores"]


def test_each_patient_stands_where_the_latest_course_stands(record: Engine) -> None:
    record_patient(record, "A0")
    treated(record, "A1", endpoint=9)
    treated(record, "A2", endpoint=15)
    treated(record, "A3", endpoint=26)
    treated(record, "A4")
    treated(record, "A5", baseline=None, endpoint=9)
    treated(record, "A6", baseline=0, endpoint=0)
    states = dict(rows().select("mrn", "state").iter_rows())
    assert states == {
        "A0": NOT_BEGUN,
        "A1": State.MET,
        "A2": State.NOT_MET,
        "A3": State.WORSE,
        "A4": State.NOT_SCORED,
        "A5": State.NOT_COUNTED,
        "A6": FROM_ZERO,
    }


def test_a_row_has_the_last_score_and_its_change_from_the_baseline(record: Engine) -> None:
    treated(record, "A1", endpoint=9, given_name="Ruth", family_name="Adler")
    (row,) = rows().rows(named=True)
    assert (row["name"], row["score"], row["change"]) == ("Adler, Ruth", 9, -11)
    assert (row["infusions"], row["planned"]) == (6, 6)
    assert row["scored_on"] == moment(126).date()


def test_a_baseline_alone_is_no_change(record: Engine) -> None:
    treated(record, "A1")
    assert rows()["change"].to_list() == [None]


def test_of_two_scores_of_a_day_the_later_one_is_the_last(record: Engine) -> None:
    patient_id = treated(record, "A1")
    for hour, total in ((15, 12), (8, 3)):
        later = score_facts(patient_id, total, assessed_at=moment(126, hour))
        write.record_assessment(record, later, by=BY, at=NOW)
    assert rows()["score"].to_list() == [12]


def test_whose_window_is_open_without_a_score_stands_soonest_first(record: Engine) -> None:
    scale = data.scales()["phq9"]
    for mrn, first in (("later", 114), ("sooner", 110)):
        patient_id = record_patient(record, mrn)
        course = course_facts(patient_id, moment(first).date(), failed_trials_episode=2)
        write.record_course(record, course, by=BY, at=NOW)
        write.record_assessment(record, score_facts(patient_id, 20, day=first), by=BY, at=NOW)
        for day in range(first, first + 18, 3):
            write.record_infusion(record, infusion_facts(patient_id, day), by=BY, at=NOW)
    found = waiting(data.record().patients, data.outcomes("phq9"), Estimand.of(scale), scale, TODAY)
    assert [one.person.mrn for one in found] == ["sooner", "later"]
    assert found[0].days_left == (found[0].last_day - TODAY).days


def test_the_days_left_are_said_in_words() -> None:
    assert [days_left(days) for days in (0, 1, 14)] == ["last day today", "1 day left", "14 days left"]
    assert title([]) == "No window is open without a score"


def test_the_title_counts_and_the_metrics_say_of_how_many(demo: Engine) -> None:
    page = opened(Page.CLINIC)
    assert "in induction" in page.title[0].value
    labels = {metric.label: metric.value for metric in page.metric}
    counts = data.findings(data.ledger().question, one_by_one=True).answer.counts
    assert labels["Pending"] == str(counts.pending)
    assert labels["Not scored in time"] == str(counts.missing)


def test_two_hundred_rows_make_a_page_and_another_order_goes_through_all_of_them(demo: Engine) -> None:
    page = opened(Page.CLINIC)
    assert len(page.dataframe[0].value) == 200
    (order,) = [box for box in page.selectbox if box.label == "Order"]
    ran(order.select("Highest score first").run())
    scores = page.dataframe[0].value["PHQ-9"]
    assert scores.iloc[0] == rows()["score"].max()
    assert scores.is_monotonic_decreasing


def test_a_change_is_written_with_its_minus_and_stays_a_number_to_sort_by(demo: Engine) -> None:
    shown = opened(Page.CLINIC).dataframe[0]
    changes = shown.value["Change"]
    words = convert_arrow_bytes_to_pandas_df(shown.proto.arrow_data.styler.display_values)["Change"]
    assert changes.dtype == "float64"
    assert words[changes.idxmin()] == f"\u2212{-changes.min():.0f}"
    assert words[changes.idxmax()] == f"+{changes.max():.0f}"
    assert {*words[changes.isna()]} == {""}


def test_typing_a_name_or_a_number_finds_the_patient(demo: Engine) -> None:
    someone = rows().row(17, named=True)
    page = opened(Page.CLINIC)
    searched(page, "Name or number", someone["mrn"])
    assert someone["name"] in page.dataframe[0].value["Patient"].tolist()
    searched(page, "Name or number", "nobody is called that")
    assert "Nobody here fits that." in said(page)


def test_pills_show_those_of_a_status(demo: Engine) -> None:
    page = opened(Page.CLINIC)
    (pills,) = [group for group in page.button_group if group.label == "Status"]
    ran(pills.set_value([State.WORSE.value]).run())
    assert {status[0] for status in page.dataframe[0].value["Status"]} == {"Worse"}


def test_record_leads_to_the_patient_without_naming_anyone_in_the_address(demo: Engine) -> None:
    page = opened(Page.CLINIC)
    buttons = [button for button in page.main.button if button.label == "Record"]
    if not buttons:
        pytest.skip("no window waits today in this clinic")
    buttons[0].click().run()
    assert page.session_state[CHOSEN] is not None
    assert not page.query_params


def test_why_people_stopped_has_its_chart_and_its_table(demo: Engine) -> None:
    page = opened(Page.CLINIC)
    chart, _ = page.get("plotly_chart")
    assert "who stopped early" in chart.proto.alt
    stopped = sum(why_stopped(data.outcomes("phq9")).values())
    assert page.table[0].value["Courses"].sum() == stopped


def test_clinicians_stand_beside_chance_by_name_and_all_together(demo: Engine) -> None:
    page = opened(Page.CLINIC)
    _, chart = page.get("plotly_chart")
    assert "clinicians differ" in chart.proto.alt
    shown = page.table[1].value
    assert list(shown["Clinician"]) == [*sorted(CLINICIANS), "All together"]
    assert shown["Rate"].iloc[-1] == Rounding(0.7).full(data.findings(PRIMARY, one_by_one=True).answer.rate)


def test_a_name_cannot_speak_markdown(record: Engine) -> None:
    spy = "![x](http://evil.example/a.png)"
    patient_id = record_patient(record, "A1", family_name=spy)
    first = 110
    write.record_course(
        record, course_facts(patient_id, moment(first).date(), failed_trials_episode=2), by=BY, at=NOW
    )
    write.record_assessment(record, score_facts(patient_id, 20, day=first), by=BY, at=NOW)
    for day in range(first, first + 18, 3):
        write.record_infusion(record, infusion_facts(patient_id, day), by=BY, at=NOW)
    page = opened(Page.CLINIC)
    assert "window is open without a score" in said(page)
    assert all(spy not in element.value for element in page.main.markdown)


def test_fourteen_patients_fit_on_the_page(record: Engine) -> None:
    invented(record, 14)
    page = opened(Page.CLINIC)
    assert len(page.dataframe[0].value) == 14
    assert not [box for box in page.selectbox if box.label == "Order"]
