"""An answer about suicide in a refused row raises no alert, for nothing is stored: it is counted and said."""

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine

from models.exchange.columns.mapping import read_mapping
from models.exchange.imports.intake import Recorder, import_plan
from models.exchange.imports.plan import plan
from models.exchange.imports.reading import Place
from models.exchange.imports.receipt import Receipt
from models.exchange.imports.told_rows import MOST_LISTED
from models.store.record.read import record
from tests.models.exchange.test_import_stored import NOW, SETTING, UTC_ZONE
from tests.support.builders import record_patient
from tests.support.merging import stored_before_numbers_were_matched

Write = Callable[..., Path]

TOTALS = "mrn,scale,assessed_at,total,suicide_item\n"
ITEMS = f"mrn,scale,assessed_at,{','.join(f'item_{number}' for number in range(1, 10))}\n"


def brought(engine: Engine, *paths: Path, mapping: Path | None = None, dry_run: bool = False) -> Receipt:
    planned = plan(paths, read_mapping(mapping) if mapping else None)
    place = Place(SETTING, UTC_ZONE, ZoneInfo("UTC"))
    return import_plan(engine, planned, place, Recorder("a test", NOW, reads_patients=True), dry_run=dry_run)


@pytest.mark.parametrize(
    ("file", "answers", "whose"),
    [
        pytest.param(TOTALS + "7,phq9,some day,21,2\n", 1, "7", id="an unknown date"),
        pytest.param(TOTALS + ",phq9,2026-03-03,21,2\n", 1, None, id="no number"),
        pytest.param(TOTALS + "7,phq9,2026-03-03,99,2\n", 1, "7", id="a total off the scale"),
        pytest.param(TOTALS + "7,phq9,2026-03-03,21,4\n", 1, "7", id="an answer off the item"),
        pytest.param(TOTALS + "7,phq9,2026-03-03,21,2 (often)\n", 1, "7", id="words behind the answer"),
        pytest.param(TOTALS + '7,phq9,2026-03-03,21,"2,0"\n', 1, "7", id="a comma nobody declared"),
        pytest.param(TOTALS + "7,phq9,2026-03-03,21,\uff12\n", 1, "7", id="a full-width digit"),
        pytest.param(TOTALS + "7,phq-99,2026-03-03,21,2\n", 1, "7", id="a scale nobody knows"),
        pytest.param(TOTALS + "7,gad7,2026-03-03,9,1\n", 1, "7", id="a scale that does not ask"),
        pytest.param(TOTALS + "7,phq9,2026-03-03,21,1,\n", 1, None, id="one field too many"),
        pytest.param(ITEMS + "7,phq9,some day,1,1,1,1,1,1,1,1,3\n", 1, "7", id="item 9"),
        pytest.param(ITEMS + "7,phq9,2026-03-03,9,1,1,1,1,1,1,1,3\n", 1, "7", id="another item off range"),
        pytest.param(TOTALS + "7,phq9,some day,21,0\n", 0, None, id="not endorsed"),
        pytest.param(TOTALS + "7,phq9,some day,21,\n", 0, None, id="not asked"),
        pytest.param(TOTALS + "7,phq9,some day,21,-9\n", 0, None, id="a code for missing"),
        pytest.param(TOTALS + "7,phq9,some day,21,2026-03-03\n", 0, None, id="a date"),
        pytest.param(TOTALS + "7,phq9\n", 0, None, id="cut off before the answer"),
        pytest.param(ITEMS + "7,gad7,some day,1,1,1,1,1,1,1,,3\n", 0, None, id="item 9 of another scale"),
        pytest.param(ITEMS + "7,phq9,some day,3,3,3,3,3,3,3,3,0\n", 0, None, id="the others of the scale"),
    ],
)
def test_what_a_refused_row_answers_is_counted_and_nothing_of_it_stored(
    engine: Engine, text_file: Write, file: str, answers: int, whose: str | None
) -> None:
    receipt = brought(engine, text_file("s.csv", file))
    assert receipt.counts["assessments"].rejected == 1
    assert (receipt.unheard.count, receipt.alerts) == (answers, 0)
    assert receipt.unheard.places == [("s.csv", 2, whose)] * answers
    assert record(engine).assessments.is_empty()


