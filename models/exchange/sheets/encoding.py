"""How the characters of a text file are written: its byte-order mark says, else UTF-8; never a guess."""

import codecs
import re
from itertools import islice
from pathlib import Path

BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
SPOKEN = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "windows-1252": "Windows-1252"}
WORDS_SHOWN = 5
NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")


def encoding_of(path: Path, declared: str | None) -> str:
    """The encoding: by byte-order mark, else as a mapping file declares it, else strict UTF-8."""
    with path.open("rb") as opened:
        start = opened.read(3)
    marked = (name for mark, name in BYTE_ORDER_MARKS.items() if start.startswith(mark))
    return next(marked, declared or "utf-8")


def undecodable(path: Path, encoding: str) -> tuple[str, tuple[str, ...]]:
    """Why a file is not in its encoding: the line, and some words as they would read in Windows-1252.

    Latin-1 would decode any bytes and turn `Zoë` into `ZoÃ«`, so a person chooses, having seen some words.
    What is no text at all has none.
    """
    spoken = SPOKEN.get(encoding, encoding)
    with path.open("rb") as lines:
        numbered = ((number, line) for number, line in enumerate(lines, start=1) if not _decodes(line))
        strange = list(islice(numbered, WORDS_SHOWN))
    if encoding != "utf-8" or not strange:
        return f"is not whole {spoken} text; save it again as “CSV UTF-8”", ()
    texts = [line.decode("cp1252", "replace") for _, line in strange]
    found = (word for text in texts for word in re.findall(r"\w*[^\x00-\x7f]\w*", text))
    words = tuple(islice(found, WORDS_SHOWN))
    why = (
        f"line {strange[0][0]} is not {spoken}; save the file as “CSV UTF-8”, or, if these words look right, "
        f'say encoding = "windows-1252" in a mapping file: {", ".join(words)}'
    )
    return why, () if any(map(NO_TEXT.search, texts)) else words


def _decodes(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
