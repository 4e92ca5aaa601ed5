"""Numbers in files: one reading or none (safety specification §5, rows 12, 13, 15-17 and 40)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.exchange.columns.numbers import NumberError, read_decimal, read_whole


@pytest.mark.parametrize(
    ("text", "number"), [("5", 5), ("05", 5), ("5.0", 5), ("5.00", 5), ("0", 0), ("-1", -1)]
)
def test_a_whole_number_is_read_with_or_without_a_zero_decimal(text: str, number: int) -> None:
    assert read_whole(text, None) == number


@pytest.mark.parametrize(
    "text",
    [
        "٥",
        "５",
        "1_0",
        "nan",
        "inf",
        "1e4",
        "1e400",
        "-0",
        "-00",
        "-0.0",
        "-00.00",
        "+5",
        "2.5",
        "5.000",
        "0x5",
        "",
        "5 0",
        "--5",
        "²",
    ],
)
def test_what_only_looks_like_a_whole_number_is_none(text: str) -> None:
    with pytest.raises(NumberError):
        read_whole(text, None)


@pytest.mark.parametrize(
    "text", ["nan", "inf", "-inf", "1e400", "-0", "-0.0", "٥", "1_0", "1 000", "", ".5", "5."]
)
def test_what_only_looks_like_a_decimal_number_is_none(text: str) -> None:
    with pytest.raises(NumberError):
        read_decimal(text, None)


def test_a_decimal_comma_is_refused_until_it_is_declared() -> None:
    with pytest.raises(NumberError, match="has a comma"):
        read_decimal("0,5", None)
    with pytest.raises(NumberError, match="has a comma"):
        read_decimal("0,5", ".")
    assert read_decimal("0,5", ",") == Decimal("0.5")
    assert read_whole("5,0", ",") == 5


def test_a_point_is_refused_where_the_comma_is_declared() -> None:
    with pytest.raises(NumberError, match="has a point"):
        read_decimal("1.000,5", ",")


def test_what_may_be_thousands_is_refused_until_the_point_is_declared() -> None:
    with pytest.raises(NumberError, match="could be thousands"):
        read_decimal("1.000", None)
    assert read_decimal("1.000", ".") == 1
    assert read_decimal("1.0000", None) == 1
    assert read_decimal("1000", None) == 1000


@given(st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False))
def test_a_number_means_the_same_with_either_declared_sign(number: Decimal) -> None:
    assert read_decimal(f"{number:f}", ".") == number
    assert read_decimal(f"{number:f}".replace(".", ","), ",") == number


@given(st.text(max_size=12))
def test_no_text_is_read_as_a_number_that_it_does_not_spell(text: str) -> None:
    try:
        number = read_whole(text, None)
    except NumberError:
        return
    assert text.lstrip("-").lstrip("0").partition(".")[0] == str(abs(number)).lstrip("0")
