"""Text files and worksheets read plainly: a state at a time, a tag at a time."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element, ParseError, fromstring
from zipfile import BadZipFile, ZipFile

MARKS: Final = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
SIGNS: Final = {"commas": ",", "semicolons": ";", "tabs": "\t"}
SPREADSHEET: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Said(NamedTuple):
    """A cell as its XML has it: its type, and its text."""

    kind: str
    text: str


def decoded(content: bytes) -> str:
    """The text of a file by its byte-order mark, else UTF-8."""
    marked = (name for mark, name in MARKS.items() if content.startswith(mark))
    return content.decode(next(marked, "utf-8"))


def plain_rows(text: str, described: str, *, header: Sequence[str]) -> list[list[str]]:
    """The rows below the header that hold anything, split at every sign outside quotation marks."""
    sign = SIGNS[described.rpartition(" ")[2]]
    rows = [cells for cells in _split(text, sign) if any(cells)]
    headed = next((number for number, cells in enumerate(rows) if any(map(str.strip, cells))), len(rows))
    below = rows[headed + 1 :]
    if header[-1] != "reason":
        return below
    return [kept for row in below if any(kept := [unescaped(cell) for cell in row])]


def unescaped(text: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it."""
    rest = text.removeprefix("'").lstrip("'").lstrip(" ")
    return text[1:] if text.startswith("'") and rest[:1] and rest[0] in "=+-@\t\r\n|%\0" else text


def _split(text: str, sign: str) -> list[list[str]]:
    rows, cells, cell, quoted, closed = [], [], "", False, False
    begun = False
    place = 0
    while place < len(text):
        char = text[place]
        place += 1
        if quoted:
            if char == '"' and text[place : place + 1] == '"':
                cell, place = cell + char, place + 1
            elif char == '"':
                quoted, closed = False, True
            else:
                cell += char
        elif char == '"' and not cell and not closed:
            quoted = begun = True
        elif char == sign:
            cells, cell, closed, begun = [*cells, cell], "", False, True
        elif char in "\r\n":
            if begun or cell:
                rows.append([*cells, cell])
            cells, cell, closed, begun = [], "", False, False
        else:
            cell, begun = cell + char, True
    return [*rows, [*cells, cell]] if begun or cell else rows


def plain_sheet(content: bytes) -> dict[tuple[int, int], Said]:
    """The cells of a workbook's only sheet by line and place, as far as its XML says them plainly."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
            if sum(name.startswith("xl/worksheets/") and name.endswith(".xml") for name in names) != 1:
                return {}
            sheet = fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - made by the tests
            shared = _shared(archive) if "xl/sharedStrings.xml" in names else []
    except (BadZipFile, KeyError, ParseError, ValueError, OSError, NotImplementedError, EOFError):
        return {}
    rows = list(sheet.iter(f"{SPREADSHEET}row"))
    numbers = [row.get("r", "") for row in rows]
    if any(not number.isdecimal() for number in numbers) or len(set(numbers)) < len(numbers):
        return {}
    found: dict[tuple[int, int], Said] = {}
    for row, number in zip(rows, numbers, strict=True):
        for cell in row:
            said, place = _said(cell, shared), _place(cell.get("r", ""), number)
            if said is None or place is None or (int(number), place) in found:
                return {}
            found[int(number), place] = said
    return found


def same_cell(said: Said, text: str) -> bool:
    """Whether a cell was taken as its XML says it; of dates and numbers in exponents nothing is known."""
    if said.kind in ("s", "inlineStr", "str"):
        return said.text == text or "_x" in said.text or "\r" in said.text
    try:
        exact, taken = Decimal(said.text), Decimal(text)
    except InvalidOperation:
        return True
    return abs(exact - taken) <= abs(exact) * Decimal("1e-14")


def _shared(archive: ZipFile) -> list[str]:
    table = fromstring(archive.read("xl/sharedStrings.xml"))  # noqa: S314 - made by the tests
    return ["".join(part.text or "" for part in entry.iter(f"{SPREADSHEET}t")) for entry in table]


def _said(cell: Element, shared: list[str]) -> Said | None:
    kind, values = cell.get("t", "n"), cell.findall(f"{SPREADSHEET}v")
    if cell.tag != f"{SPREADSHEET}c" or len(values) > 1 or cell.find(f"{SPREADSHEET}f") is not None:
        return None
    text = (values[0].text or "") if values else ""
    if kind == "inlineStr":
        return Said(kind, "".join(part.text or "" for part in cell.iter(f"{SPREADSHEET}t")))
    if kind == "s":
        known = text.isdecimal() and int(text) < len(shared)
        return Said(kind, shared[int(text)]) if known else None
    return Said(kind, text) if kind in ("n", "str") else None


def _place(reference: str, number: str) -> int | None:
    letters = reference.removesuffix(number)
    if not (letters.isascii() and letters.isalpha() and letters.isupper() and len(letters) == 1):
        return None
    return ord(letters) - ord("A")
