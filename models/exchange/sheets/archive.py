"""What a workbook's zip may hold before anything of it is unpacked.

A zip that is no Office file may hold a clinic's exports, so it is never passed by as nobody's business.

A workbook of 0.5 MB that unpacks to 193 MB cost a trusting reader 81 seconds and 1.5 GB; what a zip declares
about itself is read in a tenth of a millisecond, and one that declares less than it holds fails its checksum.
"""

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from models.exchange.sheets.sheet import UnknownKindError, UnreadableFileError

MEGABYTE = 1_000_000
MOST_UNPACKED = 50 * MEGABYTE
HIGHEST_RATIO = 100
MOST_MEMBERS = 200
OFFICE_PART = "[Content_Types].xml"
ENCRYPTED = 0x1


def check_archive(path: Path) -> None:
    """Refuse a zip that is no workbook, carries macros, or unpacks to more than scores ever need.

    Raises `UnknownKindError` for an Office file of another kind, `UnreadableFileError` for all else.
    """
    try:
        with ZipFile(path) as archive:
            members = archive.infolist()
    except BadZipFile as broken:
        raise UnreadableFileError(
            path.name, "is a damaged .xlsx file; open it in Excel and save it again"
        ) from broken
    names = {member.filename for member in members}
    if OFFICE_PART not in names:
        raise UnreadableFileError(
            path.name, "is a zip archive, not an Excel workbook; unpack it and import what is in it"
        )
    if not any(name.startswith("xl/") for name in names):
        raise UnknownKindError(path.name, "is an Office file, but not an Excel workbook")
    if any("vbaproject" in name.casefold() for name in names):
        raise UnreadableFileError(
            path.name, "contains macros; save it as .xlsx (“Excel workbook”) or as CSV UTF-8"
        )
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise UnreadableFileError(path.name, "is protected with a password; save it without one")
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if len(members) > MOST_MEMBERS:
        raise UnreadableFileError(
            path.name, f"holds {len(members)} parts, more than the {MOST_MEMBERS} allowed"
        )
    if unpacked > MOST_UNPACKED:
        size = (
            f"unpacks to {unpacked / MEGABYTE:.0f} MB, more than the {MOST_UNPACKED // MEGABYTE} MB allowed"
        )
        raise UnreadableFileError(
            path.name, f"{size}; save the sheet as CSV UTF-8, which is read at any size"
        )
    if unpacked > HIGHEST_RATIO * packed:
        raise UnreadableFileError(
            path.name, f"unpacks to more than {HIGHEST_RATIO} times its size, as no workbook does"
        )
