"""What a file leaves open, and how each answer to it is read; and files that leave nothing behind."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from models.exchange.browser.sending import NONE_OF_THESE, Sent, named, opened
from models.exchange.columns.mapping import MappingError
from models.exchange.imports.doubts import CP1252, About, Doubt, doubts, settled
from models.exchange.imports.plan import plan
from models.exchange.sheets.limits import Limits
from models.exchange.sheets.sheet import Line

WriteText = Callable[..., Path]
WriteBook = Callable[..., Path]


def asked(path: Path) -> list[Doubt]:
    return doubts(plan([path]))


def reads(doubt: Doubt) -> dict[str, tuple[str, ...]]:
    return {option.value: option.reads for option in doubt.options}


def test_a_file_in_iso_and_plain_digits_leaves_nothing_open(text_file: WriteText) -> None:
    path = text_file(
        "d.csv",
        'mrn,given_at,dose_mg,clinician\n1,2026-01-05,40.5,"Roe, Ann"\n12.345,2026-01-05T09:30Z,1.12,\n',
    )
    assert asked(path) == []


def test_dates_that_may_be_day_or_month_first_are_shown_both_ways(text_file: WriteText) -> None:
    (doubt,) = asked(text_file("p.csv", "mrn,birth_date\n1,01/02/1980\n2,2000-01-01\n3,13/02/1990\n"))
    assert (doubt.file, doubt.about, doubt.texts) == ("p.csv", About.DATES, ("01/02/1980", "13/02/1990"))
    assert reads(doubt) == {
        "%d/%m/%Y": ("1980-02-01", "1990-02-13"),
        "%m/%d/%Y": ("1980-01-02", ""),
    }


@pytest.mark.parametrize(
    ("written", "way"),
    [
        ("2026/01/05", "%Y/%m/%d"),
        ("5 Jan 2026", "%d %b %Y"),
        ("5 January 2026 09:30", "%d %B %Y"),
        ("Jan 5, 2026", "%b %d, %Y"),
        ("15.01.2026 09:30", "%d.%m.%Y"),
        ("01-15-2026", "%m-%d-%Y"),
    ],
)
def test_a_date_that_reads_one_way_alone_is_asked_about_all_the_same(
    text_file: WriteText, written: str, way: str
) -> None:
    (doubt,) = asked(text_file("d.csv", f'mrn,given_at\n1,"{written}"\n'))
    assert way in reads(doubt)


@pytest.mark.parametrize("written", ["46000", "05/01/26", "yesterday", "0000-00-00"])
def test_what_no_way_reads_is_no_question(text_file: WriteText, written: str) -> None:
    assert asked(text_file("d.csv", f"mrn,given_at\n1,{written}\n")) == []


@pytest.mark.parametrize(
    ("written", "point", "comma"), [("37,5", "", "37.5"), ("1.125", "1.125", ""), ("0,5", "", "0.5")]
)
def test_a_comma_or_three_digits_after_a_point_ask_for_the_sign(
    text_file: WriteText, written: str, point: str, comma: str
) -> None:
    (doubt,) = asked(text_file("d.csv", f'mrn,given_at,dose_mg\n1,2026-01-05,"{written}"\n'))
    assert (doubt.about, doubt.texts) == (About.DECIMAL, (written,))
    assert reads(doubt) == {".": (point,), ",": (comma,)}


def test_a_typed_number_of_excels_is_never_in_doubt_and_its_text_is(workbook: WriteBook) -> None:
    header = ["mrn", "given_at", "dose_mg"]
    assert asked(workbook([header, ["1", date(2026, 1, 5), 1.125]])) == []
    (doubt,) = asked(workbook([header, ["1", date(2026, 1, 5), "37,5"]]))
    assert doubt.texts == ("37,5",)


def test_what_a_mapping_says_is_not_asked(text_file: WriteText) -> None:
    sent = named([("d.csv", b'mrn,given_at,dose_mg\n1,05/01/2026,"37,5"\n')])
    said = 'dates = "%d/%m/%Y"\ndecimal = ","\n[[table]]\nreads = "infusions"\n'
    with opened(sent, Sent("m.toml", said.encode()), {}) as files:
        assert files.doubts == ()
    with opened(sent, None, {}) as files:
        assert [doubt.about for doubt in files.doubts] == [About.DATES, About.DECIMAL]


def test_an_answer_holds_for_its_own_file_and_none_of_these_for_none(text_file: WriteText) -> None:
    paths = [text_file(name, "mrn,birth_date\n1,03/04/1980\n") for name in ("a.csv", "b.csv")]
    read = settled(plan(paths), {"a.csv": {About.DATES: "%d/%m/%Y", About.DECIMAL: ","}})
    said = {reading.sheet.name: reading.views[0].conventions for reading in read.readings}
    assert (said["a.csv"].dates, said["a.csv"].decimal) == ("%d/%m/%Y", ",")
    assert (said["b.csv"].dates, said["b.csv"].decimal) == (None, None)
    with opened(
        named([("a.csv", b"mrn,birth_date\n1,03/04/1980\n")]), None, {("a.csv", About.DATES): NONE_OF_THESE}
    ) as files:
        assert files.plan.readings[0].views[0].conventions.dates is None


def test_a_day_0_that_the_mapping_fixes_keeps_to_iso() -> None:
    wide = "mrn,PHQ start\n1,21\n"
    said = (
        '[[table]]\nreads = "assessments"\nconstants = { scale = "phq9" }\nday_0 = 2026-01-05\n'
        'time_points = [{ day = 0, columns = { total = "PHQ start" } }]\n'
    )
    answers = {("w.csv", About.DATES): "%Y/%m/%d"}
    with opened(named([("w.csv", wide.encode())]), Sent("m.toml", said.encode()), answers) as files:
        assert files.plan.readings[0].views[0].conventions.dates is None


def test_the_encoding_is_asked_with_words_as_they_would_read() -> None:
    names = "mrn,given_name\n1,Zoë\n2,Müller\n3,Ümit\n4,Ñandú\n5,Åsa\n6,Øre\n"
    sent = named([("p.csv", names.encode("cp1252"))])
    with opened(sent, None, {}) as files:
        assert files.plan.readings == ()
        (doubt,) = files.doubts
        assert (doubt.about, reads(doubt)) == (
            About.ENCODING,
            {CP1252: ("Zoë", "Müller", "Ümit", "Ñandú", "Åsa")},
        )
    with opened(sent, None, {("p.csv", About.ENCODING): CP1252}) as files:
        assert next(iter(files.plan.readings[0].sheet.lines(lambda _: None))) == Line(2, ["1", "Zoë"])


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff", b"%PDF-1.7\n\xe2\xe3\xcf\xd3\0\n"])
def test_what_is_no_text_is_not_asked_about(content: bytes) -> None:
    with opened(named([("p.csv", content)]), None, {}) as files:
        assert files.doubts == ()
        assert files.plan.skipped


def test_a_text_file_is_read_by_another_process_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the reader of this process would say is never asked for."""
    monkeypatch.setattr("models.exchange.sheets.opening.open_delimited", None)
    with opened(named([("p.csv", b"mrn,sex\n1,female\n")]), None, {}) as files:
        (reading,) = files.plan.readings
        assert (reading.table, reading.sheet.described) == ("patients", "UTF-8, separated by commas")


