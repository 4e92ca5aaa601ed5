"""The importer asks the record's rules about the parts of a row, a form about the whole: they must agree."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from models.exchange.columns.kinds import Dialect
from models.exchange.columns.layout import ASSESSMENTS, COURSES, INFUSIONS, PATIENTS, Layout
from models.exchange.columns.moments import Calendar
from models.exchange.columns.view import View
from models.exchange.imports.checking import FACTS, Checker
from models.exchange.imports.entries import Entry, EntryReader
from models.exchange.sheets.sheet import Line
from models.scales import all_scales
from models.tables.facts import Facts, FactsError, Setting

ZONE = ZoneInfo("America/New_York")
SETTING = Setting(date(2026, 2, 1), ZONE, all_scales())
DIALECT = Dialect(Calendar(ZONE), None, is_typed=False, scales=SETTING.scales)
ITEMS = tuple(f"item_{number}" for number in range(1, 10))

ANSWERS = st.sampled_from(["", "0", "1", "2", "3", "3", "2", "1", "4"])
NUMBERS = st.sampled_from(
    ["", "0", "1", "2", "3", "4", "5", "9", "27", "28", "60", "-1", "2.5", "40", "400", "1,5", "x"]
)
DAYS = st.sampled_from(
    ["", "2025-03-03", "2025-03-03T09:30", "2026-11-01", "1999-12-31", "1899-01-01", "2025-02-30"]
)
WORDS = st.sampled_from(
    ["", "before", "AFTER", "iv", "Own choice", "other", "f", "kiosk", "yes", "NA", "a\x07b"]
)
SCALES = st.sampled_from(["", "phq9", "PHQ-2", "madrs", "gad7", "nothing"])
MRNS = st.sampled_from(["1", "00123", " 7 ", "", "12E3", "a\x00", "x" * 65])

CELLS = {
    "mrn": MRNS,
    "scale": SCALES,
    **dict.fromkeys(("birth_date", "started_on", "ended_on", "given_at", "assessed_at"), DAYS),
    **dict.fromkeys(("total", "recall_days", "suicide_item", "planned_infusions", *ITEMS), NUMBERS),
    **dict.fromkeys(
        ("failed_trials_episode", "failed_trials_lifetime", "dose_mg", "weight_kg", "minutes"), NUMBERS
    ),
}


def columns(layout: Layout) -> tuple[str, ...]:
    return (*layout.columns, *ITEMS) if layout is ASSESSMENTS else layout.columns


GOOD = {
    "mrn": "1",
    "started_on": "2025-03-03",
    "given_at": "2025-03-03T09:30",
    "scale": "phq9",
    "assessed_at": "2025-03-03",
    "total": "12",
}


@st.composite
def rows(draw: st.DrawFn, layout: Layout) -> dict[str, str]:
    """A row that may be stored, with up to four of its cells changed."""
    names = columns(layout)
    changed = draw(st.sets(st.sampled_from(names), max_size=4))
    return {name: draw(CELLS.get(name, WORDS)) if name in changed else GOOD.get(name, "") for name in names}


def by_part(layout: Layout, row: dict[str, str]) -> Entry | None:
    names = columns(layout)
    view = View(layout, NoHeader(names), {name: place for place, name in enumerate(names)})
    found = EntryReader(Checker(view, DIALECT, SETTING)).read(Line(2, [row[name] for name in names]))
    return found if isinstance(found, Entry) else None


class NoHeader:
    """All a view asks of a header is what stands in it."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names


def whole(layout: Layout, row: dict[str, str]) -> Facts | None:
    """The row as a form would give it: each value by itself, then all of them to the facts at once."""
    said = {name: text.strip() for name, text in row.items() if text.strip()}
    values: dict[str, object] = {} if layout is PATIENTS else {"patient_id": 7}
    scale = SETTING.scales.get(DIALECT.scale_id(said.pop("scale", "")))
    try:
        for name, text in said.items():
            values[name] = DIALECT.value(name, text)
        if layout is not PATIENTS:
            FACTS["patients"].check({"mrn": values.pop("mrn", None)}, SETTING)
        for at, on in (("given_at", "given_on"), ("assessed_at", "assessed_on")):
            if at in values and not isinstance(values[at], datetime):
                values[on] = values.pop(at)
        if layout is ASSESSMENTS:
            answers = {int(name[5:]): values.pop(name, None) for name in ITEMS}
            given = {n: a for n, a in answers.items() if a is not None or (scale and scale.item(n))}
            values |= {"scale": scale and scale.id}
            values |= {"items": given} if any(a is not None for a in given.values()) else {}
        return FACTS[layout.table].check(values, SETTING)
    except (FactsError, ValueError):
        return None


def agree(layout: Layout, row: dict[str, str]) -> None:
    entry, facts = by_part(layout, row), whole(layout, row)
    assert (entry is None) == (facts is None)
    if entry is not None and facts is not None:
        assert completed(layout, entry) == facts


def completed(layout: Layout, entry: Entry) -> Facts:
    """The facts of an entry with its own patient and moment in place of the stand-ins."""
    if layout is PATIENTS:
        return entry.facts.model_copy(update={"mrn": entry.mrn})
    names = {"infusions": ("given_at", "given_on"), "assessments": ("assessed_at", "assessed_on")}
    moment = {}
    if layout.table in names:
        at, on = names[layout.table]
        timed = isinstance(entry.moment, datetime)
        moment = {at: entry.moment if timed else None, on: None if timed else entry.moment}
    return entry.facts.model_copy(update={"patient_id": 7, **moment})


@given(rows(ASSESSMENTS))
def test_a_score_is_taken_or_refused_as_a_form_would(row: dict[str, str]) -> None:
    agree(ASSESSMENTS, row)


@given(st.sampled_from(["phq9", "PHQ-2", "phq8"]), st.lists(ANSWERS, min_size=9, max_size=9), NUMBERS)
def test_answers_are_taken_or_refused_as_a_form_would(scale: str, answers: list[str], total: str) -> None:
    agree(
        ASSESSMENTS,
        dict.fromkeys(columns(ASSESSMENTS), "")
        | {
            **{name: GOOD[name] for name in ("mrn", "assessed_at")},
            **dict(zip(ITEMS, answers, strict=True)),
            "scale": scale,
            "total": total,
        },
    )


@given(rows(INFUSIONS))
def test_an_infusion_is_taken_or_refused_as_a_form_would(row: dict[str, str]) -> None:
    agree(INFUSIONS, row)


@given(rows(COURSES))
def test_a_course_is_taken_or_refused_as_a_form_would(row: dict[str, str]) -> None:
    agree(COURSES, row)


@given(rows(PATIENTS))
def test_a_patient_is_taken_or_refused_as_a_form_would(row: dict[str, str]) -> None:
    agree(PATIENTS, row)
