"""How a cell of a file must be read: a second reading, character by character and without a pattern."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "sex": ("female", "male", "other", "unknown"),
    "indication": (*("depression", "bipolar_depression", "ptsd", "suicidality", "anxiety", "pain", "other"),),
    "end_reason": (
        *("completed", "no_benefit", "side_effects", "cost", "moved", "own_choice", "hospital"),
        *("died", "other"),
    ),
    "route": ("iv", "im", "sc", "intranasal", "oral"),
    "timing": ("before", "after"),
    "mode": ("self", "kiosk", "staff", "phone", "clinician"),
    "confirmed": ("yes", "no"),
    "part2": ("yes", "no"),
}
LONGEST: Final = {"mrn": 64, "given_name": 200, "family_name": 200, "clinician": 200, "site": 200}
DAYS: Final = ("birth_date", "started_on", "ended_on", "part2_consent_until")
YES_OR_NO: Final = ("confirmed", "part2")
MOMENTS: Final = ("given_at", "assessed_at")
MOST_DIGITS: Final = 12


class UnreadableError(ValueError):
    """A text that is none of its column's values."""


def cell(field: str, text: str, zone: ZoneInfo, decimals: int = 0) -> Any:
    """What a cell says, `None` of an empty one; `decimals` are those of a total's scale."""
    bare = text.strip()
    if not bare:
        return None
    if field in WORDS:
        return word(field, bare)
    if field in LONGEST:
        return line(bare, LONGEST[field])
    if field in (*DAYS, *MOMENTS):
        return (day if field in DAYS else moment)(bare, zone)
    return number(field, bare, decimals)


def number(field: str, text: str, decimals: int) -> float | int:
    if field in {"dose_mg", "weight_kg"}:
        return float(decimal(text))
    return steps(decimal(text), decimals) if decimals else whole(text)


def word(field: str, text: str) -> Any:
    told = squeezed(text)
    known = {squeezed(each): each for each in WORDS[field]}
    if field == "sex":
        known |= {each[0]: each for each in WORDS["sex"]}
    if told not in known or (field == "sex" and len(text) > 1 and len(told) == 1):
        raise UnreadableError(text)
    return known[told] == "yes" if field in YES_OR_NO else known[told]


def squeezed(text: str) -> str:
    return "".join(char for char in text if char not in "-_" and not char.isspace()).casefold()


def line(text: str, longest: int) -> str | None:
    """Composed, without what nobody sees, one space between words."""
    seen = "".join(
        char
        for char in text
        if char.isspace() or char in "\u200c\u200d" or unicodedata.category(char) not in ("Cc", "Cf")
    )
    kept = " ".join(unicodedata.normalize("NFC", seen).split())
    if len(kept) > longest:
        raise UnreadableError(text)
    return kept or None


def digits(text: str) -> bool:
    return bool(text) and all("0" <= char <= "9" for char in text)


def unsigned(text: str) -> tuple[str, bool]:
    return (text[1:], True) if text.startswith("-") else (text, False)


def whole(text: str) -> int:
    """Plain digits, perhaps with a minus, perhaps with .0; zero has no sign."""
    body, minus = unsigned(text)
    number, _, after = body.partition(".")
    written = number if after in ("0", "00") else body
    if not digits(written) or len(written) > MOST_DIGITS or (minus and int(written) == 0):
        raise UnreadableError(text)
    return -int(written) if minus else int(written)


def decimal(text: str) -> Decimal:
    """Plain digits with at most one point; three digits before and after it may be a thousand."""
    body, minus = unsigned(text)
    before, point, after = body.partition(".")
    if not digits(before) or len(before) > MOST_DIGITS or len(after) > MOST_DIGITS:
        raise UnreadableError(text)
    if point and (not digits(after) or (len(before) <= 3 and len(after) == 3)):
        raise UnreadableError(text)
    number = Decimal(body)
    if minus and number == 0:
        raise UnreadableError(text)
    return -number if minus else number


def steps(number: Decimal, decimals: int) -> int:
    counted = number * 10**decimals
    if counted != int(counted):
        raise UnreadableError(str(number))
    return int(counted)


def day(text: str, zone: ZoneInfo) -> date:
    """The day as written; with an offset, the day it then was in the file's zone."""
    on, at, offset = parted(text)
    if at is None or offset is None:
        return on
    return in_utc(on, at, offset, zone).astimezone(zone).date()


def moment(text: str, zone: ZoneInfo) -> date | datetime:
    """A day, or a moment to the second in UTC."""
    on, at, offset = parted(text)
    return on if at is None else in_utc(on, at, offset, zone)


def in_utc(on: date, at: timedelta, offset: timedelta | None, zone: ZoneInfo) -> datetime:
    """The one moment a local time was; none where clocks skipped it or showed it twice."""
    local = datetime(on.year, on.month, on.day) + at  # noqa: DTZ001
    try:
        if offset is not None:
            return (local - offset).replace(tzinfo=UTC)
        hours = (timedelta(minutes=quarter * 15) for quarter in range(-56, 61))
        found = {(local - away).replace(tzinfo=UTC) for away in hours}
        there = [one for one in found if one.astimezone(zone).replace(tzinfo=None) == local]
    except OverflowError:
        raise UnreadableError(str(local)) from None
    if len(there) != 1:
        raise UnreadableError(str(local))
    return there[0]


def parted(text: str) -> tuple[date, timedelta | None, timedelta | None]:
    """Day, time of day and offset of what ISO 8601 writes; only the day has to be there."""
    on, rest = text[:10], text[10:]
    if not (len(on) == 10 and on[4] == on[7] == "-" and digits(on[:4] + on[5:7] + on[8:])):
        raise UnreadableError(text)
    try:
        read = date(int(on[:4]), int(on[5:7]), int(on[8:]))
    except ValueError:
        raise UnreadableError(text) from None
    if not rest:
        return read, None, None
    if rest[0] not in "Tt ":
        raise UnreadableError(text)
    clock, offset = rest[1:], None
    for sign in "Zz+-":
        before, found, after = clock.partition(sign)
        if found:
            clock, offset = before.removesuffix(" "), away(found, after)
            break
    return read, of_day(clock), offset


def of_day(clock: str) -> timedelta:
    parts = clock.split(":")
    hour, minute, second = [*parts, "0"][:3] if len(parts) in (2, 3) else ("", "", "")
    second, point, fraction = second.replace(",", ".").partition(".")
    exact = len(minute) == 2 and (len(parts) == 2 or len(second) == 2) and 1 <= len(hour) <= 2
    fine = not point or (len(parts) == 3 and digits(fraction) and len(fraction) <= 6)
    if not (exact and fine and all(map(digits, (hour, minute, second)))):
        raise UnreadableError(clock)
    if int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        raise UnreadableError(clock)
    return timedelta(hours=int(hour), minutes=int(minute), seconds=int(second))


def away(sign: str, text: str) -> timedelta:
    if sign in "Zz":
        if text:
            raise UnreadableError(text)
        return timedelta()
    hours, minutes = (text[:2], text[2:].removeprefix(":")) if len(text) > 2 else (text, "00")
    if len(hours + minutes) != 4 or not digits(hours + minutes) or int(hours) > 14 or int(minutes) > 59:
        raise UnreadableError(text)
    span = timedelta(hours=int(hours), minutes=int(minutes))
    return -span if sign == "-" else span
