"""What a user name may be: what can be typed on a keyboard, read aloud, and told from every other name.

PRECIS' profile for user names (RFC 8265) leaves out what nobody sees and what only looks like a letter,
writes wide letters narrow and takes Unicode's composed form (NFC). Here a name is narrower still: no other
signs than an e-mail address needs, and letters of one script, or a Cyrillic а would pass for a Latin one.
"""

from itertools import pairwise
from typing import Final
from unicodedata import category, name, normalize

from precis_i18n import get_profile

LONGEST: Final = 64
LONGEST_NAME: Final = 200
"""Characters of the name of the person, which may be anything else that is seen."""
UNSEEN: Final = ("Cc", "Cf")
JOINERS: Final = "\u200c\u200d"
"""Not seen either, but part of how some names are written."""
SIGNS: Final = ".-_@+'"
ALLOWED: Final = (
    f"A user name has 1 to {LONGEST} characters: letters of one script, the digits 0 to 9 and "
    f"{' '.join(SIGNS)} after the first"
)
_PROFILE: Final = get_profile("UsernameCasePreserved")
_DIGITS: Final = "0123456789"
_ON_THEIR_OWN: Final = ("COMBINING", "MODIFIER")
"""Marks and signs that belong to no script."""
_JAPANESE: Final = {"HIRAGANA", "KATAKANA", "CJK", "IDEOGRAPHIC"}


class UsernameError(ValueError):
    """Not a user name; the message says why, what was given, and what is allowed."""


def new_username(given: str) -> str:
    """The name as it is kept, or `UsernameError`. Who has another from before this rule keeps it."""
    length = len(normalize("NFC", given))
    if not 1 <= length <= LONGEST:
        raise _refused(given, f"has {length:,} characters")
    try:
        kept = _PROFILE.enforce(given)
    except UnicodeEncodeError as refusal:
        if refusal.reason.endswith("bidi_rule"):
            raise _refused(given, "cannot be read in one direction") from None
        raise _refused(given, f"has {_called(refusal.object[refusal.start])}") from None
    for before, char in pairwise(f" {kept}"):
        if not _may_follow(before, char):
            raise _refused(given, f"has {_called(char)}")
    first_of = {script: char for char in reversed(kept) if (script := _script(char))}
    if len(first_of) > 1:
        raise _refused(given, f"mixes {' and '.join(map(_called, first_of.values()))}")
    return kept


def persons_name(username: str, given: str) -> str:
    """The name of the person an account is for, on one line without what nobody sees, or `UsernameError`."""
    if any(char == "\0" or category(char) == "Cs" for char in given):
        raise UsernameError(f"The name of a person has no control characters; got {given[:LONGEST]!r}.")
    seen = (char for char in given if char in JOINERS or char.isspace() or category(char) not in UNSEEN)
    kept = " ".join(normalize("NFC", "".join(seen)).split())
    if not kept:
        raise UsernameError(f"The account {username!r} needs the name of its person.")
    if len(kept) > LONGEST_NAME:
        allowed = f"The name of a person has 1 to {LONGEST_NAME} characters"
        shown = f"{kept[:LONGEST]}…"
        raise UsernameError(f"{allowed}; got {shown!r}, which has {len(kept):,} characters.")
    return kept


def _may_follow(before: str, char: str) -> bool:
    """Whether it may stand there, `before` being a space at the start."""
    script = _script(char)
    if script is None:
        return char in _DIGITS or (char in SIGNS and before != " ")
    return category(char)[0] == "L" or (_script(before) == script and before != char)


def _script(char: str) -> str | None:
    """The script of a letter, or of a mark that belongs to one: Unicode's names begin with it."""
    first = name(char, "").replace("-", " ").partition(" ")[0]
    if category(char)[0] not in "LM" or first in _ON_THEIR_OWN:
        return None
    return "JAPANESE" if first in _JAPANESE else first


def _called(char: str) -> str:
    """A character by its number and name, whether or not it can be seen."""
    return f"U+{ord(char):04X} {name(char, '')}".strip()


def _refused(given: str, why: str) -> UsernameError:
    shown = given if len(given) <= LONGEST else f"{given[:LONGEST]}…"
    return UsernameError(f"{ALLOWED}; got {shown!r}, which {why}.")
