"""What a file leaves open and a person has to say: its encoding, the order of its dates, its decimal sign.

Nothing is guessed: each way to read it is shown by what stands in the file, and one of the answers is that
none of them fits, whereupon those rows are refused.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from models.exchange.columns.conventions import Conventions
from models.exchange.columns.kinds import READERS, VOCABULARIES, Dialect
from models.exchange.columns.moments import DAY_THEN_CLOCK, ISO, Calendar, MomentError
from models.exchange.columns.numbers import MAYBE_THOUSANDS, NumberError, read_decimal
from models.exchange.columns.view import View
from models.exchange.imports.plan import Plan, Reading

CP1252: Final = "windows-1252"
SHOWN: Final = 5
"""Words, dates or numbers of a file that are shown for each way to read them."""

DAY_FIRST: Final = tuple(f"%d{sign}%m{sign}%Y" for sign in "/.-")
MONTH_FIRST: Final = tuple(f"%m{sign}%d{sign}%Y" for sign in "/.-")
OTHERS: Final = ("%Y/%m/%d", "%Y.%m.%d", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%b %d, %Y", "%B %d, %Y")
DATES: Final = (Dialect.day, Dialect.moment)
TEXTS: Final = (Dialect.text, Dialect.number)
NO_NUMBERS: Final = frozenset({"scale", "confirmed", *VOCABULARIES})
DIGITS_AND_SIGN: Final = frozenset("0123456789,.")


class About(StrEnum):
    """What is in doubt."""

    ENCODING = "encoding"
    DATES = "dates"
    DECIMAL = "decimal"


class Option(NamedTuple):
    """One way to read it: the word a mapping file has for it, and what stands in the file, read so.

    Of dates and numbers `reads` says what each of the doubt's texts would be, "" of one that cannot be.
    """

    value: str
    reads: tuple[str, ...]


class Doubt(NamedTuple):
    """What one file leaves open: texts of its own that show it, and each way to read them."""

    file: str
    about: About
    texts: tuple[str, ...]
    options: tuple[Option, ...]


def doubts(planned: Plan) -> list[Doubt]:
    """Everything the files of a plan leave open, whatever was said of it already."""
    found = [
        Doubt(skipped.name, About.ENCODING, skipped.strange, (Option(CP1252, skipped.strange),))
        for skipped in planned.skipped
        if skipped.strange
    ]
    by_file: dict[str, list[Reading]] = {}
    for reading in planned.readings:
        by_file.setdefault(reading.sheet.path.name, []).append(reading)
    for file, readings in by_file.items():
        found += _doubts_of(file, readings)
    return found


def settled(planned: Plan, said: Mapping[str, Mapping[About, str]]) -> Plan:
    """The plan with what somebody said of each file, by its name, where its mapping says nothing."""
    return planned._replace(
        readings=tuple(
            reading._replace(
                views=tuple(_settled(view, said.get(reading.sheet.path.name, {})) for view in reading.views)
            )
            for reading in planned.readings
        )
    )


def _settled(view: View, said: Mapping[About, str]) -> View:
    declared = view.conventions
    fixed = view.layout.moment in view.constants  # a day 0 for all, written in ISO 8601 by the mapping
    return replace(
        view,
        conventions=Conventions(
            time_zone=declared.time_zone,
            dates=declared.dates or (None if fixed else said.get(About.DATES)),
            decimal=declared.decimal or said.get(About.DECIMAL),
        ),
    )


def _doubts_of(file: str, readings: Sequence[Reading]) -> Iterator[Doubt]:
    dates, numbers = _Texts(), _Texts()
    for reading in readings:
        for view in reading.views:
            for field in view.columns:
                reads = READERS.get(field)
                if reads in DATES and view.conventions.dates is None:
                    dates.take(view, field, reading, is_doubtful=_is_no_iso)
                elif reads not in (*TEXTS, *DATES) and field not in NO_NUMBERS:
                    doubtful = _has_comma if reading.sheet.is_typed else _may_be_two_numbers
                    if view.conventions.decimal is None:
                        numbers.take(view, field, reading, is_doubtful=doubtful)
    ways = tuple(_ways(dates))
    if ways:
        shown = _telling(dates, ways)
        yield Doubt(file, About.DATES, shown, tuple(_dated(way, shown) for way in ways))
    if numbers:
        shown = tuple(list(numbers)[:SHOWN])
        yield Doubt(file, About.DECIMAL, shown, tuple(_signed(sign, shown) for sign in (".", ",")))


class _Texts(dict[str, None]):
    """The different texts of some columns that may be read in more than one way, in the order they came."""

    def take(self, view: View, field: str, reading: Reading, *, is_doubtful: object) -> None:
        place = view.columns[field]
        for line in reading.sheet.lines(lambda _: None):
            if line.fault is None and (text := line.cells[place].strip()) and is_doubtful(text):  # type: ignore[operator]
                self[text] = None


def _is_no_iso(text: str) -> bool:
    return ISO.fullmatch(text) is None


def _has_comma(text: str) -> bool:
    return "," in text and DIGITS_AND_SIGN.issuperset(text.removeprefix("-"))


def _may_be_two_numbers(text: str) -> bool:
    return _has_comma(text) or MAYBE_THOUSANDS.fullmatch(text) is not None


def _ways(texts: Iterable[str]) -> list[str]:
    """The formats that read any of these dates, those that read the most first."""
    days = dict.fromkeys(found[1] for text in texts if (found := DAY_THEN_CLOCK.fullmatch(text)))
    read = {way: sum(bool(_day(way, day)) for day in days) for way in (*DAY_FIRST, *MONTH_FIRST, *OTHERS)}
    return sorted((way for way, count in read.items() if count), key=lambda way: -read[way])


def _telling(texts: Iterable[str], ways: Sequence[str]) -> tuple[str, ...]:
    """The first text, and the first that only some of the formats read: they tell one way from another."""
    listed = list(texts)
    apart = [text for text in listed if 0 < sum(bool(_day(way, text)) for way in ways) < len(ways)]
    return tuple(dict.fromkeys([*listed[:1], *apart[:1], *listed]))[:SHOWN]


def _dated(way: str, texts: Sequence[str]) -> Option:
    return Option(way, tuple(_day(way, text) for text in texts))


def _day(way: str, text: str) -> str:
    """The day as ISO 8601, "" where the format does not read it."""
    try:
        return Calendar(ZoneInfo("UTC"), way).day(text).isoformat()
    except MomentError:
        return ""


def _signed(sign: str, texts: Sequence[str]) -> Option:
    return Option(sign, tuple(_number(sign, text) for text in texts))


def _number(sign: str, text: str) -> str:
    try:
        return str(read_decimal(text, sign))
    except NumberError:
        return ""
