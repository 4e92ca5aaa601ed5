"""The key on paper: it comes back as typed, and a slip of the hand is found in its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.access.key_sheet import SheetError
from models.access.keys import Keys

KEYS = Keys(bytes(range(0, 256, 8)))
SHEET = KEYS.recovery_sheet("Harbour Clinic")
LINES = [line for line in SHEET.splitlines() if line[2:5] in {"1) ", "2) ", "3) ", "4) "}]
DIGITS = "0123456789abcdef"
masters = st.binary(min_size=32, max_size=32).map(Keys)


def test_the_sheet_says_whose_key_it_is_what_it_is_for_and_leaves_the_date_blank() -> None:
    """Check digits computed apart, digit by digit: r = (16 r + digit) mod 97, the line's number first."""
    assert LINES == [
        "  1)  0008 1018 2028 3038   38",
        "  2)  4048 5058 6068 7078   57",
        "  3)  8088 9098 a0a8 b0b8   76",
        "  4)  c0c8 d0d8 e0e8 f0f8   95",
    ]
    assert "Harbour Clinic" in SHEET
    assert KEYS.fingerprint() in SHEET
    assert "losing the\nkey is losing the record" in SHEET
    assert "Printed on:   ____" in SHEET


@given(masters, st.text())
def test_a_sheet_gives_its_key_back_whatever_the_clinic_is_called(keys: Keys, clinic: str) -> None:
    assert Keys.from_sheet(keys.recovery_sheet(clinic)) == keys


def test_four_lines_are_enough_with_or_without_numbers_spaces_and_small_letters() -> None:
    bare = [line[6:] for line in LINES]
    for typed in (
        "\n".join(LINES),
        "\r\n".join(bare),
        "\n\n".join(bare).upper(),
        "\n".join(line.replace(" ", "") for line in bare),
        "\n".join(line.replace(" ", "-") for line in bare),
        "\n".join(reversed(LINES)),
        "\n".join(bare).replace("0", "O").replace("1", "l"),
    ):
        assert Keys.from_sheet(typed) == KEYS


@given(masters, st.integers(0, 3), st.data())
def test_one_wrong_digit_is_found_in_its_line(keys: Keys, line: int, data: st.DataObject) -> None:
    lines = _lines(keys)
    at = data.draw(st.integers(0, 17))
    right = lines[line][at]
    wrong = data.draw(st.sampled_from([one for one in (DIGITS if at < 16 else DIGITS[:10]) if one != right]))
    lines[line] = lines[line][:at] + wrong + lines[line][at + 1 :]
    _assert_wrong(lines, line + 1)


@given(masters, st.integers(0, 3), st.integers(0, 14))
def test_two_neighbours_swapped_are_found_in_their_line(keys: Keys, line: int, at: int) -> None:
    lines = _lines(keys)
    one, other = lines[line][at], lines[line][at + 1]
    if one != other:
        lines[line] = lines[line][:at] + other + one + lines[line][at + 2 :]
        _assert_wrong(lines, line + 1)


@given(masters, st.permutations(range(4)))
def test_lines_in_another_order_are_found(keys: Keys, order: list[int]) -> None:
    lines = _lines(keys)
    first_wrong = next((number for number, line in enumerate(order, 1) if line != number - 1), None)
    if first_wrong is not None:
        _assert_wrong([lines[line] for line in order], first_wrong)


@given(masters, st.integers(0, 3), st.integers(0, 17))
def test_a_digit_left_out_is_found_in_its_line(keys: Keys, line: int, at: int) -> None:
    lines = _lines(keys)
    lines[line] = lines[line][:at] + lines[line][at + 1 :]
    _assert_wrong(lines, line + 1)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_sheet_has_four_lines(count: int) -> None:
    with pytest.raises(SheetError, match=f"four lines, numbered 1 to 4; got {count}") as error:
        Keys.from_sheet("\n".join(LINES[:count]))
    assert error.value.line is None


def test_a_letter_that_is_no_digit_is_found_in_its_line() -> None:
    with pytest.raises(SheetError, match="line 3: a line is sixteen digits") as error:
        Keys.from_sheet("\n".join(LINES).replace("8088", "80x8"))
    assert error.value.line == 3


@given(masters, masters)
def test_a_sheet_bears_the_key_of_the_trail_where_it_is_another_one(keys: Keys, trail: Keys) -> None:
    sheet = keys.recovery_sheet("Harbour Clinic", trail)
    another = trail != keys
    assert Keys.from_sheet(sheet) == keys
    assert Keys.trail_from_sheet(sheet) == (trail if another else None)
    assert (f"another key, {trail.fingerprint()}," in sheet) is another
    bare = "\n".join(line[6:] for line in sheet.splitlines() if line[3:5] == ") ")
    assert len(bare.splitlines()) == (8 if another else 4)
    assert (Keys.from_sheet(bare), Keys.trail_from_sheet(bare)) == (keys, trail if another else None)


def test_the_two_keys_of_a_sheet_are_not_mistaken_for_each_other() -> None:
    trail = Keys(bytes(range(1, 256, 8)))
    lines = [line for line in KEYS.recovery_sheet("", trail).splitlines() if line[3:5] == ") "]
    with pytest.raises(SheetError, match=r"^line 1: it does not agree"):
        Keys.from_sheet("\n".join(lines[4:]))
    with pytest.raises(SheetError, match="four lines, numbered 1 to 4; got 7"):
        Keys.from_sheet("\n".join(lines[:7]))
    swapped = [f"  {number}){line[4:]}" for number, line in enumerate([*lines[4:], *lines[:4]], 1)]
    with pytest.raises(SheetError, match=r"^line 1: it does not agree"):
        Keys.trail_from_sheet("\n".join(swapped))


def _lines(keys: Keys) -> list[str]:
    sheet = keys.recovery_sheet("Harbour Clinic").splitlines()
    return [line[6:].replace(" ", "") for line in sheet if line[2:4] in {"1)", "2)", "3)", "4)"}]


def _assert_wrong(lines: list[str], number: int) -> None:
    with pytest.raises(SheetError, match=f"^line {number}: ") as error:
        Keys.from_sheet("\n".join(lines))
    assert error.value.line == number


def test_whoever_has_the_sheet_at_hand_can_type_how_a_line_begins() -> None:
    first, _, _, last = (line[6:15] for line in LINES)
    assert KEYS.begins_line(1, first)
    assert KEYS.begins_line(1, first.replace(" ", "").replace("0", "o"))
    assert KEYS.begins_line(4, f" {last.upper()} ")
    for number, typed in ((4, first), (1, first[:-1]), (1, f"{first}1"), (1, ""), (1, f"{first[:-1]}é")):
        assert not KEYS.begins_line(number, typed)