def test_names_are_shown_clean_and_each_another() -> None:
    names = [
        each.name
        for each in named([("../a.csv", b""), ("a.csv", b""), ("a (2).csv", b""), ("a\u202e.csv", b"")])
    ]
    assert names == ["a.csv", "a (2).csv", "a (2) (2).csv", "a (3).csv"]


def test_nothing_is_left_of_files_that_were_read_nor_of_those_that_could_not_be() -> None:
    with opened(named([("p.csv", b"mrn,sex\n1,female\n"), ("q.csv", b"")]), None, {}) as files:
        home = files.rejects.parent
        assert home.stat().st_mode & 0o777 == 0o700
        assert len(list(home.rglob("*.csv"))) == 2
    assert not home.exists()
    with pytest.raises(MappingError), opened(named([]), Sent("m.toml", b"x"), {}):
        pass


def test_one_that_is_too_large_leaves_the_others() -> None:
    files = named([("large.csv", b"mrn,sex\n" + b"1,\n" * 40), ("p.csv", b"mrn,sex\n1,female\n")])
    with opened(files, None, {}, Limits(size=100)) as read:
        assert [reading.sheet.name for reading in read.plan.readings] == ["p.csv"]
        (skipped,) = read.plan.skipped
        assert skipped.name == "large.csv"
        assert "larger than the" in skipped.why
