"""How one table is read out of one sheet: where each field stands, what is constant, what its words mean."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from operator import itemgetter

from models.exchange.columns.conventions import Conventions
from models.exchange.columns.header import Header, lacking
from models.exchange.columns.layout import Layout
from models.exchange.columns.mapping import Places, Section, TimePoint
from models.exchange.columns.moments import Shift


@dataclass(frozen=True)
class View:
    """One table as it stands in one sheet; of a wide sheet, one time-point of it.

    `own` are the places that belong to the time-point alone: where all of them are empty there is no entry.
    `shift` turns the day 0 found in the row into the moment of the time-point.
    """

    layout: Layout
    header: Header
    columns: Mapping[str, int]
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    conventions: Conventions = field(default_factory=Conventions)
    own: tuple[int, ...] = ()
    shift: Shift | None = None

    def heading(self, name: str) -> str:
        """The header a field stands under; its own name where it is a constant, or stands nowhere."""
        return self.header.names[self.columns[name]] if name in self.columns else name

    def cell(self, name: str | None) -> Callable[[list[str]], str]:
        """How a field's text is got out of a row; nothing for a field that stands nowhere."""
        if name is not None and name in self.columns:
            return itemgetter(self.columns[name])
        text = self.constants.get(name or "", "")
        return lambda _: text


def cells(places: Sequence[int]) -> Callable[[list[str]], tuple[str, ...]]:
    """How several texts are got out of a row."""
    if len(places) > 1:
        return itemgetter(*places)  # one place would give a text, not a tuple
    return lambda row: tuple(row[place] for place in places)


def canonical_view(header: Header) -> View:
    """The view of a sheet that needs no mapping."""
    return View(header.layout, header, header.fields(header.layout))


def applies(section: Section, header: Header) -> bool:
    """Whether a section speaks of a sheet at all, by the names of its file and worksheet."""
    sheet = header.sheet
    return fnmatchcase(sheet.path.name, section.file) and fnmatchcase(sheet.worksheet, section.sheet)


def lacks(section: Section, header: Header) -> list[str]:
    """The headers a section needs and the sheet does not have."""
    day_0 = [section.day_0_column] if section.day_0_column else []
    parts: tuple[Places, ...] = (section, *section.time_points)
    named = [*day_0, *(name for part in parts for name in part.columns.values())]
    missing = [name for name in dict.fromkeys(named) if header.find(name) is None]
    return missing or [name for point in section.points for name in _lacking_fields(section, point, header)]


def section_views(section: Section, header: Header) -> list[View]:
    """The views a section takes of a sheet that lacks nothing: one, or one a time-point."""
    return [_view(section, point, header) for point in section.points]


def _lacking_fields(section: Section, point: TimePoint, header: Header) -> list[str]:
    view = _view(section, point, header)
    fields = {**view.columns, **view.constants}
    missing = [name for name in section.layout.required if name not in fields]
    return missing or lacking(section.layout, fields, len(header.names))


def _view(section: Section, point: TimePoint, header: Header) -> View:
    layout = section.layout
    constants = {**section.constants, **point.constants}
    named = {**section.columns, **point.columns}
    shift = None
    if point.day is not None and layout.moment:
        shift = Shift(point.day, point.time_of_day or section.time_of_day)
        if section.day_0 is not None:
            constants[layout.moment] = shift.of(section.day_0)
        else:
            named[layout.moment] = section.day_0_column or ""
    return View(
        layout=layout,
        header=header,
        columns={
            **{name: place for name, place in header.fields(layout).items() if name not in constants},
            **{name: place for name, title in named.items() if (place := header.find(title)) is not None},
        },
        constants=constants,
        values={
            name: {said.strip().casefold(): meant for said, meant in words.items()}
            for name, words in section.values.items()
        },
        # A fixed day 0 became an ISO 8601 constant; the format of the file's own dates is not its format.
        conventions=section.model_copy(update={"dates": None}) if shift and section.day_0 else section,
        own=tuple(place for title in point.columns.values() if (place := header.find(title)) is not None),
        shift=shift if section.day_0 is None else None,
    )
