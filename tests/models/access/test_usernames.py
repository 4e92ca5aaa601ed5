"""A user name is what can be typed and read aloud; what nobody sees or tells apart is refused."""

from unicodedata import category, is_normalized

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.access.usernames import LONGEST, LONGEST_NAME, SIGNS, UsernameError, new_username, persons_name

FINE = [
    *("ada", "Ada.Able", "ada_able-2", "5", "o'brien@example.org", "ada+night@clinic.example", "x" * LONGEST),
    *("Zoë", "İbrahim", "Łukasz", "Иван", "Ελένη", "佐々木", "サブロー", "陳大文", "김철수", "राम", "กี้"),
    *("محمد", "מיכאל-2"),
]


@pytest.mark.parametrize("username", FINE)
def test_what_can_be_typed_is_kept_as_it_is(username: str) -> None:
    assert new_username(username) == username


@pytest.mark.parametrize(
    ("given", "kept"), [("Zoe\N{COMBINING DIAERESIS}", "Zoë"), ("ａｄａ", "ada"), ("ﾊﾟｸ", "パク")]
)
def test_one_way_to_write_a_letter_is_kept(given: str, kept: str) -> None:
    assert new_username(given) == kept


@pytest.mark.parametrize(
    ("username", "why"),
    [
        ("", "got '', which has 0 characters"),
        ("x" * (LONGEST + 1), "has 65 characters"),
        ("x" * 5_000, f"got '{'x' * LONGEST}…', which has 5,000 characters"),
        ("two words", "got 'two words', which has U+0020 SPACE"),
        (" ada", "U+0020 SPACE"),
        ("ada ", "U+0020 SPACE"),
        ("ada\N{NO-BREAK SPACE}", "U+00A0 NO-BREAK SPACE"),
        ("ada\t", r"got 'ada\t', which has U+0009"),
        ("ada\n", r"got 'ada\n', which has U+000A"),
        ("a\x00da", r"'a\x00da', which has U+0000"),
        ("ad\N{ZERO WIDTH SPACE}a", r"got 'ad\u200ba', which has U+200B ZERO WIDTH SPACE"),
        ("ad\N{ZERO WIDTH JOINER}a", "U+200D ZERO WIDTH JOINER"),
        ("ad\N{WORD JOINER}a", "U+2060 WORD JOINER"),
        ("ad\N{SOFT HYPHEN}a", "U+00AD SOFT HYPHEN"),
        ("\N{ZERO WIDTH NO-BREAK SPACE}ada", "U+FEFF"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}ada", r"got '\u202eada', which has U+202E"),
        ("ada\N{VARIATION SELECTOR-16}", "VARIATION SELECTOR-16"),
        ("a\N{COMBINING GRAPHEME JOINER}da", "COMBINING GRAPHEME JOINER"),
        ("ada\N{HANGUL FILLER}", "HANGUL FILLER"),
        ("ada\N{BRAILLE PATTERN BLANK}", "BRAILLE PATTERN BLANK"),
        ("\udcff", r"got '\udcff', which has U+DCFF"),
        ("i\N{COMBINING DOT ABOVE}da", "COMBINING DOT ABOVE"),
        ("a\N{COMBINING LONG STROKE OVERLAY}da", "COMBINING LONG STROKE OVERLAY"),
        ("ก้้", "THAI CHARACTER MAI THO"),
        ("aก้้", "THAI CHARACTER MAI THO"),
        ("1้", "THAI CHARACTER MAI THO"),
        ("o\N{MODIFIER LETTER APOSTROPHE}brien", "MODIFIER LETTER APOSTROPHE"),
        ("o\N{RIGHT SINGLE QUOTATION MARK}brien", "RIGHT SINGLE QUOTATION MARK"),
        ("\N{MATHEMATICAL BOLD SMALL A}da", "MATHEMATICAL BOLD SMALL A"),
        ("مح\N{ARABIC TATWEEL}مد", "ARABIC TATWEEL"),
        ("م١", "ARABIC-INDIC DIGIT ONE"),
        ("<b>ada</b>", "U+003C LESS-THAN SIGN"),
        ("ada/bo", "U+002F SOLIDUS"),
        ("ada🐎", "U+1F40E HORSE"),
        (".ada", "U+002E FULL STOP"),
        ("--as", "U+002D HYPHEN-MINUS"),
        (
            "\N{CYRILLIC SMALL LETTER A}da",
            "mixes U+0064 LATIN SMALL LETTER D and U+0430 CYRILLIC SMALL LETTER A",
        ),
        ("ad\N{GREEK SMALL LETTER ALPHA}", "GREEK SMALL LETTER ALPHA"),
        ("מיכאל@ada", "cannot be read in one direction"),
        ("2מיכאל", "cannot be read in one direction"),
    ],
)
def test_what_nobody_types_sees_or_tells_apart_is_refused(username: str, why: str) -> None:
    with pytest.raises(UsernameError) as refused:
        new_username(username)
    words = str(refused.value)
    assert words.startswith(
        "A user name has 1 to 64 characters: letters of one script, the digits 0 to 9 and . - _"
    )
    assert why in words


@given(st.text(max_size=8) | st.text("aZé1.@' -аα", max_size=LONGEST))
def test_whatever_is_kept_is_composed_seen_and_kept_again(username: str) -> None:
    try:
        kept = new_username(username)
    except UsernameError:
        return
    assert is_normalized("NFC", kept)
    assert kept.isprintable()
    assert all(each in SIGNS or category(each)[0] in "LMN" for each in kept)
    assert new_username(kept) == kept


def test_a_person_may_be_called_anything_that_is_not_too_long() -> None:
    longest = "Ł" * LONGEST_NAME
    assert persons_name("bo", f"  {longest} ") == longest
    with pytest.raises(UsernameError, match="has 1 to 200 characters; got "):
        persons_name("bo", f"{longest}x")
    with pytest.raises(UsernameError, match="'bo' needs the name of its person"):
        persons_name("bo", "  ")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Ada\n\x1b[31m\tAble", "Ada [31m Able"),
        ("Ada \u202eelbA", "Ada elbA"),
        ("Zoe\u0308\u2028\u00a0 Able\u200b", "Zo\u00eb Able"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
    ],
)
def test_a_persons_name_is_one_line_without_what_nobody_sees(given: str, kept: str) -> None:
    assert persons_name("bo", given) == kept


@pytest.mark.parametrize("given", ["Ada\0Able", "Ada\ud800"])
def test_what_is_no_text_is_no_persons_name(given: str) -> None:
    """PostgreSQL stores neither, and said so by an error that named no field."""
    with pytest.raises(UsernameError, match="no control characters; got "):
        persons_name("bo", given)


@pytest.mark.parametrize("given", ["\u202e \n", "\u200b"])
def test_a_name_of_nothing_that_is_seen_is_none(given: str) -> None:
    with pytest.raises(UsernameError, match="needs the name of its person"):
        persons_name("bo", given)
