"""Whoever changes the record behind its rules is found out, and it is said where."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.store.audit.events import Event, append, begin, head_of
from models.store.backups.backup import backup
from models.store.backups.proving import prove
from models.store.engine.database import open_engine, reading, writing
from models.store.record import write
from models.store.record.bulk import loading
from models.store.trail.anchors import anchor
from models.store.trail.audit_check import NO_EVENT_FITS, Verification, verify
from models.store.trail.entries import Wanted, entries
from models.store.trail.record_check import standing
from tests.conftest import ENGINES
from tests.support.builders import (
    BY,
    NOW,
    after,
    infusion_facts,
    patient_facts,
    phq9_facts,
    record_patient,
    score_facts,
)
from tests.support.databases import connected
from tests.support.tampering import events, tamper


@pytest.fixture(name="engine", params=ENGINES)
def _engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A started record of each engine, of its own: what is done to it here cannot be undone."""
    lite = request.param == "sqlite"
    url = request.getfixturevalue("sqlite_url" if lite else "postgres")
    with connected(url if lite else url.its_own()) as opened:
        yield opened


@pytest.fixture(name="recorded")
def _recorded(engine: Engine) -> Engine:
    """Three events of the start, then one each for a patient, an infusion and five scores: 4 to 10."""
    record_patient(engine)
    write.record_infusion(engine, infusion_facts(1), by=BY, at=NOW)
    write.record_assessment(engine, phq9_facts(1, item_9=2), by="Dr Doe", at=after(1))
    for day in range(1, 5):
        write.record_assessment(engine, score_facts(1, 20 - day, day=day), by=BY, at=after(day))
    return engine


def words(found: Verification) -> list[str]:
    return [finding.words for finding in found.findings]


def test_a_record_nobody_tampered_with_is_well(recorded: Engine) -> None:
    found = verify(recorded)
    assert (found.events, found.findings) == (10, [])
    assert found.head == events(recorded)[-1].seal
    assert found.trail == events(recorded)[0].seal


@pytest.mark.parametrize(
    "change",
    [
        "happened_by = 'Dr Who'",
        "happened_at = happened_at + 1",
        "action = 'correct'",
        "subject = 'assessment 9'",
        "patient_id = 2",
        "address = '10.0.0.1'",
        "detail = '{}'",
    ],
)
def test_a_changed_event_is_named_and_no_other(recorded: Engine, change: str) -> None:
    tamper(recorded, f"UPDATE audit_event SET {change} WHERE id = 7")  # noqa: S608
    changed = [finding for finding in verify(recorded).findings if finding.kind == "changed"]
    assert [finding.event for finding in changed] == [7]
    assert "Event 7 (" in changed[0].words


def test_an_event_with_a_seal_of_somebody_elses_key_is_named(recorded: Engine) -> None:
    tamper(recorded, f"UPDATE audit_event SET seal = '{'0' * 64}' WHERE id = 7")  # noqa: S608
    assert [finding.event for finding in verify(recorded).findings] == [7, 8]


def test_deleted_events_are_named_and_what_they_told_of(recorded: Engine) -> None:
    tamper(recorded, "DELETE FROM audit_event WHERE id IN (6, 7)")
    assert words(verify(recorded)) == [
        "Events 6 to 7 are missing; what event 8 followed on cannot be checked.",
        "Assessments 1 to 2: stand here, and no event tells of it.",
        "The answers of assessment 1: stand here, and no event tells of it.",
        "The alert of assessment 1: stands here, and no event tells of it.",
    ]


def test_events_that_changed_places_are_told_from_changed_ones(recorded: Engine) -> None:
    tamper(
        recorded,
        "UPDATE audit_event SET id = 100 WHERE id = 6",
        "UPDATE audit_event SET id = 6 WHERE id = 9",
        "UPDATE audit_event SET id = 9 WHERE id = 100",
    )
    found = verify(recorded)
    assert [(finding.kind, finding.event) for finding in found.findings] == [("moved", 6), ("moved", 9)]
    assert "was moved: it was written as event 9" in found.findings[0].words
    assert "was moved: it was written as event 6" in found.findings[1].words


