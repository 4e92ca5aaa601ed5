"""Rows become entries by the record's own rules, and a refused one says why, where, and of which value."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from models.exchange.imports.checking import Checker
from models.exchange.imports.entries import Entry, EntryReader, Rejected
from models.exchange.imports.plan import plan
from models.exchange.sheets.sheet import Fault, Line
from models.tables.facts import CourseFacts, InfusionFacts, PatientFacts

Write = Callable[..., Path]
Read = Callable[..., list[Entry | Rejected]]

SCORES = "mrn,scale,assessed_at,total,item_1,item_2,item_3,timing,recall_days,mode,suicide_item\n"


def reasons(found: Entry | Rejected) -> list[tuple[str, str, str]]:
    assert isinstance(found, Rejected), found
    return [tuple(fault) for fault in found.faults]


@pytest.mark.parametrize("name", ["phq9", "PHQ-9", "PHQ 9", "Phq_9", "phq-9"])
def test_a_scale_is_known_by_its_id_and_by_its_name(text_file: Write, read: Read, name: str) -> None:
    (found,) = read(text_file("s.csv", f"mrn,scale,assessed_at,total\n1,{name},2025-03-03,9\n"))
    assert found.facts.scale.id == "phq9"


def test_an_assessment_is_a_total_or_items_or_both_that_agree(text_file: Write, read: Read) -> None:
    path = text_file(
        "s.csv",
        SCORES
        + "1,PHQ-2,2025-03-03T09:30,5,,,,before,14,self,\n"
        + "1,PHQ-2,2025-03-04,,2,3,,after,,,\n"
        + "1,PHQ-2,2025-03-05,5.0,2,3,,,,kiosk,\n"
        + "1,MADRS,2025-03-05,30,,,,,1,Clinician,4\n",
    )
    typed, items, both, clinician = read(path)
    assert (typed.moment, typed.facts.points, typed.facts.status) == (
        datetime(2025, 3, 3, 14, 30, tzinfo=UTC),
        5,
        "total_only",
    )
    assert (typed.facts.timing, typed.facts.recall_days, typed.facts.mode) == ("before", 14, "self")
    assert (items.moment, items.facts.points, items.facts.status) == (date(2025, 3, 4), 5, "complete")
    assert (both.facts.points, both.facts.status) == (5, "complete")
    assert (clinician.facts.recall_days, clinician.facts.mode, clinician.facts.suicide_item) == (
        1,
        "clinician",
        4,
    )


@pytest.mark.parametrize(
    ("row", "column", "value", "why"),
    [
        ("1,phq9,2025-03-03,28,,,,,,,", "total", "28", "PHQ-9 runs from 0 to 27; got 28"),
        ("1,phq9,2025-03-03,-1,,,,,,,", "total", "-1", "PHQ-9 runs from 0 to 27; got -1"),
        ("1,phq9,2025-03-03,2.5,,,,,,,", "total", "2.5", "must be a whole number"),
        ("1,phq9,2025-03-03,٥,,,,,,,", "total", "٥", "must be a whole number"),
        ("1,phq9,2025-03-03,nan,,,,,,,", "total", "nan", "must be a whole number"),
        ("1,phq9,2025-03-03,,,,,,,,", "total", "", "PHQ-9 needs its total or its items"),
        ("1,phq2,2025-03-03,,4,1,,,,,", "item_1", "4", "PHQ-2 item 1 runs from 0 to 3; got 4"),
        ("1,phq2,2025-03-03,,-1,1,,,,,", "item_1", "-1", "PHQ-2 item 1 runs from 0 to 3; got -1"),
        ("1,phq2,2025-03-03,,1.5,1,,,,,", "item_1", "1.5", "must be a whole number"),
        ("1,phq2,2025-03-03,,1,1,1,,,,", "item_3", "1", "PHQ-2 has items 1 to 2"),
        ("1,phq2,2025-03-03,,1,,,,,,", "item_2", "", "at least 2 of its 2 items answered"),
        (
            "1,phq9,2025-03-03,,1,,3,,,,",
            "item_2, item_4, item_5, item_6, item_7, item_8, item_9",
            "",
            "PHQ-9 needs at least 7 of its 9 items answered; got 2",
        ),
        ("1,phq2,2025-03-03,4,1,2,,,,,", "total", "4", "what its items come to, 3; got 4"),
        ("1,madrs,2025-03-03,,1,2,,,,,", "item_1", "1", "MADRS is recorded by its total only"),
        ("1,phq99,2025-03-03,3,,,,,,,", "scale", "phq99", "No scale is called 'phq99'; known are phq9, phq8"),
        ("1,,2025-03-03,3,,,,,,,", "scale", "", "A scale is needed: one of phq9"),
        (",phq9,2025-03-03,3,,,,,,,", "mrn", "", "Patient number is needed"),
        ("\x07,phq9,2025-03-03,3,,,,,,,", "mrn", "\x07", "Patient number must be given"),
        ("1,phq9,,3,,,,,,,", "assessed_at", "", "Date of the assessment is needed"),
        ("1,phq9,2026-02-03,3,,,,,,,", "assessed_at", "2026-02-03", "2026-02-02 or earlier"),
        ("1,phq9,2026-02-02T23:00-08:00,3,,,,,,,", "assessed_at", "2026-02-02T23:00-08:00", "or earlier"),
        ("1,phq9,1999-12-31,3,,,,,,,", "assessed_at", "1999-12-31", "2000-01-01"),
        ("1,phq9,01/02/2025,3,,,,,,,", "assessed_at", "01/02/2025", "day first or month first"),
        (
            "1,phq9,2025-03-03,3,,,,sideways,,,",
            "timing",
            "sideways",
            "one of before or after; got 'sideways'",
        ),
        ("1,phq9,2025-03-03,3,,,,,1,,", "recall_days", "1", "14; got 1"),
        ("1,phq9,2025-03-03,3,,,,,,fax,", "mode", "fax", "got 'fax'"),
        ("1,gad7,2025-03-03,3,,,,,,,2", "suicide_item", "2", "GAD-7 has no suicide item"),
        ("1,madrs,2025-03-03,3,,,,,,,7", "suicide_item", "7", "MADRS item 10 runs from 0 to 6; got 7"),
    ],
)
def test_a_score_that_cannot_be_is_refused_in_words(
    text_file: Write, read: Read, row: str, column: str, value: str, why: str
) -> None:
    (found,) = read(text_file("s.csv", f"{SCORES}{row}\n"))
    ((at, stood, reason),) = reasons(found)
    assert (at, stood) == (column, value)
    assert why in reason


def test_everything_wrong_in_a_row_is_said_at_once(text_file: Write, read: Read) -> None:
    (found,) = read(text_file("s.csv", f"{SCORES},phq9,2025-13-01,3,,,,sideways,,,\n"))
    assert [column for column, _, _ in reasons(found)] == ["mrn", "assessed_at", "timing"]


def test_empty_items_beyond_a_scales_last_say_nothing(text_file: Write, read: Read) -> None:
    (found,) = read(text_file("s.csv", f"{SCORES}1,phq2,2025-03-03,,1,2,,,,,\n"))
    assert found.facts.items == {1: 1, 2: 2}


def test_an_item_left_out_is_unanswered_and_the_suicide_item_is_never_filled_in(
    text_file: Write, read: Read
) -> None:
    header = "mrn,scale,assessed_at," + ",".join(f"item_{number}" for number in range(1, 10))
    (found,) = read(text_file("s.csv", f"{header}\n1,phq9,2025-03-03,2,2,3,,1,2,1,1,\n"))
    assert (found.facts.status, found.facts.suicide_answer, found.facts.alert) == (
        "prorated",
        None,
        "unanswered",
    )


def test_a_total_with_decimals_is_recorded_in_the_scales_smallest_steps(text_file: Write, read: Read) -> None:
    rows = "1,PROMIS depression,2025-03-03,54.9\n1,PROMIS depression,2025-03-04,54.95\n"
    good, refused = read(text_file("s.csv", f"mrn,scale,assessed_at,total\n{rows}"))
    assert good.facts.points == 549
    assert reasons(refused)[0][2].startswith(
        "PROMIS depression runs from 10.0 to 90.0, with at most 1 decimal"
    )


def test_patients_keep_their_names_as_text_and_their_numbers_as_they_are(
    text_file: Write, read: Read
) -> None:
    path = text_file(
        "p.csv",
        "mrn,given_name,family_name,birth_date,sex\n"
        "00123,NA,O'Brien,1980-05-04,F\n12E3,Zoe\u0308,None,,female\n 7 ,,,1980-05-04T00:00:00,\n",
    )
    first, second, third = read(path)
    assert [first.mrn, second.mrn, third.mrn] == ["00123", "12E3", "7"]
    assert isinstance(first.facts, PatientFacts)
    assert (first.facts.given_name, first.facts.family_name, first.facts.sex) == ("NA", "O'Brien", "female")
    assert (second.facts.given_name, second.facts.family_name) == ("Zoë", "None")
    assert third.facts.birth_date == date(1980, 5, 4)


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ("1,Ann,2027-01-01,f", "birth_date", "2026-02-01"),
        ("1,Ann,1899-12-31,f", "birth_date", "1900-01-01"),
        ("1,Ann,04/05/80,f", "birth_date", "two-digit year"),
        ("1,Ann,29221,f", "birth_date", "Excel's own"),
        ("1,A\x00n,1980-05-04,f", "given_name", "NUL"),
        ("1,Ann,1980-05-04,robot", "sex", "got 'robot'"),
        (f"1,{'x' * 201},1980-05-04,f", "given_name", "at most 200 characters"),
    ],
)
def test_a_patient_who_cannot_be_is_refused_in_words(
    text_file: Write, read: Read, row: str, column: str, why: str
) -> None:
    (found,) = read(text_file("p.csv", f"mrn,given_name,birth_date,sex\n{row}\n"))
    ((at, _, reason),) = reasons(found)
    assert at == column
    assert why in reason


def test_a_course_says_its_indication_and_why_it_ended_in_any_spelling(text_file: Write, read: Read) -> None:
    path = text_file(
        "c.csv",
        "mrn,started_on,indication,planned_infusions,failed_trials_episode,ended_on,end_reason,site\n"
        "1,2025-03-03,Bipolar Depression,6,2,2025-03-20,own choice,North\n2,2025-03-03,,,,,,\n",
    )
    full, bare = read(path)
    assert isinstance(full.facts, CourseFacts)
    assert (full.facts.indication, full.facts.end_reason) == ("bipolar_depression", "own_choice")
    assert (bare.facts.indication, bare.facts.planned_infusions) == ("depression", None)


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ("1,2025-03-03,back pain,,,", "indication", "got 'back pain'"),
        ("1,2025-03-03,,0,,", "planned_infusions", "1 to 100"),
        ("1,2025-03-03,,6,2025-03-01,", "ended_on", "on or after its start"),
        ("1,2025-03-03,,6,,died", "end_reason", "together with the day it ended"),
        ("1,,,6,,", "started_on", "is needed"),
        ("1,2027-03-03,,6,,", "started_on", "or earlier"),
    ],
)
def test_a_course_that_cannot_be_is_refused_in_words(
    text_file: Write, read: Read, row: str, column: str, why: str
) -> None:
    header = "mrn,started_on,indication,planned_infusions,ended_on,end_reason"
    (found,) = read(text_file("c.csv", f"{header}\n{row}\n"))
    ((at, _, reason),) = reasons(found)
    assert at == column
    assert why in reason


def test_an_infusion_may_leave_everything_but_its_time_unknown(text_file: Write, read: Read) -> None:
    path = text_file(
        "i.csv", "mrn,given_at,route,dose_mg,weight_kg,minutes\n1,2025-03-03,,,,\n1,2025-03-04,IV,40,80,40\n"
    )
    bare, full = read(path)
    assert isinstance(full.facts, InfusionFacts)
    assert (bare.facts.route, bare.facts.dose_mg) == (None, None)
    assert (full.facts.route, full.facts.dose_mg, full.facts.minutes) == ("iv", 40.0, 40)


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ("1,2025-03-03,iv,-40,80,40", "dose_mg", "got -40"),
        ('1,2025-03-03,iv,"0,5",80,40', "dose_mg", "has a comma"),
        ("1,2025-03-03,iv,1.000,80,40", "dose_mg", "could be thousands"),
        ("1,2025-03-03,iv,1e400,80,40", "dose_mg", "must be a number in plain digits"),
        ("1,2025-03-03,iv,9999,80,40", "dose_mg", "9999"),
        ("1,2025-03-03,iv,0.5,80,40", "dose_mg", "mg/kg"),
        ("1,2025-03-03,iv,400,80,40", "dose_mg", "write yes in a column named confirmed"),
        ("1,2025-03-03,iv,40,800,40", "weight_kg", "10 to 500"),
        ("1,2025-03-03,po,40,80,40", "route", "got 'po'"),
        ("1,2025-03-03,iv,40,80,-5", "minutes", "got -5"),
    ],
)
def test_an_infusion_that_cannot_be_is_refused_in_words(
    text_file: Write, read: Read, row: str, column: str, why: str
) -> None:
    (found,) = read(text_file("i.csv", f"mrn,given_at,route,dose_mg,weight_kg,minutes\n{row}\n"))
    ((at, _, reason),) = reasons(found)
    assert at == column
    assert why in reason


def test_an_unlikely_dose_is_taken_when_the_file_confirms_it(text_file: Write, read: Read) -> None:
    header = "mrn,given_at,route,dose_mg,weight_kg,confirmed"
    found = read(text_file("i.csv", f"{header}\n1,2025-03-03,iv,400,80,Yes\n1,2025-03-04,iv,400,80,no\n"))
    assert [type(entry) for entry in found] == [Entry, Rejected]


def test_an_impossible_dose_is_refused_whatever_the_file_confirms(text_file: Write, read: Read) -> None:
    header = "mrn,given_at,route,dose_mg,weight_kg,confirmed"
    (found,) = read(text_file("i.csv", f"{header}\n1,2025-03-03,iv,4900,80,yes\n"))
    assert isinstance(found, Rejected)


def test_a_refused_row_leaves_the_rows_around_it_alone(text_file: Write, read: Read) -> None:
    rows = "1,phq9,2025-03-03,9\n2,phq9,2025-03-03,99\n3,phq9,2025-03-03,9,extra\n4,phq9,2025-03-03,9\n"
    found = read(text_file("s.csv", f"mrn,scale,assessed_at,total\n{rows}"))
    assert [type(entry) for entry in found] == [Entry, Rejected, Rejected, Entry]
    assert [entry.line.number for entry in found if isinstance(entry, Entry)] == [2, 5]


def test_lines_read_all_at_once_are_the_same_entries_as_line_by_line(
    text_file: Write, checker_of: Callable[..., Checker]
) -> None:
    rows = "".join(f"{n % 5},phq9,2025-03-{1 + n % 9:02d},{n % 28}\n" for n in range(60))
    (reading,) = plan([text_file("s.csv", f"mrn,scale,assessed_at,total\n{rows}")]).readings
    lines = list(reading.sheet.lines(lambda _: None))
    reader = EntryReader(checker_of(reading.views[0], is_typed=False))
    assert reader.read_all(lines) == [reader.read(line) for line in lines]
    assert reader.read_all([*lines, Line(99, ["1", "phq9", "2025-03-03", "28"])]) is None
    assert reader.read_all([*lines, Line(99, ["1"], Fault("scale", "", "too short"))]) is None
