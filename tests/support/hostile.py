"""Cells and files as nobody should send them, among cells that are right."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from hypothesis import strategies as st

NUMBERS: Final = (
    *("٥", "５", "९", "²", "½", "Ⅷ", "1_0", "+5", "0x10", "1e3", "1e400", "nan", "NaN", "inf", "-inf"),
    *("-0", "-00", "-0.0", "-1", "5.0", "5.00", "5.000", "05", "0,5", "1,000", "1.000", "1.125", "2.5"),
    *("54.9", "54.95", "9" * 12, "9" * 13, "9" * 400, "0.1" + "0" * 20, " 5 ", "\u00a05", "5\u200b", "5%"),
)
DAYS: Final = (
    *("2026-03-03", "2026-2-3", "01/02/2026", "13/02/2026", "03.03.26", "0000-00-00", "2026-02-30", "46000"),
    *("9999-12-31", "0001-01-01", "1899-12-31", "1999-12-31", "2000-01-01", "2026-06-30", "2026-07-01"),
    *("2026-07-02", "2026-03-08T02:30", "2026-11-01T01:30", "2026-03-03T24:00", "2026-03-03T09:60"),
    *("2026-03-03T09:00Z", "2026-03-03t9:00z", "2026-03-03T09:00:59.999", "2026-03-03 09:00 +05:30"),
    *("2026-03-03T09:00+99", "2026-03-03T09:00-0560", "2026-03-03T09", "0001-01-01T00:00+14", "2026-W10-2"),
    *("9999-12-31T23:59-14", "2026-07-01T23:59-05", "٢٠٢٦-٠٣-٠٣", "２０２６-03-03", "2026-03-03T09:00+0530"),
)
TEXTS: Final = (
    *("\0", "a\0b", "\u202eevol", "\u200b", "\ufeffx", "\u00a0", "Zoe\u0308", "Zo\u00eb", "e\u200b\u0301"),
    *("=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "'", "''=1", "'=1", "%x", "|x", "- 1"),
    *("NA", "None", "null", "TRUE", "#N/A", "<b>x</b>", "![x](http://x)", "a\nb", "a\r\nb", 'a"b', ",;\t"),
    *("x" * 64, "x" * 65, "x" * 200, "x" * 201, "\U0001f469\u200d\u2695\ufe0f", "\ufb01", "\u1e9e", "İ"),
    *("\u0600", "\x1c", "\x85", "\x7f", "\ud7ff", "\uffff", "00123", "12E3", "yes", "F", "Female", "i v"),
)
SCALES: Final = ("phq9", "PHQ-9", "gad7", "qids_sr16", "promis_depression", "madrs", "phq 2", "phq10", "")

hostile = st.one_of(
    st.sampled_from(NUMBERS), st.sampled_from(DAYS), st.sampled_from(TEXTS), st.sampled_from(SCALES),
    st.text(st.characters(codec="utf-8"), max_size=8),
)  # fmt: skip

_day = st.builds("2026-{:02d}-{:02d}".format, st.integers(1, 6), st.integers(1, 28))
_moment = st.builds(
    "{}{}".format, _day, st.sampled_from(["", "T09:00", " 10:00:30", "T23:30-05:00", "T00:10Z"])
)
_answer = st.sampled_from(["0", "1", "2", "3", "", "1", "0"])
PLAUSIBLE: Final[Mapping[str, st.SearchStrategy[str]]] = {
    "mrn": st.sampled_from(["7", "07", "P-9", "12E3", "\uff17", "p-9 "]),
    "given_name": st.sampled_from(["Zoë", "Ann", "", "NA", "O'Brien"]),
    "family_name": st.sampled_from(["Roe", "Null", ""]),
    "birth_date": st.sampled_from(["1980-05-04", "1999-12-31", "2026-03-03", ""]),
    "sex": st.sampled_from(["f", "Male", "unknown", ""]),
    "part2": st.sampled_from(["yes", "No", ""]),
    "part2_consent_until": st.sampled_from(["2027-01-31", "2025-12-31", "", ""]),
    "started_on": _day,
    "indication": st.sampled_from(["ptsd", "Depression", "bipolar-depression", ""]),
    "planned_infusions": st.sampled_from(["6", "8", "101", ""]),
    "failed_trials_episode": st.sampled_from(["2", "3", ""]),
    "failed_trials_lifetime": st.sampled_from(["3", "2", ""]),
    "clinician": st.sampled_from(["Dr Roe", ""]),
    "site": st.sampled_from(["West", ""]),
    "ended_on": st.sampled_from(["2026-06-29", "2026-01-15", ""]),
    "end_reason": st.sampled_from(["moved", "own choice", ""]),
    "given_at": _moment,
    "route": st.sampled_from(["iv", "IM", "oral", ""]),
    "dose_mg": st.sampled_from(["40", "37.5", "0", "300", "4000", ""]),
    "weight_kg": st.sampled_from(["80", "72.55", "29", "400", ""]),
    "minutes": st.sampled_from(["40", "40.0", "300", ""]),
    "confirmed": st.sampled_from(["yes", "no", ""]),
    "assessed_at": _moment,
    "scale": st.sampled_from(["phq9", "PHQ-9", "gad7", "qids_sr16", "promis_depression", "madrs"]),
    "total": st.sampled_from(["9", "21", "8", "54.9", "61", ""]),
    "timing": st.sampled_from(["before", "After", ""]),
    "recall_days": st.sampled_from(["14", "7", ""]),
    "mode": st.sampled_from(["self", "staff", ""]),
    "suicide_item": st.sampled_from(["0", "1", "3", ""]),
}
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "patients": ("mrn",),
    "courses": ("mrn", "started_on"),
    "infusions": ("mrn", "given_at"),
    "assessments": ("mrn", "scale", "assessed_at"),
}
BESIDE: Final[Mapping[str, tuple[str, ...]]] = {
    "patients": ("given_name", "family_name", "birth_date", "sex", "part2", "part2_consent_until"),
    "courses": (
        *("indication", "planned_infusions", "failed_trials_episode", "failed_trials_lifetime"),
        *("ended_on", "end_reason", "clinician", "site"),
    ),
    "infusions": ("route", "dose_mg", "weight_kg", "minutes", "clinician", "confirmed"),
    "assessments": ("total", "timing", "recall_days", "mode", "suicide_item"),
}
ENDS: Final = ("\n", "\r\n")
DELIMITERS: Final = (",", ";", "\t")
ENCODINGS: Final = ("utf-8", "utf-8-sig", "utf-16")
HOSTILE_CELLS: Final = 8
"""Of a hundred cells so many are hostile."""


class File(NamedTuple):
    """A text file of one table: the field of each column, its rows, and how it is written."""

    table: str
    fields: tuple[str, ...]
    headers: tuple[str, ...]
    rows: list[list[str]]
    delimiter: str
    end: str
    encoding: str
    quoted: bool

    def text(self, rows: int | None = None) -> str:
        """The file, or its header and first rows."""
        written = [self.headers, *self.rows[: len(self.rows) if rows is None else rows]]
        return "".join(self.delimiter.join(map(self._cell, row)) + self.end for row in written)

    def content(self) -> bytes:
        """Its bytes."""
        return self.text().encode(self.encoding)

    def line_of(self, row: int) -> int:
        """The line of the file on which a row begins."""
        before = self.text(row).replace("\r\n", "\n").replace("\r", "\n")
        return before.count("\n") + 1

    def _cell(self, text: str) -> str:
        bare = not self.quoted and not any(sign in text for sign in f'{self.delimiter}"\r\n')
        return text if bare else '"' + text.replace('"', '""') + '"'


@st.composite
def files(draw: Any, table: str | None = None, most_rows: int = 5) -> File:
    """A file of one of the four tables."""
    table = table or draw(st.sampled_from(list(NEEDED)))
    beside = draw(st.lists(st.sampled_from(BESIDE[table]), unique=True, min_size=1))
    if table == "assessments":
        items = draw(st.sampled_from([0, 0, 7, 9, 9, 10, 16]))
        beside += [f"item_{number}" for number in range(1, items + 1)]
        beside += [] if items or "total" in beside else ["total"]
    fields = tuple(draw(st.permutations((*NEEDED[table], *beside))))
    rows: list[list[str]] = []
    for _ in range(draw(st.integers(0, most_rows))):
        rows.append(draw(_row(fields, rows)))
    return File(
        table,
        fields,
        tuple(draw(_header(field)) for field in fields),
        rows,
        draw(st.sampled_from(DELIMITERS)),
        draw(st.sampled_from(ENDS)),
        draw(st.sampled_from(ENCODINGS)),
        draw(st.booleans()),
    )


@st.composite
def _row(draw: Any, fields: tuple[str, ...], before: list[list[str]]) -> list[str]:
    """A row of its own, or an earlier one with a cell changed; sometimes a cell too short or too long."""
    if before and draw(st.integers(0, 3)) == 0:
        cells = list(draw(st.sampled_from(before)))
        if cells:
            place = draw(st.integers(0, len(cells) - 1))
            cells[place] = draw(_cell(fields[place] if place < len(fields) else "site"))
        return cells
    cells = [draw(_cell(field)) for field in fields]
    width = draw(st.integers(0, 99))
    if width < 3:
        return cells[:-1]
    return [*cells, draw(hostile)] if width > 96 else cells


@st.composite
def _cell(draw: Any, field: str) -> str:
    if draw(st.integers(0, 99)) < HOSTILE_CELLS:
        return str(draw(hostile))
    return str(draw(_answer if field.startswith("item_") else PLAUSIBLE[field]))


@st.composite
def _header(draw: Any, field: str) -> str:
    spoken = draw(st.sampled_from([str, str.upper, str.title]))(field)
    return str(spoken.replace("_", draw(st.sampled_from(["_", " ", "-"]))))
