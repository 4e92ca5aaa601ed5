"""The alerts worked out from the record are those the store wrote."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.alerts import open_alerts
from models.scales import all_scales
from models.scales.safety import alert_level
from models.store.engine.database import open_engine
from models.store.moves.migrate import start
from models.store.record import history, read, write
from seed.clinic import invent
from seed.clinic import write as write_clinic
from tests.support.builders import BY, NOW, moment, phq9_facts, record_patient, score_facts

SCALES = all_scales()


def test_every_open_alert_is_one_the_store_wrote_for_that_answer(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/demo.db")
    at = datetime(2026, 6, 1, 12, tzinfo=UTC)
    start(engine, at=at)
    write_clinic(engine, invent(60, seed=7, today=at.date()), at)
    record = read.record(engine)
    rows = {row["row_id"]: row for row in record.assessments.rows(named=True)}
    wrote = {
        (rows[alert.assessment_id]["patient_id"], alert.scale): alert.level
        for alert in sorted(
            history.open_alerts(engine),
            key=lambda alert: (rows[alert.assessment_id]["day"], rows[alert.assessment_id]["second"] or 0),
        )
    }
    found = open_alerts(record, SCALES.values())
    assert found.newest
    for alert in found.newest:
        assert wrote[alert.person.patient_id, alert.scale] == alert_level(
            SCALES[alert.scale], alert.answer, asked=True
        )
    engine.dispose()


def test_an_answer_left_out_is_an_alert_and_a_total_alone_says_nothing(record: Engine) -> None:
    one = record_patient(record)
    write.record_assessment(record, phq9_facts(one, item_9=None, day=1), by=BY, at=NOW)
    write.record_assessment(record, score_facts(one, 20, day=2), by=BY, at=NOW)
    (alert,) = open_alerts(read.record(record), SCALES.values()).newest
    assert (alert.scale, alert.answer) == ("phq9", None)


def test_an_alert_on_one_scale_is_not_answered_by_another(record: Engine) -> None:
    one = record_patient(record)
    write.record_assessment(record, phq9_facts(one, item_9=1, day=1), by=BY, at=NOW)
    madrs = score_facts(one, 20, day=2, scale="madrs", suicide_item=0)
    write.record_assessment(record, madrs, by=BY, at=NOW)
    (alert,) = open_alerts(read.record(record), SCALES.values()).newest
    assert (alert.scale, alert.answer) == ("phq9", 1)


def test_an_empty_record_has_none(record: Engine) -> None:
    assert open_alerts(read.record(record), SCALES.values()).days == ()


@pytest.mark.parametrize(
    ("answers", "standing"),
    [
        ([(3, None), (0, 9)], [3]),
        ([(3, 9), (0, None)], [3]),
        ([(None, None), (0, 9)], [None]),
        ([(1, None), (2, 9)], [2]),
        ([(0, None), (3, 9)], [3]),
        ([(3, 9), (0, 10)], []),
        ([(0, None), (0, 9)], []),
    ],
)
def test_an_answer_without_a_time_is_not_taken_for_answered_later_that_day(
    record: Engine, answers: list[tuple[int | None, int | None]], standing: list[int | None]
) -> None:
    one = record_patient(record)
    for answer, hour in answers:
        day = moment(1).date()
        when = {"assessed_at": moment(1, hour)} if hour else {"assessed_at": None, "assessed_on": day}
        write.record_assessment(record, phq9_facts(one, item_9=answer, **when), by=BY, at=NOW)
    assert [alert.answer for alert in open_alerts(read.record(record), SCALES.values()).newest] == standing
    later = phq9_facts(one, item_9=0, day=2)
    write.record_assessment(record, later, by=BY, at=NOW)
    assert open_alerts(read.record(record), SCALES.values()).newest == ()
