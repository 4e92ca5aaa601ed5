"""Files that say who is under 42 CFR Part 2, and until when with consent; and those that do not."""

from datetime import date
from typing import Final

import pytest
from sqlalchemy import Engine

from models.store.record import write
from models.store.record.read import record
from tests.models.exchange.test_import_stored import Write, brought, told
from tests.support.builders import BY, after, patient_facts, record_patient

HEADER: Final = "mrn,part2,part2_consent_until\n"
UNTIL: Final = date(2027, 1, 31)


def marked(engine: Engine) -> list[tuple[bool, date | None]]:
    return record(engine).patients.sort("mrn").select("part2", "part2_consent_until").rows()


def test_what_a_file_says_is_stored_once_and_its_headers_are_read_as_any(
    engine: Engine, text_file: Write
) -> None:
    path = text_file("people.csv", "MRN,Part 2,Part-2 consent until\n1,yes,2027-01-31\n2,No,\n3,,\n4,YES,\n")
    for outcome in ("new", "already_there"):
        assert told(brought(engine, path))["patients"] == {"read": 4, outcome: 4}
        assert marked(engine) == [(True, UNTIL), (False, None), (False, None), (True, None)]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("1,no,2027-01-31", "part2_consent_until", "must be left empty unless this is yes"),
        ("1,,2027-01-31", "part2_consent_until", "got 2027-01-31"),
        ("1,maybe,", "part2", "must be yes or no; got 'maybe'"),
        ("1,yes,31.01.2027", "part2_consent_until", "2027"),
        ("1,yes,2027-02-30", "part2_consent_until", "2027-02-30"),
    ],
)
def test_a_row_that_cannot_be_is_refused_by_column_value_and_what_is_allowed(
    engine: Engine, text_file: Write, row: str, column: str, words: str
) -> None:
    receipt = brought(engine, text_file("people.csv", f"{HEADER}{row}\n"))
    (refused,) = receipt.rejections
    assert (refused.column, words in str(refused)) == (column, True)
    assert marked(engine) == []


def test_a_file_without_the_columns_leaves_the_flag_and_the_consent_alone(
    engine: Engine, text_file: Write
) -> None:
    record_patient(engine, "1", part2=True, part2_consent_until=UNTIL)
    receipt = brought(engine, text_file("people.csv", "mrn,given_name\n1,Zoë\n"))
    assert told(receipt)["patients"] == {"read": 1, "completed": 1}
    assert marked(engine) == [(True, UNTIL)]


def test_a_yes_completes_a_patient_of_whom_nothing_was_said_and_a_no_contradicts_a_yes(
    engine: Engine, text_file: Write
) -> None:
    brought(engine, text_file("1.csv", "mrn,given_at\n1,2026-03-03T10:00\n"))
    named = text_file("2.csv", "mrn,given_name,part2,part2_consent_until\n1,Zoë,yes,2027-01-31\n")
    assert told(brought(engine, named))["patients"] == {"read": 1, "completed": 1}
    assert marked(engine) == [(True, UNTIL)]
    receipt = brought(engine, text_file("3.csv", f"{HEADER}1,no,\n"))
    assert [str(each) for each in receipt.contradictions] == [
        "3.csv, line 2: patient 1: part2 is recorded as yes, the file says no"
    ]
    assert marked(engine) == [(True, UNTIL)]


def test_of_rows_that_say_no_yes_and_no_the_last_contradicts_what_stands(
    engine: Engine, text_file: Write
) -> None:
    receipt = brought(engine, text_file("people.csv", "mrn,part2\n1,no\n1,no\n1,yes\n1,no\n1,yes\n"))
    came = {"new": 1, "completed": 1, "already_there": 2, "conflicting": 1}
    assert told(receipt)["patients"] == {"read": 5, **came}
    assert [(found.line, found.given) for found in receipt.contradictions] == [(5, {"part2": False})]
    assert marked(engine) == [(True, None)]


def test_no_file_brings_back_a_consent_that_was_taken_back(engine: Engine, text_file: Write) -> None:
    path = text_file("people.csv", f"{HEADER}1,yes,2027-01-31\n")
    brought(engine, path)
    write.correct_patient(engine, 1, patient_facts("1", part2=True), by=BY, at=after(60_000), why="revoked")
    receipt = brought(engine, path)
    (told_of,) = map(str, receipt.contradictions)
    assert told_of.startswith("people.csv, line 2: patient 1: part2_consent_until is recorded as taken back")
    assert told_of.endswith("the file says 2027-01-31")
    assert marked(engine) == [(True, None)]