def test_a_tail_cut_off_is_found_by_an_anchor_and_by_a_backup(recorded: Engine, tmp_path: Path) -> None:
    assert anchor(recorded, tmp_path, NOW)
    made = backup(recorded, tmp_path / "copy", at=NOW)
    said = json.loads(made.manifest.read_text())
    with reading(recorded) as connection:
        made.manifest.write_text(json.dumps(said | {"audit_head": head_of(connection)}))
    tamper(recorded, "DELETE FROM audit_event WHERE id > 8", "DELETE FROM assessment WHERE id > 3")

    assert verify(recorded).findings == []  # the chain alone cannot know
    cut = (
        "On 2026-06-01 12:00 UTC there were 10 events; the trail now ends with event 8: "
        "the events after it are cut off."
    )
    assert words(prove(recorded, folder=tmp_path, at=NOW)) == [cut]
    assert words(prove(recorded, folder=tmp_path / "elsewhere", at=NOW, backups=[made.path])) == [cut]
    assert not (tmp_path / "elsewhere").exists()  # what is not well is not anchored

    for day in range(10, 15):  # a tail that grew again is another one
        write.record_assessment(recorded, score_facts(1, 9, day=day), by=BY, at=after(9))
    assert words(prove(recorded, folder=tmp_path, at=NOW)) == [
        "On 2026-06-01 12:00 UTC there were 10 events, and event 10 was another one then."
    ]


def test_what_stood_before_there_was_a_trail_is_told_by_its_first_event(recorded: Engine) -> None:
    tamper(recorded, "DELETE FROM audit_event")
    with writing(recorded) as connection:
        begin(connection, by=BY, at=NOW, rows=list(standing(connection)))
    assert verify(recorded).findings == []
    tamper(recorded, "UPDATE assessment SET total = 3 WHERE id = 1")
    (found,) = verify(recorded).findings
    assert found.words.startswith("Assessments 1 to 5: recorded by Dr Roe")


def test_an_emptied_trail_is_not_a_well_one(recorded: Engine, tmp_path: Path) -> None:
    tamper(recorded, "DELETE FROM audit_event")
    found = verify(recorded)
    assert found.findings[0].words == "The audit trail is empty, and every record begins one."
    assert len(found.findings) > 5


DOE = "recorded by Dr Doe on 2026-06-01 12:01 UTC (event 6)"
ROE = "recorded by Dr Roe on 2026-06-01 12:0{} UTC (event {})"
START = "recorded by seventy on 2026-06-01 12:00 UTC (event {})"
ITEM_9 = "assessment_id = 1 AND item = 9"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE assessment SET total = 3 WHERE id = 1", f"Assessment 1: {DOE}, was changed."),
        (
            f"UPDATE item_score SET score = 3 WHERE {ITEM_9}",  # noqa: S608
            f"The answers of assessment 1: {DOE}, were changed.",
        ),
        (
            f"DELETE FROM item_score WHERE {ITEM_9}",  # noqa: S608
            f"The answers of assessment 1: {DOE}, 8 rows of 9 stand.",
        ),
        ("DELETE FROM safety_alert", f"The alert of assessment 1: {DOE}, is gone."),
        ("UPDATE infusion SET dose_mg = 400", f"Infusion 1: {ROE.format(0, 5)}, was changed."),
        ("UPDATE patient SET family_name = 'Doe'", f"Patient 1: {ROE.format(0, 4)}, was changed."),
        ("UPDATE clinic SET minutes = 60", f"Clinic 1: {START.format(2)}, was changed."),
        ("UPDATE claim_lock SET question = '{}'", f"Locked question 1: {START.format(3)}, was changed."),
        ("DELETE FROM assessment WHERE id = 5", f"Assessment 5: {ROE.format(4, 10)}, is gone."),
        (
            "INSERT INTO item_score VALUES (2, 9, 3)",
            "The answers of assessment 2: stand here, and no event tells of it.",
        ),
    ],
)
def test_a_row_changed_behind_the_rules_is_named(recorded: Engine, statement: str, said: str) -> None:
    tamper(recorded, statement)
    assert words(verify(recorded)) == [said]


