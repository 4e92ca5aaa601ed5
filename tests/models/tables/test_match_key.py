"""Numbers and names are matched however they are written, and the index finds what the rule finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.tables.facts import PatientFacts, match_key
from tests.support.builders import SETTING


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ab-\uff11\uff12", "AB-12"),
        (" AB\u200b-12\u00a0", "ab-12"),
        ("A  B\t1", "a b 1"),
        ("Stra\u00dfe", "STRASSE"),
        ("Zoe\u0308", "ZO\u00cb"),
        ("\u202e12", "12"),
        ("\u2460", "1"),
    ],
)
def test_written_otherwise_it_is_the_same(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("00123", "123"), ("12E3", "12000"), ("AB-12", "AB 12"), ("1", "l")]
)
def test_what_is_another_number_stays_another(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=20))
def test_of_what_is_recorded_in_ascii_it_is_the_lower_case(written: str) -> None:
    """What the index over `lower(mrn)` relies on."""
    if written.strip():
        recorded = PatientFacts.check({"mrn": written}, SETTING).mrn
        assert match_key(recorded) == recorded.lower()
        assert match_key(written) == match_key(recorded)
