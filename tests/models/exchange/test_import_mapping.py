"""Mapping files: foreign headers, constants, words, dates, decimals, and wide files."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from models.exchange.columns.mapping import MappingError, read_mapping
from models.exchange.imports.entries import Entry, Rejected
from models.exchange.imports.plan import plan
from models.exchange.sheets.sheet import UnreadableFileError
from models.tables.facts import AssessmentFacts, CourseFacts, InfusionFacts, PatientFacts

Write = Callable[..., Path]
Read = Callable[..., list[Entry | Rejected]]


def test_foreign_headers_constants_words_dates_and_commas_are_read_as_declared(
    text_file: Write, read: Read
) -> None:
    mapping = text_file(
        "clinic.toml",
        """
        dates = "%d.%m.%Y"
        decimal = ","
        time_zone = "Europe/Berlin"

        [[table]]
        reads = "infusions"
        columns = { mrn = "Patient-Nr", given_at = "Gegeben", dose_mg = "Dosis (mg)", route = "Weg" }
        constants = { minutes = 40, clinician = "Dr Roe" }
        values.route = { "i.v." = "iv", "Nasenspray" = "intranasal" }
        """,
    )
    path = text_file(
        "gaben.csv", "Patient-Nr;Weg;gegeben;Dosis (mg);weight_kg\n007;I.V.;13.02.2025 9:30;37,5;80\n"
    )
    (found,) = read(path, mapping)
    facts = found.facts
    assert isinstance(facts, InfusionFacts)
    assert (found.mrn, found.moment) == ("007", datetime(2025, 2, 13, 8, 30, tzinfo=UTC))
    assert (facts.route, facts.dose_mg, facts.weight_kg) == ("iv", 37.5, 80)
    assert (facts.minutes, facts.clinician) == (40, "Dr Roe")


def test_a_wide_file_gives_an_entry_for_each_time_point_that_holds_anything(
    text_file: Write, read: Read
) -> None:
    mapping = text_file(
        "wide.toml",
        """
        [[table]]
        reads = "assessments"
        columns = { mrn = "subject" }
        constants = { scale = "hamd17" }
        day_0 = 2025-01-06
        time_of_day = 09:00:00
        time_points = [
          { day = 0, columns = { total = "week0" } },
          { day = 7, columns = { total = "week1" }, time_of_day = 10:30:00 },
        ]
        """,
    )
    path = text_file("wide.csv", "subject,week0,week1\n101,26,22\n103,,19\n104,,\n")
    found = [(entry.mrn, entry.moment, entry.facts.points) for entry in read(path, mapping)]
    assert found == [
        ("101", datetime(2025, 1, 6, 14, 0, tzinfo=UTC), 26),
        ("101", datetime(2025, 1, 13, 15, 30, tzinfo=UTC), 22),
        ("103", datetime(2025, 1, 13, 15, 30, tzinfo=UTC), 19),
    ]


def test_a_wide_file_may_count_its_days_from_a_column_or_have_a_date_for_each(
    text_file: Write, read: Read
) -> None:
    mapping = text_file(
        "wide.toml",
        """
        dates = "%d/%m/%Y"

        [[table]]
        reads = "assessments"
        constants = { scale = "phq9" }
        day_0_column = "first_infusion"
        time_points = [
          { day = -1, columns = { total = "phq_before" }, constants = { timing = "before" } },
          { columns = { total = "phq_last", assessed_at = "date_last" } },
          { day = 7, columns = { total = "gad_7" }, constants = { scale = "gad7" } },
        ]
        """,
    )
    header = "mrn,first_infusion,phq_before,phq_last,date_last,gad_7\n"
    path = text_file("wide.csv", header + "7,01/03/2025,20,8,15/04/2025,12\n")
    # `scale` stands both in the section and in a time-point; the time-point decides.
    found = [(entry.moment, entry.facts.scale.id, entry.facts.points) for entry in read(path, mapping)]
    assert found == [
        (date(2025, 2, 28), "phq9", 20),
        (date(2025, 4, 15), "phq9", 8),
        (date(2025, 3, 8), "gad7", 12),
    ]


def test_one_file_may_hold_several_tables(text_file: Write, read: Read) -> None:
    mapping = text_file(
        "registry.toml",
        """
        [[table]]
        reads = "patients"
        columns = { mrn = "id", sex = "gender" }

        [[table]]
        reads = "courses"
        columns = { mrn = "id", started_on = "first" }

        [[table]]
        reads = "assessments"
        columns = { mrn = "id", assessed_at = "first", total = "phq" }
        constants = { scale = "phq9" }
        """,
    )
    path = text_file("registry.csv", "id,gender,first,phq\n1,F,2025-03-03,21\n")
    kinds = [type(entry.facts) for entry in read(path, mapping)]
    assert kinds == [PatientFacts, CourseFacts, AssessmentFacts]
    assert plan([path], read_mapping(mapping)).readings[0].left_out == ()


def test_items_of_a_wide_file_are_gathered_for_each_time_point(text_file: Write, read: Read) -> None:
    mapping = text_file(
        "items.toml",
        """
        [[table]]
        reads = "assessments"
        constants = { scale = "PHQ-2" }
        day_0 = 2025-03-03
        time_points = [
          { day = 0, columns = { item_1 = "q1_a", item_2 = "q2_a" } },
          { day = 7, columns = { item_1 = "q1_b", item_2 = "q2_b" } },
        ]
        """,
    )
    found = read(text_file("items.csv", "mrn,q1_a,q2_a,q1_b,q2_b\n1,3,2,1,\n"), mapping)
    assert isinstance(found[0], Entry)
    assert found[0].facts.points == 5
    assert isinstance(found[1], Rejected)
    assert "at least 2 of its 2 items" in found[1].faults[0].reason


def test_files_alike_in_their_headers_are_told_apart_by_name(
    text_file: Write, read: Read, tmp_path: Path
) -> None:
    mapping = text_file(
        "two.toml",
        """
        [[table]]
        reads = "assessments"
        file = "phq*"
        constants = { scale = "phq9" }

        [[table]]
        reads = "assessments"
        file = "gad*"
        constants = { scale = "gad7" }
        """,
    )
    folder = tmp_path / "scores"
    folder.mkdir()
    for name in ("phq.csv", "gad.csv"):
        (folder / name).write_text("mrn,assessed_at,total\n1,2025-03-03,9\n")
    assert [entry.facts.scale.id for entry in read(folder, mapping)] == ["gad7", "phq9"]


def test_files_the_mapping_does_not_speak_of_are_read_as_ever(text_file: Write, tmp_path: Path) -> None:
    mapping = text_file("m.toml", '[[table]]\nreads = "infusions"\ncolumns = { mrn = "id" }\n')
    doses = text_file("d.csv", "id,given_at\n")
    people = text_file("p.csv", "mrn,sex\n")
    assert [reading.table for reading in plan([doses, people], read_mapping(mapping)).readings] == [
        "patients",
        "infusions",
    ]


def test_a_section_that_fits_no_file_names_the_header_that_is_not_there(text_file: Write) -> None:
    mapping = text_file("m.toml", '[[table]]\nreads = "infusions"\ncolumns = { mrn = "Patient No" }\n')
    path = text_file("d.csv", "mrn,given_at\n")
    with pytest.raises(MappingError, match=r"table 1 \(infusions\) fits no file: d.csv has no Patient No"):
        plan([path], read_mapping(mapping))


def test_a_misspelt_header_is_said_even_where_the_file_is_of_no_other_kind(text_file: Write) -> None:
    mapping = text_file(
        "m.toml",
        """
        [[table]]
        reads = "assessments"
        columns = { mrn = "subject" }
        constants = { scale = "hamd17" }
        day_0 = 2025-01-06
        time_points = [{ day = 0, columns = { total = "weeek0" } }]
        """,
    )
    with pytest.raises(MappingError, match=r"fits no file: wide.csv has no weeek0"):
        plan([text_file("wide.csv", "subject,week0\n")], read_mapping(mapping))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("[[table]\n", "is not TOML"),
        (f"a = {'1' * 5000}", "is not TOML"),
        (f"a = {'[' * 5000}", "is not TOML"),
        ("", "table is missing"),
        (
            '[[table]]\nreads = "visits"',
            "table.1.reads: one of 'patients', 'courses', 'infusions' or 'assessments'; got 'visits'",
        ),
        ('[[table]]\nreads = "patients"\ncolums = {}', "table.1.colums is no key of a mapping file"),
        ('[[table]]\nreads = "patients"\ncolumns = { name = "x" }', "name is not a column of patients"),
        (
            '[[table]]\nreads = "patients"\ncolumns = { sex = "s" }\nconstants = { sex = "f" }',
            "both as a column",
        ),
        ('[[table]]\nreads = "patients"\ntime_points = [{ day = 0 }]', "patients have no time-points"),
        ('[[table]]\nreads = "infusions"\ntime_points = [{ day = 0 }]', "needs day_0"),
        (
            (
                '[[table]]\nreads = "infusions"\nday_0 = 2025-01-01\nday_0_column = "x"\n'
                "time_points = [{ day = 0 }]"
            ),
            "needs day_0",
        ),
        (
            (
                '[[table]]\nreads = "infusions"\nday_0 = 2025-01-01\n'
                'time_points = [{ day = 0, columns = { given_at = "d" } }]'
            ),
            "one of them is enough",
        ),
        (
            '[[table]]\nreads = "infusions"\nday_0 = 2025-01-01\ntime_points = [{ day = 99999999999 }]',
            "day 99999999999 after 2025-01-01 lies beyond any calendar",
        ),
        ('dates = "%d/%m/%y"\ntable = []', "a year needs four digits"),
        ('dates = "%d/%m"\ntable = []', "a date format has"),
        ('dates = "%d/%m/%Y %z"\ntable = []', "a date format has"),
        ('time_zone = "Mars/Olympus"\ntable = []', "is no time zone"),
        ('time_zone = "localtime"\ntable = []', "'localtime' is no time zone"),
        ('dates = "%d/%m/%Y %d"\ntable = []', "each part of a date stands in a date format once"),
        *(
            (f'encoding = "{name}"\ntable = []', "is no text encoding; one is written windows-1252")
            for name in ("hex", "idna", "punycode", "undefined", "unicode_escape", "utf7", "a\\u0000b")
        ),
        ('decimal = ":"\ntable = []', "decimal: one of '.' or ','; got ':'"),
    ],
)
def test_a_mapping_file_that_is_unclear_says_where(text_file: Write, content: str, why: str) -> None:
    with pytest.raises(MappingError, match=why):
        read_mapping(text_file("m.toml", content))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_file_that_is_not_in_the_encoding_declared_is_refused_for_that(
    text_file: Write, read: Read, encoding: str
) -> None:
    mapping = text_file("m.toml", f'encoding = "{encoding}"\n[[table]]\nreads = "patients"\n')
    with pytest.raises(UnreadableFileError, match=f"is not whole {encoding} text|is not whole UTF-16 text"):
        read(text_file("p.csv", "mrn,given_name\n5,Ruth\n"), mapping)


def test_a_time_point_beyond_any_calendar_is_refused_row_by_row(text_file: Write, read: Read) -> None:
    mapping = text_file(
        "m.toml",
        """
        [[table]]
        reads = "assessments"
        constants = { scale = "phq9" }
        day_0_column = "began"
        time_points = [{ day = 9999999, columns = { total = "w0" } }]
        """,
    )
    (refused,) = read(text_file("w.csv", "mrn,began,w0\n7,2026-02-13,21\n"), mapping)
    assert isinstance(refused, Rejected)
    assert [(fault.column, fault.reason) for fault in refused.faults] == [
        ("began", "'2026-02-13' lies beyond any calendar")
    ]


def test_a_decimal_comma_of_a_workbook_concerns_its_texts_not_its_numbers(
    text_file: Write, workbook: Write, read: Read
) -> None:
    mapping = text_file("m.toml", 'decimal = ","\n[[table]]\nreads = "infusions"\n')
    path = workbook(
        [["mrn", "given_at", "dose_mg"], ["1", "2025-03-03", 37.125], ["1", "2025-03-04", "37,5"]]
    )
    assert [entry.facts.dose_mg for entry in read(path, mapping)] == [37.125, 37.5]
