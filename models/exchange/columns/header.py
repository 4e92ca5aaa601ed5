"""What a header says: where each column stands, and which of the four tables it is the header of."""

from collections.abc import Mapping
from functools import cached_property

from models.exchange.columns.layout import ASSESSMENTS, ITEM, LAYOUTS, PATIENTS, Layout, plain
from models.exchange.sheets.sheet import Sheet, UnknownKindError, UnreadableFileError

HEADERS_NAMED = 12


class Header:
    """The headers of one sheet, findable by name."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.names = sheet.header
        self._index = {plain(name): index for index, name in enumerate(self.names) if plain(name)}

    def refuse_twice(self) -> None:
        """Raise `UnreadableFileError` for a sheet of a known kind where a name stands twice."""
        alike: dict[str, list[str]] = {}
        for name in filter(plain, self.names):
            alike.setdefault(ITEM.sub(r"item\1", plain(name)), []).append(name)
        twice = [
            f"{len(names)} columns called {' and '.join(dict.fromkeys(names))}"
            for names in alike.values()
            if len(names) > 1
        ]
        if twice:
            why = f"has {', '.join(twice)}; which one counts cannot be known"
            raise UnreadableFileError(self.sheet.name, why)

    def find(self, name: str) -> int | None:
        """The place of a column, whatever the case, spaces, hyphens and underscores of its name."""
        return self._index.get(plain(name))

    def fields(self, layout: Layout) -> dict[str, int]:
        """The canonical columns of a table that stand in this header, and where."""
        named = ((layout.field(name), index) for index, name in enumerate(self.names))
        return {field: index for field, index in named if field}

    @cached_property
    def layout(self) -> Layout:
        """The table this is the header of.

        `UnknownKindError` says what is missing, `UnreadableFileError` that it is the header of several.
        """
        fitting = [layout for layout in LAYOUTS.values() if not self._missing(layout)]
        specific = [layout for layout in fitting if layout is not PATIENTS] or fitting
        if not specific:
            raise UnknownKindError(self.sheet.name, self._nearest())
        if len(specific) > 1:
            tables = " and ".join(layout.table for layout in specific)
            raise UnreadableFileError(
                self.sheet.name, f"has the headers of {tables} at once; a mapping file can read it as each"
            )
        return specific[0]

    def _missing(self, layout: Layout) -> list[str]:
        fields = self.fields(layout)
        return [name for name in layout.required if name not in fields] or lacking(
            layout, fields, len(self.names)
        )

    def _nearest(self) -> str:
        matched = {layout: self.fields(layout) for layout in LAYOUTS.values()}
        nearest = max(matched, key=lambda layout: len(matched[layout]))  # of equals the first: patients
        if not matched[nearest]:
            return f"has no header that an import knows: {', '.join(self.names[:HEADERS_NAMED])}"
        lacks = " and ".join(self._missing(nearest))
        return f"has the headers of no known table; to be {nearest.table} it lacks {lacks}"


def lacking(layout: Layout, fields: Mapping[str, object], width: int) -> list[str]:
    """What a table still lacks when its required columns are there.

    Assessments lack a score without `total` or `item_1`. A lone `mrn` beside columns nobody knows is not
    taken for a list of patients: it would make patients out of any file.
    """
    if layout is ASSESSMENTS and not any(name == "total" or name.startswith("item_") for name in fields):
        return ["total or item_1"]
    if layout is PATIENTS and len(fields) == 1 < width:
        return [" or ".join(PATIENTS.optional)]
    return []
