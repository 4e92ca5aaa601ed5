"""The key on paper: four lines of sixteen hex digits, each with two check digits of its own.

Four more bear the key of the audit trail, where that is another one because the clinic's was changed.

The check is ISO 7064's MOD 97, as on a bank account: it finds every single wrong digit, every two neighbours
swapped, and, because a line's number is part of it, every two lines swapped.
"""

import hmac
import re

_DIGITS_A_LINE = 16
_LINES = 4
"""As many as 32 bytes take."""
_CHECK_MODULUS = 97
_LOOKALIKES = str.maketrans("oOiIlL", "001111")
_LABEL = re.compile(r"\s*([1-8])[).:]")
_LINE = re.compile(r"([0-9a-f]{16})([0-9]{2})", re.ASCII)
_ALMOST_A_LINE = re.compile(r"[0-9a-f]{10,}", re.ASCII)

_SHEET = """\
SEVENTY - RECOVERY SHEET

Clinic:       {clinic}
Key:          {fingerprint}  (its fingerprint; Seventy shows the same one)
Printed on:   ____________________   by: ____________________

This is the key to the clinic's record and to its backups. Without it nobody can read them again: losing the
key is losing the record. Whoever has it and a copy of the record can read everything: keep this sheet locked
away, apart from the computer and from the backups.

{lines}

Each line is sixteen digits, 0 to 9 and a to f, and two check digits, 0 to 9. Type all the lines to bring the
key back; capitals and spaces do not matter.
"""
_TRAIL = """

The audit trail was begun with another key, {fingerprint}, and is proved by that one:

"""


class SheetError(ValueError):
    """A typed sheet is not a key: which line is wrong (`line`, 1 to 4, or `None`), and what is allowed."""

    def __init__(self, words: str, line: int | None = None) -> None:
        self.line = line
        super().__init__(words)


def written(key: bytes, *, clinic: str, fingerprint: str, trail: tuple[bytes, str] | None = None) -> str:
    """The sheet of a key of 32 bytes, as text of a page's width.

    `trail` is the key of the audit trail and its fingerprint, where it is another one.
    """
    lines = _lines(key, 1)
    if trail is not None:
        lines += _TRAIL.format(fingerprint=trail[1]) + _lines(trail[0], _LINES + 1)
    return _SHEET.format(clinic=" ".join(clinic.split()), fingerprint=fingerprint, lines=lines)


def read(text: str) -> list[bytes]:
    """The key of 32 bytes on a sheet, and the audit trail's if it is there: their lines, four for each.

    They are taken with or without numbers and the words around them.

    Capitals, spaces and dashes do not matter; o is read as 0, and i and l as 1. Raises `SheetError`.
    """
    typed = _typed_lines(text)
    if len(typed) not in {_LINES, 2 * _LINES}:
        raise SheetError(
            "a sheet has eight lines if it bears the audit trail's key, else four lines, numbered 1 to 4; "
            f"got {len(typed)}"
        )
    digits = [_digits(number, line) for number, line in enumerate(typed, 1)]
    return [bytes.fromhex("".join(digits[at : at + _LINES])) for at in range(0, len(digits), _LINES)]


def begins_line(key: bytes, number: int, typed: str) -> bool:
    """Whether the first eight digits of a line (1 to 4) were typed, as loosely as `read` takes them."""
    first = (number - 1) * _DIGITS_A_LINE
    return hmac.compare_digest(_bare(typed).encode(), key.hex()[first : first + 8].encode())


def _bare(text: str) -> str:
    return re.sub(r"[\s–-]", "", text).translate(_LOOKALIKES).lower()


def _typed_lines(text: str) -> list[str]:
    """What looks like a line of the key, in the order of its numbers: without spaces, dashes and capitals."""
    labelled, bare = {}, []
    for line in text.splitlines():
        label = _LABEL.match(line)
        rest = line[label.end() :] if label else line
        characters = _bare(rest)
        if label:
            labelled[int(label[1])] = characters
        elif _ALMOST_A_LINE.fullmatch(characters):
            bare.append(characters)
    return [labelled[number] for number in sorted(labelled)] or bare


def _digits(number: int, line: str) -> str:
    found = _LINE.fullmatch(line)
    if found is None:
        raise SheetError(
            f"line {number}: a line is sixteen digits, 0 to 9 and a to f, and two check digits; "
            f"got {len(line)} characters",
            number,
        )
    digits, check = found.groups()
    if check != _check(number, digits):
        raise SheetError(
            f"line {number}: it does not agree with its check digits {check}; one of its characters is wrong",
            number,
        )
    return digits


def _lines(key: bytes, first: int) -> str:
    digits = key.hex()
    parts = [digits[start : start + _DIGITS_A_LINE] for start in range(0, len(digits), _DIGITS_A_LINE)]
    return "\n".join(_line(number, part) for number, part in enumerate(parts, first))


def _line(number: int, digits: str) -> str:
    groups = " ".join(digits[start : start + 4] for start in range(0, _DIGITS_A_LINE, 4))
    return f"  {number})  {groups}   {_check(number, digits)}"


def _check(number: int, digits: str) -> str:
    return f"{int(f'{number}{digits}', 16) % _CHECK_MODULUS:02d}"
