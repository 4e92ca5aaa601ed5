"""A safety alert is stored with the answer that raises it, whichever way the answer came."""

from datetime import date

import pytest
from sqlalchemy import Engine

from models.scales.safety import AlertLevel
from models.store.record import alerts as alerts_module
from models.store.record import read, write
from models.store.record.alerts import Alert
from models.store.record.bulk import loading
from models.tables.facts import AssessmentFacts
from tests.support.builders import BY, NOW, SETTING, after, phq9_facts, record_patient, score_facts

IDEATION, FREQUENT = AlertLevel.IDEATION, AlertLevel.FREQUENT


@pytest.mark.parametrize(
    ("item_9", "level"),
    [
        (0, None),
        (1, AlertLevel.IDEATION),
        (2, AlertLevel.FREQUENT),
        (3, AlertLevel.NEARLY_EVERY_DAY),
        (None, AlertLevel.UNANSWERED),
    ],
)
def test_item_9_raises_the_alert_of_its_answer(
    engine: Engine, item_9: int | None, level: AlertLevel | None
) -> None:
    patient = record_patient(engine)
    saved = write.record_assessment(engine, phq9_facts(patient, item_9=item_9), by=BY, at=NOW)

    assert saved.alert == (None if level is None else Alert(level, worsening=False))
    assert [found.level for found in read.open_alerts(engine)] == ([] if level is None else [level])


def test_a_total_alone_never_asked_and_raises_nothing(engine: Engine) -> None:
    patient = record_patient(engine)
    assert write.record_assessment(engine, score_facts(patient, 27), by=BY, at=NOW).alert is None


def test_the_suicide_item_typed_beside_a_total_raises_its_alert(engine: Engine) -> None:
    patient = record_patient(engine)
    facts = score_facts(patient, 30, scale="madrs", suicide_item=4)
    assert write.record_assessment(engine, facts, by=BY, at=NOW).alert is not None


@pytest.mark.parametrize(
    ("answers", "worse"),
    [
        ([0, 1], [False, True]),
        ([1, 1], [False, False]),
        ([2, 1, 2], [False, False, True]),
        ([1, None, 2], [False, False, True]),
        ([None, 1], [False, False]),
    ],
)
@pytest.mark.parametrize("way", ["one by one", "in a load"])
def test_a_rise_against_the_previous_answer_is_worsening(
    engine: Engine, answers: list[int | None], worse: list[bool], way: str
) -> None:
    patient = record_patient(engine)
    facts = [phq9_facts(patient, item_9=answer, day=7 * week) for week, answer in enumerate(answers)]
    if way == "one by one":
        for one in facts:
            write.record_assessment(engine, one, by=BY, at=NOW)
    else:
        with loading(engine, by=BY, at=NOW) as load:
            load.assessments(facts)

    raised = {found.assessment_id: found.worsening for found in read.open_alerts(engine)}
    rows = read.record(engine).assessments["row_id"].to_list()
    assert [raised.get(row, False) for row in rows] == worse


def test_a_file_in_any_order_finds_the_same_rises(engine: Engine) -> None:
    patient = record_patient(engine)
    facts = [phq9_facts(patient, item_9=answer, day=day) for day, answer in ((14, 2), (0, 0), (7, 3))]
    with loading(engine, by=BY, at=NOW) as load:
        load.assessments(facts[:1])
        load.assessments(facts[1:])

    assert {found.level: found.worsening for found in read.open_alerts(engine)} == {
        AlertLevel.FREQUENT: False,
        AlertLevel.NEARLY_EVERY_DAY: True,
    }


def test_only_the_same_scale_and_the_same_patient_are_compared(engine: Engine) -> None:
    patient, other = record_patient(engine, "A1"), record_patient(engine, "B2")
    write.record_assessment(engine, phq9_facts(other, item_9=0), by=BY, at=NOW)
    write.record_assessment(engine, score_facts(patient, 20, scale="madrs", suicide_item=0), by=BY, at=NOW)
    saved = write.record_assessment(engine, phq9_facts(patient, item_9=2, day=7), by=BY, at=NOW)

    assert saved.alert == Alert(FREQUENT, worsening=False)


def test_a_withdrawn_answer_is_no_previous_answer(engine: Engine) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, phq9_facts(patient, item_9=0), by=BY, at=NOW)
    write.void_assessment(engine, first.id, by=BY, at=NOW, why="of another patient")
    saved = write.record_assessment(engine, phq9_facts(patient, item_9=1, day=7), by=BY, at=NOW)

    assert saved.alert == Alert(IDEATION, worsening=False)


def test_a_date_without_a_time_comes_before_the_hours_of_its_day(engine: Engine) -> None:
    patient = record_patient(engine)
    undated = phq9_facts(patient, item_9=0, assessed_at=None, assessed_on=date(2026, 1, 1))
    write.record_assessment(engine, undated, by=BY, at=NOW)
    saved = write.record_assessment(engine, phq9_facts(patient, item_9=1, day=0), by=BY, at=NOW)

    assert saved.alert == Alert(IDEATION, worsening=True)


def test_a_correction_of_item_9_raises_an_alert_of_its_own(engine: Engine) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, phq9_facts(patient, item_9=0), by=BY, at=NOW)
    saved = write.correct_assessment(
        engine, first.id, phq9_facts(patient, item_9=2), by=BY, at=after(1), why="item 9 was 2"
    )

    assert saved.alert == Alert(FREQUENT, worsening=False), "what it corrects is not an earlier answer"
    assert [found.assessment_id for found in read.open_alerts(engine)] == [saved.id]


def test_an_alert_corrected_away_is_no_longer_open_but_stays_in_the_history(engine: Engine) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, phq9_facts(patient, item_9=2), by=BY, at=NOW)
    write.correct_assessment(engine, first.id, phq9_facts(patient, item_9=0), by=BY, at=NOW, why="was 0")

    assert read.open_alerts(engine) == []
    alerts = [
        version.alert for version in read.patient_history(engine, patient) if version.kind == "assessment"
    ]
    assert alerts == [Alert(FREQUENT, worsening=False), None]


def test_a_score_whose_alert_cannot_be_stored_is_not_stored(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = record_patient(engine)

    def broken(*_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(alerts_module, "insert", broken)
    with pytest.raises(OSError, match="the disk is gone"):
        write.record_assessment(engine, phq9_facts(patient, item_9=3), by=BY, at=NOW)

    assert read.record(engine).assessments.height == 0


def test_open_alerts_are_the_newest_first_and_of_one_patient_if_asked(engine: Engine) -> None:
    patient, other = record_patient(engine, "A1"), record_patient(engine, "B2")
    for day in range(3):
        write.record_assessment(engine, phq9_facts(patient, item_9=1, day=day), by=BY, at=after(day))
    write.record_assessment(engine, phq9_facts(other, item_9=1), by=BY, at=after(9))

    assert [found.patient_id for found in read.open_alerts(engine)] == [other, patient, patient, patient]
    assert [found.raised_at for found in read.open_alerts(engine, patient_id=patient, limit=2)] == [
        after(2),
        after(1),
    ]


def test_the_error_of_refused_answers_still_says_which_alert_they_raise() -> None:
    values = {"patient_id": 1, "scale": "phq9", "assessed_on": date(2026, 1, 1), "items": {9: 3}}
    with pytest.raises(ValueError, match="at least 7 of its 9 items") as refused:
        AssessmentFacts.check(values, SETTING)
    assert refused.value.alert is AlertLevel.NEARLY_EVERY_DAY