def test_of_a_load_the_rows_are_named_that_were_digested_together(engine: Engine) -> None:
    with loading(engine, by=BY, at=NOW) as load:
        load.patients([patient_facts(f"P{number}") for number in range(1, 51)])
    tamper(engine, "UPDATE patient SET mrn = 'X' WHERE id = 20")
    assert words(verify(engine)) == [
        "Patients 1 to 50: recorded by Dr Roe on 2026-06-01 12:00 UTC (event 4), patient 20 was changed."
    ]


def test_with_another_key_nothing_fits_and_that_is_what_is_said(recorded: Engine) -> None:
    other = open_engine(recorded.url.render_as_string(hide_password=False), audit_key=b"another key")
    assert words(verify(other)) == [NO_EVENT_FITS]
    write.record_assessment(other, score_facts(1, 5, day=60), by=BY, at=after(9))
    write.record_assessment(other, score_facts(1, 5, day=61), by=BY, at=after(9))
    assert [finding.event for finding in verify(recorded).findings] == [11, 12]
    other.dispose()


@pytest.mark.parametrize(
    "rows",
    [
        "7",
        "null",
        "[[]]",
        '[["assessment",1,1]]',
        '[["nothing",1,1,1,19,"x"]]',
        '[[["assessment"],1,1,1,19,"x"]]',
        '[["assessment","1",1,1,19,"x"]]',
        '[["assessment",1,1,1,"19","x"]]',
        '[["assessment",9999999999,1,1,-3,null]]',
        "[" * 5000,
        '"',
    ],
)
def test_whatever_somebody_writes_into_an_event_it_is_named_and_the_check_goes_on(
    recorded: Engine, rows: str
) -> None:
    tamper(recorded, f"""UPDATE audit_event SET detail = '{{"rows":{rows}}}' WHERE id = 6""")  # noqa: S608
    found = verify(recorded).findings
    assert (found[0].kind, found[0].event) == ("changed", 6)
    assert "Assessment 1: stands here, and no event tells of it." in words(verify(recorded))


def test_an_impossible_moment_is_named_and_read(recorded: Engine) -> None:
    tamper(
        recorded,
        f"UPDATE audit_event SET happened_at = {2**63 - 1} WHERE id = 6",  # noqa: S608
        "UPDATE assessment SET total = 3 WHERE id = 1",
    )
    assert [finding.event for finding in verify(recorded).findings] == [6, 6]
    assert entries(recorded, Wanted(by="Dr Doe"))[0].at.year == 9999


def test_what_is_put_before_the_first_is_found(recorded: Engine) -> None:
    tamper(
        recorded,
        f"INSERT INTO audit_event VALUES (-5, 0, 'x', 'read', NULL, NULL, NULL, '{{}}', '{'0' * 64}')",  # noqa: S608
        "INSERT INTO claim_look VALUES (-7, 1, 20000, 1, 2, 0)",
    )
    assert [finding.event for finding in verify(recorded).findings] == [-5, None]
    assert words(verify(recorded))[1] == "Look -7: stands here, and no event tells of it."


def test_of_many_changed_events_it_is_said_from_which_to_which(engine: Engine) -> None:
    with writing(engine) as connection:
        append(connection, [Event("read", f"patient {number}") for number in range(100)], by=BY, at=NOW)
    tamper(engine, "UPDATE audit_event SET happened_by = 'Dr Who' WHERE id BETWEEN 20 AND 89 OR id = 95")
    assert words(verify(engine)) == [
        "Events 20 to 89 are not as written, or sealed with another key.",
        "Event 95 is not as written, or sealed with another key.",
    ]


@pytest.mark.parametrize("few", [5_000, pytest.param(20_000, marks=pytest.mark.thorough)])
def test_ten_times_as_many_events_take_some_ten_times_as_long_to_check(
    sqlite_engine: Engine, few: int
) -> None:
    seconds = []
    for first, last in ((0, few), (few, 10 * few)):
        for start in range(first, last, few):
            some = [Event("read", f"patient {number}", number) for number in range(start, start + few)]
            with writing(sqlite_engine) as connection:
                append(connection, some, by=BY, at=NOW + timedelta(seconds=start))
        began = time.process_time()
        assert verify(sqlite_engine).events == last + 3
        seconds.append(time.process_time() - began)
    assert seconds[1] < 30 * seconds[0]
