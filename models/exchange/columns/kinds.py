"""What each column holds, and how its text becomes a value; whether the value may stand, the facts say."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from models.exchange.columns.layout import plain
from models.exchange.columns.moments import ISO, Calendar
from models.exchange.columns.numbers import read_decimal, read_whole
from models.scales import Scale
from models.scales.scoring import read_total
from models.tables.facts.problems import shown
from models.tables.words import END_REASONS, INDICATIONS, MODES, ROUTES, SEXES, TIMINGS

VOCABULARIES: Final[Mapping[str, tuple[str, ...]]] = {
    "sex": SEXES,
    "indication": INDICATIONS,
    "end_reason": END_REASONS,
    "route": ROUTES,
    "timing": TIMINGS,
    "mode": MODES,
}
SHORTENED: Final = re.compile(r"[0-9][.,][0-9]+E\+[0-9]{2,3}")
AS_FORMULA: Final = re.compile(r'="(.*)"')
YES_OR_NO: Final = ("confirmed", "part2")


@dataclass(frozen=True)
class Dialect:
    """How one sheet writes things: dates, decimals, and whether its cells carry types of their own."""

    calendar: Calendar
    decimal: str | None
    is_typed: bool
    scales: Mapping[str, Scale]

    def value(self, field: str, text: str, scale_id: str | None = None) -> object:
        """The value of a cell that is not empty; `ValueError` says in words why it has none.

        `scale_id` names the scale of a total that may have decimals.
        """
        if scale_id is not None:
            return read_total(self.scales[scale_id], str(read_decimal(text, self._sign(text))))
        if field in VOCABULARIES:
            return word(text, VOCABULARIES[field])
        if field in YES_OR_NO:
            return {"yes": True, "no": False}.get(word(text, ("yes", "no")), text)
        read = READERS.get(field, Dialect.whole)
        return read(self, text)

    def text(self, text: str) -> str:
        """Text as it stands: a number of the clinic's, a name. Excel makes a day of a number such as 3-1."""
        if self.is_typed and ISO.fullmatch(text):
            raise ValueError("is a date in Excel; format the column as text and enter it again")
        return text

    def number(self, text: str) -> str:
        """A number of the clinic's; not what Excel makes of one, as others may have become the same."""
        if SHORTENED.fullmatch(text):
            raise ValueError(
                "is how Excel shortens a long number, whose last digits are lost; format the column as text"
            )
        if meant := AS_FORMULA.fullmatch(text):
            raise ValueError(f"is a formula that stands for a text; write {shown(meant[1])} without it")
        return self.text(text)

    def day(self, text: str) -> object:
        """A day."""
        return self.calendar.day(text)

    def moment(self, text: str) -> object:
        """A moment, or a day where the time is not known."""
        return self.calendar.moment(text)

    def decimal_number(self, text: str) -> float:
        """A number that may have decimals."""
        return float(read_decimal(text, self._sign(text)))

    def whole(self, text: str) -> int:
        """A whole number."""
        return read_whole(text, self._sign(text))

    def scale_id(self, text: str) -> str:
        """The id of the scale a cell names by its id or its name, however written; else the text itself."""
        return self._scale_ids.get(plain(text), text)

    @cached_property
    def _scale_ids(self) -> dict[str, str]:
        named = {plain(scale.name): scale.id for scale in self.scales.values()}
        return named | {plain(scale_id): scale_id for scale_id in self.scales}

    def _sign(self, text: str) -> str | None:
        """The decimal sign of a cell. A typed number of Excel's has its point whatever the file declares."""
        return None if self.is_typed and "." in text else self.decimal


READERS: Final[Mapping[str, Callable[[Dialect, str], object]]] = {
    "mrn": Dialect.number,
    **dict.fromkeys(("given_name", "family_name", "clinician", "site"), Dialect.text),
    **dict.fromkeys(("birth_date", "started_on", "ended_on", "part2_consent_until"), Dialect.day),
    **dict.fromkeys(("given_at", "assessed_at"), Dialect.moment),
    **dict.fromkeys(("dose_mg", "weight_kg"), Dialect.decimal_number),
}
"""Every other column holds whole numbers."""


def word(text: str, vocabulary: tuple[str, ...]) -> str:
    """The word of a vocabulary, whatever its case, spaces, hyphens and underscores; else the text itself."""
    return next((word for word in vocabulary if plain(word) == plain(text)), text)
