"""Where response cannot be asked: from a baseline of 0, and on a scale that defines none."""

import pytest
from sqlalchemy import Engine

from dashboard import data
from dashboard.components.page.pages import Page
from dashboard.worklist import FROM_ZERO, patient_rows
from models.outcomes.counts.membership import State
from models.outcomes.question.estimand import Estimand
from models.store.record import write
from tests.support.builders import BY, NOW, infusion_facts, moment, record_patient, score_facts
from tests.support.pages import opened, said


def treated(record: Engine, *totals: tuple[int, int], scale: str = "phq9") -> int:
    """One infusion on day 0, and these totals, each with its day."""
    nils = record_patient(record, "2077")
    write.record_infusion(record, infusion_facts(nils, 0), by=BY, at=NOW)
    for total, day in totals:
        write.record_assessment(record, score_facts(nils, total, day=day, scale=scale), by=BY, at=NOW)
    return nils


@pytest.mark.parametrize(
    ("endpoint", "badge", "heading"),
    [
        (0, "Baseline 0", "From 0 to 0 in the window: response cannot be asked"),
        (3, "Baseline 0", "From 0 to 3 in the window: response cannot be asked"),
        (9, "Got worse", "From 0 to 9 in the window: clearly worse"),
    ],
)
def test_the_patients_page_does_not_ask_for_response(
    record: Engine, endpoint: int, badge: str, heading: str
) -> None:
    words = said(opened(Page.PATIENT, patient_id=treated(record, (0, 0), (endpoint, 21), (2, 60))))
    assert badge in words
    assert heading in words
    assert f"**Response: not asked.** Baseline 0, endpoint {endpoint}. Of a baseline of 0 no share" in words
    assert "**Remission: " in words
    assert "**Since then:** 2." in words
    assert "as response" not in words
    assert "Responded" not in words


def test_the_list_calls_nobody_worse_from_0_before_the_window_has_closed(record: Engine) -> None:
    patient = record_patient(record, "2078")
    first = (data.today() - moment(0).date()).days - 20
    write.record_infusion(record, infusion_facts(patient, first), by=BY, at=NOW)
    for total, day in ((0, first), (9, first + 18)):
        write.record_assessment(record, score_facts(patient, total, day=day), by=BY, at=NOW)
    page = opened(Page.CLINIC)
    assert "Baseline 0" in str(page.dataframe[0].value.to_dict())
    assert "Window open" in said(opened(Page.PATIENT, patient_id=patient))


@pytest.mark.parametrize(
    ("endpoint", "state", "word"), [(0, FROM_ZERO, "Baseline 0"), (9, State.WORSE, "Worse")]
)
def test_the_list_of_patients_says_it_was_0_or_got_worse_and_not_that_there_was_none(
    record: Engine, endpoint: int, state: str, word: str
) -> None:
    treated(record, (0, 0), (endpoint, 21))
    known, scale = data.record(), data.scales()["phq9"]
    outcomes = data.outcomes("phq9")
    rows = patient_rows(known.patients, known.assessments, outcomes, Estimand.of(scale), scale)
    assert rows["state"].to_list() == [state]
    assert word in str(opened(Page.CLINIC).dataframe[0].value.to_dict())


def test_a_scale_whose_benefit_is_remission_says_it_once(record: Engine) -> None:
    nils = treated(record, (655, 0), (540, 21), scale="promis_depression")
    assert said(opened(Page.PATIENT, patient_id=nils)).count("**Remission: yes.**") == 1


@pytest.mark.parametrize(
    ("scale", "totals", "badge", "heading"),
    [
        ("phq2", (6, 0), "Not defined", "From 6 to 0 in the window: response is not defined"),
        (
            "pcl5",
            (40, 30),
            "Important change",
            "From 40 to 30 in the window: clinically important improvement",
        ),
        ("pcl5", (40, 39), "No clinically important", "From 40 to 39 in the window: no clinically important"),
        ("promis_depression", (655, 540), "Remission]", "From 65.5 to 54.0 in the window: remission"),
    ],
)
def test_what_is_not_response_is_not_called_so(
    record: Engine, scale: str, totals: tuple[int, int], badge: str, heading: str
) -> None:
    nils = treated(record, (totals[0], 0), (totals[1], 21), scale=scale)
    words = said(opened(Page.PATIENT, patient_id=nils))
    assert badge in words
    assert heading in words
    assert "Responded" not in words
    assert "No response" not in words
    assert "no change" not in words
