"""Which files are read, as what, and in which order."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from models.exchange.columns.header import Header
from models.exchange.columns.layout import LAYOUTS, plain
from models.exchange.columns.mapping import Mapping, MappingError, Section
from models.exchange.columns.view import View, applies, canonical_view, lacks, section_views
from models.exchange.sheets.limits import Limits
from models.exchange.sheets.opening import open_file
from models.exchange.sheets.sheet import REASON, Sheet, UnknownKindError, UnreadableFileError


class Skipped(NamedTuple):
    """A file or worksheet that was left alone, and why; a damaged one is more than passed by.

    `strange` are words of a file whose encoding somebody has to say, as Windows-1252 would write them.
    """

    name: str
    why: str
    is_damaged: bool = False
    strange: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Why, as it follows upon "scores.csv is not read:"."""
        return self.why if self.why.startswith(("line ", "the first line ")) else f"it {self.why}"


class Reading(NamedTuple):
    """One table to be read out of one sheet, through one view or, of a wide sheet, several."""

    sheet: Sheet
    table: str
    views: tuple[View, ...]
    left_out: tuple[str, ...]

    @property
    def size(self) -> int:
        """The bytes of its file."""
        return self.sheet.path.stat().st_size


class Plan(NamedTuple):
    """Everything an import is going to read, patients first, and what it leaves alone.

    `limits` hold for files that came through a browser.
    """

    readings: tuple[Reading, ...]
    skipped: tuple[Skipped, ...]
    limits: Limits | None = None

    @property
    def size(self) -> int:
        """The bytes to be read."""
        return sum(reading.size for reading in self.readings)


def plan(
    paths: Iterable[Path],
    mapping: Mapping | None = None,
    limits: Limits | None = None,
    encodings: dict[Path, str] | None = None,
) -> Plan:
    """Open every file and say what each is; of one that came through a browser, no more than `limits`.

    `encodings` are what somebody said of single files.

    In a folder, what cannot be read or is of no known kind is skipped and named; a file named by the caller
    must be readable and of a known kind. A section of the mapping that fits no sheet is an error: somewhere a
    header is misspelt.
    """
    sections = mapping.sections() if mapping else ()
    encoding = mapping.encoding if mapping else None
    readings: list[Reading] = []
    skipped: list[Skipped] = []
    headers: list[Header] = []
    refused: list[UnreadableFileError] = []
    for path, in_folder in _files(paths):
        known: list[Reading] = []
        unknown: list[UnreadableFileError] = []
        for header in _headers(path, (encodings or {}).get(path, encoding), limits, unknown):
            headers.append(header)
            try:
                known += _readings(header, sections)
            except UnknownKindError as error:
                unknown.append(error)
        if unknown and not known and not in_folder:
            refused.append(unknown[0])
        readings += known
        skipped += [
            Skipped(error.name, error.why, not isinstance(error, UnknownKindError), error.strange)
            for error in unknown
        ]
    if headers or not refused:  # else nothing could be opened, and no section is to blame
        _refuse_unused(sections, headers)
    if refused:
        raise refused[0]
    order = list(LAYOUTS)
    ordered = tuple(sorted(readings, key=lambda reading: order.index(reading.table)))
    return Plan(ordered, tuple(skipped), limits)


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Each file once, and whether it was found in a folder rather than named."""
    seen = set()
    for path in paths:
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file, path.is_dir()


def _headers(
    path: Path, encoding: str | None, limits: Limits | None, unknown: list[UnreadableFileError]
) -> Iterator[Header]:
    try:
        sheets = open_file(path, encoding, limits)
    except UnreadableFileError as error:
        unknown.append(error)
        return
    yield from (Header(sheet) for sheet in sheets)


def _readings(header: Header, sections: Sequence[Section]) -> list[Reading]:
    """What a sheet holds: what every section of the mapping that fits it says, else what its headers say."""
    fitting = [section for section in sections if applies(section, header) and not lacks(section, header)]
    views_of = [tuple(section_views(section, header)) for section in fitting] or [(canonical_view(header),)]
    header.refuse_twice()
    used = {place for views in views_of for view in views for place in view.columns.values()}
    left_out = tuple(
        name
        for place, name in enumerate(header.names)
        if place not in used and plain(name) not in {"", REASON}
    )
    nameless = sum(place not in used and not plain(name) for place, name in enumerate(header.names))
    if nameless:
        left_out += ("1 column without a name" if nameless == 1 else f"{nameless:,} columns without a name",)
    return [Reading(header.sheet, views[0].layout.table, views, left_out) for views in views_of]


def _refuse_unused(sections: Sequence[Section], headers: Sequence[Header]) -> None:
    problems = []
    for number, section in enumerate(sections, start=1):
        lacking = {
            header.sheet.name: lacks(section, header) for header in headers if applies(section, header)
        }
        if all(lacking.values()):
            nearest = min(lacking.items(), key=lambda item: len(item[1]), default=None)
            why = (
                f"{nearest[0]} has no {' and no '.join(nearest[1])}"
                if nearest
                else f"no file is named {section.file}"
            )
            problems.append(f"table {number} ({section.reads}) fits no file: {why}")
    if problems:
        raise MappingError("The mapping file", problems)