def test_a_row_that_is_stored_raises_its_alert_and_is_not_counted(engine: Engine, text_file: Write) -> None:
    receipt = brought(engine, text_file("s.csv", TOTALS + "7,phq9,2026-03-03,21,2\n7,phq9,?,21,1\n"))
    assert (receipt.alerts, receipt.unheard.count) == (1, 1)
    assert [place.line for place in receipt.unheard.places] == [3]


@pytest.mark.parametrize(
    ("recorded", "given", "answers"),
    [
        pytest.param("21,0", "21,2", 1, id="another answer than recorded"),
        pytest.param("21,2", "20,2", 0, id="the answer that was heard"),
        pytest.param("21,2", "21,0", 0, id="not endorsed after all"),
    ],
)
def test_a_row_that_contradicts_a_recorded_answer_is_counted(
    engine: Engine, text_file: Write, recorded: str, given: str, answers: int
) -> None:
    brought(engine, text_file("first.csv", TOTALS + f"7,phq9,2026-03-03,{recorded}\n"))
    receipt = brought(engine, text_file("s.csv", TOTALS + f"7,phq9,2026-03-03,{given}\n"))
    assert receipt.counts["assessments"].conflicting == 1
    assert receipt.unheard.count == answers
    assert [str(place) for place in receipt.unheard.places] == ["s.csv, line 2: patient 7"] * answers


def test_a_row_whose_number_is_nobodys_is_counted(engine: Engine, text_file: Write) -> None:
    record_patient(engine, "AB-12")
    stored_before_numbers_were_matched(engine, "ab-\uff11\uff12", 2)
    receipt = brought(engine, text_file("s.csv", TOTALS + "Ab-12,phq9,2026-03-03,21,2\n"))
    assert receipt.counts["assessments"].rejected == receipt.unheard.count == 1


def test_a_row_that_cannot_be_of_this_patient_is_counted(engine: Engine, text_file: Write) -> None:
    people = text_file("p.csv", "mrn,birth_date\n7,2020-05-04\n")
    receipt = brought(engine, people, text_file("s.csv", TOTALS + "7,phq9,2001-03-03,21,2\n"), dry_run=True)
    assert receipt.counts["assessments"].rejected == receipt.unheard.count == 1


def test_each_refused_time_point_of_a_wide_row_is_counted(sqlite_engine: Engine, text_file: Write) -> None:
    mapping = text_file(
        "m.toml",
        """
        [[table]]
        reads = "assessments"
        columns = { mrn = "No" }
        constants = { scale = "phq9" }
        [[table.time_points]]
        columns = { assessed_at = "Day 1", total = "Sum 1", suicide_item = "Nine 1" }
        [[table.time_points]]
        columns = { assessed_at = "Day 2", total = "Sum 2", suicide_item = "Nine 2" }
        """,
    )
    wide = text_file("w.csv", "No,Day 1,Sum 1,Nine 1,Day 2,Sum 2,Nine 2\n7,?,21,2,?,21,3\n8,?,9,0,?,9,1\n")
    receipt = brought(sqlite_engine, wide, mapping=mapping)
    assert receipt.counts["assessments"].rejected == 4
    assert receipt.unheard.count == 3
    assert [(place.line, place.mrn) for place in receipt.unheard.places] == [(2, "7"), (3, "8")]


def test_a_workbooks_row_with_a_broken_cell_is_read_around_it(sqlite_engine: Engine, workbook: Write) -> None:
    def break_date(book: Workbook) -> None:
        book.active["C2"] = "#REF!"

    rows = [TOTALS.strip().split(","), ["7", "phq9", "", 21, 2]]
    receipt = brought(sqlite_engine, workbook(rows, after=break_date))
    assert receipt.counts["assessments"].rejected == receipt.unheard.count == 1


def test_of_very_many_the_first_are_listed_and_all_are_counted(
    sqlite_engine: Engine, text_file: Write
) -> None:
    path = text_file("s.csv", TOTALS + "7,phq9,?,21,1\n" * (MOST_LISTED + 5))
    unheard = brought(sqlite_engine, path).unheard
    assert (unheard.count, len(unheard.places)) == (MOST_LISTED + 5, MOST_LISTED)
