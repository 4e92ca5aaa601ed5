"""What one Excel cell says, as text: its stored type is used, never guessed at."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

EXACT_INTEGER = 2**53
SIGNIFICANT = ".15g"  # what Excel itself keeps of a number: 0.1 + 0.2 is 0.3
ZERO_PADDED = re.compile(r"0{2,}")
SHOWS_A_TIME = re.compile(r"h", re.IGNORECASE)


class CellError(ValueError):
    """A cell that has no value a row could be stored from; its words say why."""


def cell_text(cell: Any) -> str:
    """The text of a cell: a date in ISO 8601, a number as its shortest exact decimal, zeros as displayed.

    Raises `CellError` for an error of Excel's, and for more digits than it keeps exactly.
    """
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "e":
        raise CellError("is an Excel error value, not a value")
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, cell)
    if isinstance(value, datetime):
        return _moment(value, cell)
    return str(value)


def _number(value: float, cell: Any) -> str:
    if abs(value) > EXACT_INTEGER:
        raise CellError(
            "has more digits than Excel keeps exactly; format the column as text and enter it again"
        )
    if value == int(value):
        padded = ZERO_PADDED.fullmatch(cell.number_format)
        return str(int(value)).zfill(len(padded[0]) if padded else 0)
    text = format(Decimal(format(value, SIGNIFICANT)), "f")
    # 1.125 could be a German thousand in a text file; a typed number cannot, and a fourth decimal says so.
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text  # noqa: PLR2004


def _moment(value: datetime, cell: Any) -> str:
    rounded = (value + timedelta(milliseconds=500)).replace(microsecond=0)
    is_date = rounded.time() == datetime.min.time() and not SHOWS_A_TIME.search(cell.number_format)
    return rounded.date().isoformat() if is_date else rounded.isoformat()
