"""What a mapping file may declare about how a file writes times, dates and decimals, each checked."""

import re
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

DIRECTIVES = re.compile(r"%(.)")
MONTHS = {"m", "b", "B"}
ALLOWED = {"Y", "d", "H", "I", "M", "S", "p"} | MONTHS


def zone_named(name: str) -> ZoneInfo:
    """The time zone of that name; `ValueError` in words."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone; one is written America/New_York") from None


def _zone(name: str) -> str:
    return zone_named(name).key


def _date_format(text: str) -> str:
    directives = set(DIRECTIVES.findall(text))
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
    except LookupError:
        raise ValueError(f"{name!r} is no text encoding; one is written windows-1252") from None
    return name


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
