"""Opening a file: its first bytes, not its name, say what it is."""

from pathlib import Path

from models.exchange.sheets.confined import open_confined
from models.exchange.sheets.delimited import open_delimited
from models.exchange.sheets.limits import Limits
from models.exchange.sheets.sheet import Sheet, UnknownKindError, UnreadableFileError

ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # with members, and without any
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TEXT_SUFFIXES = {".csv", ".tsv", ".tab", ".txt"}
EXCEL_SUFFIXES = {".xlsx", ".xls", ".xlsm", ".xlsb"}


def open_file(path: Path, declared_encoding: str | None = None, limits: Limits | None = None) -> list[Sheet]:
    """The sheets of a file: one of a text file, each filled worksheet of a workbook.

    With `limits` no larger file is opened, and everything in it is read by a process of its own. Raises
    `UnknownKindError` for what is neither text nor workbook, `UnreadableFileError` for what cannot be read.
    """
    if not path.is_file():
        raise UnknownKindError(path.name, "is not a file")
    try:
        if limits is not None:
            limits.refuse_size(path.name, path.stat().st_size)
            return [*open_confined(path, limits, declared_encoding)]
        with path.open("rb") as opened:
            start = opened.read(len(OLD_OFFICE))
    except OSError as refused:
        raise UnreadableFileError(path.name, f"cannot be opened: {refused.strerror}") from refused
    suffix = path.suffix.casefold()
    if start.startswith(OLD_OFFICE):
        raise UnknownKindError(
            path.name, "is an old or password-protected Excel file; save it as .xlsx or CSV UTF-8"
        )
    if start.startswith(ZIP):
        if suffix in TEXT_SUFFIXES:
            raise UnknownKindError(
                path.name, f"is named {suffix} and is a zip or Excel file; give it its own ending"
            )
        from models.exchange.sheets.workbook import open_workbook  # noqa: PLC0415 - openpyxl and numpy, for Excel only

        return [*open_workbook(path)]
    if suffix in EXCEL_SUFFIXES:
        raise UnknownKindError(
            path.name, f"is named {suffix} and is not an Excel workbook; save it again as .xlsx or CSV"
        )
    return [open_delimited(path, declared_encoding)]
