"""How much of a file is read that came through a browser; the command line reads files of any size."""

from typing import Final, NamedTuple

from models.exchange.sheets.archive import MEGABYTE
from models.exchange.sheets.sheet import UnreadableFileError

MOST_HELD: Final = 50 * MEGABYTE
"""Of what one person has sent and the server still holds, over all their open pages."""

ANY_SIZE: Final = "`seventy import` on the command line reads files of any size"


class Limits(NamedTuple):
    """Bytes of the file, rows of a sheet; of a workbook also bytes of memory and text, and computing time."""

    size: int = 10 * MEGABYTE
    rows: int = 50_000
    memory: int = 1_000 * MEGABYTE
    text: int = 50 * MEGABYTE
    seconds: float = 30

    def refuse_size(self, name: str, size: int) -> None:
        """Raise `TooLargeError` for a file of more bytes."""
        if size > self.size:
            allowed = f"larger than the {self.size / MEGABYTE:g} MB a browser may send"
            raise TooLargeError(name, f"is {allowed}; {ANY_SIZE}")

    def refuse_rows(self, name: str, rows: int) -> None:
        """Raise `TooLargeError` for a sheet of more rows."""
        if rows > self.rows:
            raise TooLargeError(name, f"has more than the {self.rows:,} rows a browser may send; {ANY_SIZE}")


BROWSER: Final = Limits()


class TooLargeError(UnreadableFileError):
    """A file of which more would have to be read than is allowed."""
