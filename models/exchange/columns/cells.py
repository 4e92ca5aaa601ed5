"""One cell at a time: its text, in our words where a mapping translates it, becomes a value or a fault."""

from typing import NamedTuple

from models.exchange.columns.kinds import Dialect
from models.exchange.columns.memory import Memory, RejectedError
from models.exchange.columns.view import View
from models.exchange.sheets.sheet import Fault
from models.scales import Scale
from models.scales.scoring import ScoreError
from models.tables.facts.problems import shown


class Cell(NamedTuple):
    """A cell's field and text; of a total whose scale has decimals, the scale too."""

    field: str
    text: str
    scale_id: str | None = None


class Cells:
    """The cells of one view."""

    def __init__(self, view: View, dialect: Dialect) -> None:
        self._view, self._dialect = view, dialect
        self.values = Memory(self.value)

    def value(self, cell: Cell) -> object:
        """The value, `None` of an empty cell; `RejectedError` where the text is none of its kind."""
        said = self.said(cell.field, cell.text)
        if not said:
            return None
        try:
            if self._view.shift and cell.field == self._view.layout.moment:
                return self._dialect.calendar.shifted(said, self._view.shift)
            return self._dialect.value(cell.field, said, cell.scale_id)
        except ScoreError as off_scale:
            why = str(off_scale)
        except ValueError as unreadable:
            why = f"{shown(said)} {unreadable}"
        raise RejectedError([Fault(self._view.heading(cell.field), cell.text, why)])

    def scale(self, text: str) -> Scale:
        """The scale a cell names."""
        said, known = self.said("scale", text), self._dialect.scales
        scale = known.get(self._dialect.scale_id(said))
        if scale is None:
            listed = ", ".join(known)
            why = (
                f"No scale is called {shown(said)}; known are {listed}"
                if said
                else f"A scale is needed: one of {listed}"
            )
            raise RejectedError([Fault(self._view.heading("scale"), text, why)])
        return scale

    def said(self, field: str, text: str) -> str:
        """The text without the space around it, translated."""
        bare = text.strip()
        return self._view.values.get(field, {}).get(bare.casefold(), bare)
