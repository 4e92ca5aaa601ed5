"""Numbers as people write them, read strictly: ASCII digits, one decimal sign, never two possible numbers."""

import re
from decimal import Decimal

WRITTEN = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?", re.ASCII)
WHOLE = re.compile(r"(-?[0-9]{1,12})(\.0{1,2})?", re.ASCII)
MAYBE_THOUSANDS = re.compile(r"-?[0-9]{1,3}\.[0-9]{3}", re.ASCII)


class NumberError(ValueError):
    """A cell that is not one number and one only; its words say how to write it."""


def read_whole(text: str, decimal_sign: str | None) -> int:
    """A whole number; `5.0` is 5, and `٥`, `1_0`, `1e3`, `nan` and `-0` are refused with `NumberError`."""
    written = WHOLE.fullmatch(_with_point(text, decimal_sign))
    if written is None:
        raise NumberError("must be a whole number in plain digits")
    number = int(written[1])
    if number == 0 and text.startswith("-"):
        raise NumberError("must be 0, without a sign")
    return number


def read_decimal(text: str, decimal_sign: str | None) -> Decimal:
    """A decimal number; `NumberError` for anything else.

    `1.125` may be a thousand to its writer and is refused until the sign is declared.
    """
    plain = _with_point(text, decimal_sign)
    if WRITTEN.fullmatch(plain) is None:
        raise NumberError("must be a number in plain digits, such as 40 or 37.5")
    if decimal_sign is None and MAYBE_THOUSANDS.fullmatch(plain):
        raise NumberError(
            'could be thousands; write more or fewer decimals, or declare decimal = "." in a mapping file'
        )
    number = Decimal(plain)
    if number.is_signed() and not number:
        raise NumberError("must be 0, without a sign")
    return number


def _with_point(text: str, decimal_sign: str | None) -> str:
    """The text with a decimal point, if its sign is the declared one; a comma nobody declared is refused."""
    if decimal_sign == "," and "." in text:
        raise NumberError("has a point, where a decimal comma is declared")
    if decimal_sign != "," and "," in text:
        raise NumberError('has a comma; write a decimal point, or declare decimal = "," in a mapping file')
    return text.replace(",", ".")
