"""What a mapping file may declare about how a file writes times, dates and decimals, each checked."""

import codecs
import re
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from models.tables.facts.people import is_time_zone

DIRECTIVES = re.compile(r"%(.)")
MONTHS = {"m", "b", "B"}
NO_FILES = {"idna", "punycode", "raw-unicode-escape", "unicode-escape", "unicode_escape", "utf-7"}
"""What Python calls encodings and no program writes a table in."""

ALLOWED = {"Y", "d", "H", "I", "M", "S", "p"} | MONTHS


def zone_named(name: str) -> ZoneInfo:
    """The time zone of that name; `ValueError` in words."""
    if not is_time_zone(name):
        raise ValueError(f"{name!r} is no time zone; one is written America/New_York")
    return ZoneInfo(name)


def _zone(name: str) -> str:
    return zone_named(name).key


def _date_format(text: str) -> str:
    found = DIRECTIVES.findall(text)
    directives = set(found)
    if len(found) > len(directives):
        raise ValueError("each part of a date stands in a date format once")
    if "y" in directives:
        raise ValueError("a year needs four digits: %Y, not %y")
    if not {"Y", "d"} <= directives or not directives & MONTHS or not directives <= ALLOWED:
        raise ValueError(
            "a date format has %Y, %m (or %b, %B) and %d, and may have %H (or %I and %p), %M and %S"
        )
    return text


def _encoding(name: str) -> str:
    try:
        "".encode(name)
        if codecs.lookup(name).name not in NO_FILES:
            return name
    except (LookupError, ValueError):  # of which an encoding's own errors are one
        pass
    raise ValueError(f"{name!r} is no text encoding; one is written windows-1252")


def _as_text(value: object) -> object:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else value


DateFormat = Annotated[str, AfterValidator(_date_format)]
Zone = Annotated[str, AfterValidator(_zone)]
Encoding = Annotated[str, AfterValidator(_encoding)]
Word = Annotated[str, BeforeValidator(_as_text)]
"""A value as a cell would hold it: in TOML, 7 and "7" are both the text 7."""


class Part(BaseModel):
    """A piece of a mapping file: frozen, and refusing keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Conventions(Part):
    """How a file writes things; said at the top for all its tables, or in a section for one."""

    time_zone: Zone | None = None
    dates: DateFormat | None = None
    decimal: Literal[".", ","] | None = None
