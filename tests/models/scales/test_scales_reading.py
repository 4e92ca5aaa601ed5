"""A scale's file is read strictly: what is wrong is named with file, field, value and what is allowed."""

from importlib.resources import files

import pytest

from models.scales import ScaleFileError
from models.scales.reading import read_scale

PHQ9 = (files("models.scales") / "phq9.toml").read_text(encoding="utf-8")
QIDS = (files("models.scales") / "qids_sr16.toml").read_text(encoding="utf-8")
PCL5 = (files("models.scales") / "pcl5.toml").read_text(encoding="utf-8")
MADRS = (files("models.scales") / "madrs.toml").read_text(encoding="utf-8")


def complaint(original: str, old: str, new: str) -> str:
    """What reading says about a file with one thing changed in it."""
    assert old in original
    with pytest.raises(ScaleFileError) as caught:
        read_scale("ours.toml", original.replace(old, new, 1).encode())
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("high = 27", "high = 27\ncutoff = 10", "ours.toml: cutoff: not a key of a scale; got 10"),
        ("low = 0", "low = false", "ours.toml: low: a whole number without quotes; got false"),
        ("low = 0", "low = 0.0", "ours.toml: low: a whole number without quotes; got 0.0"),
        ("low = 0", "low = -1", "ours.toml: low: 0 or more; got -1"),
        ("high = 27", "high = 1024", "ours.toml: high: more than low and at most 1023; got 1024"),
        ("high = 27", "high = 28", "ours.toml: high: 0 to 27, as far as the items reach; got [0, 28]"),
        (
            'measures = "depression"',
            'measures = "<b>"',
            "ours.toml: measures: a letter, then letters, digits, spaces",
        ),
        (
            'id = "phq9"',
            'id = "PHQ 9"',
            "ours.toml: id: a small letter, then small letters, digits or _, 32 at most",
        ),
        (
            "recall_choices = [14]",
            "recall_choices = []",
            "ours.toml: recall_choices: a list of 1 or more; got []",
        ),
        (
            "recall_choices = [14]",
            "recall_choices = [7, 7]",
            "ours.toml: recall_choices: different numbers of days",
        ),
        ("next_review_on = 2027-11-23", "", "ours.toml: next_review_on: required"),
        ("reviewed_on = 2026-11-23", "", "ours.toml: reviewed_on: required"),
        (
            "reviewed_on = 2026-11-23",
            'reviewed_on = "last year"',
            "ours.toml: reviewed_on: a day such as 2026-11-23, without quotes",
        ),
        (
            "reviewed_on = 2026-11-23",
            "reviewed_on = 2028-01-01",
            "ours.toml: next_review_on: after reviewed_on, 2028-01-01",
        ),
        ("rights = ", "righs = ", "ours.toml: rights: required"),
        ('source = "Kroenke 2001"', "", "ours.toml: source: required"),
        ('source = "Kroenke 2001"', 'source = " "', "ours.toml: source: text in quotes, not empty"),
    ],
)
def test_a_field_that_is_unknown_missing_or_impossible_is_named(old: str, new: str, words: str) -> None:
    assert words in complaint(PHQ9, old, new)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'name = "mild", low = 5',
            'name = "mild", low = 6',
            "bands: 'mild' follows 'minimal' and begins at 5; got 6",
        ),
        (
            'name = "mild", low = 5',
            'name = "mild", low = 4',
            "bands: 'mild' follows 'minimal' and begins at 5; got 4",
        ),
        (
            'name = "minimal", low = 0',
            'name = "minimal", low = 1',
            "bands: the first band begins at 0; got 1",
        ),
        ("low = 20, high = 27", "low = 20, high = 26", "bands: the last band ends at 27; got 26"),
        ("low = 0, high = 4 }", "low = 0, high = -2 }", "bands: 'minimal' ends at 0 or above; got -2"),
    ],
)
def test_bands_cover_the_scale_without_hole_or_overlap(old: str, new: str, words: str) -> None:
    assert f"ours.toml: {words}" in complaint(PHQ9, old, new)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "remission_at_most = { value = 4,",
            "remission_at_most = { value = 40,",
            "remission_at_most: from 0 to 27; got 40",
        ),
        ("mcid = { value = 5,", "mcid = { value = 0,", "mcid: from 1 to 27; got 0"),
        (
            "mcid_percent = { value = 20,",
            "mcid_percent = { value = 120,",
            "mcid_percent: from 1 to 100; got 120",
        ),
        (
            "partial_response_percent = { value = 25,",
            "partial_response_percent = { value = 50,",
            "partial_response_percent: less than response_percent; got 50",
        ),
        (
            "mcid = { value = 5, source",
            "mcid = { value = 5, sauce",
            'mcid: a table of the form { value = …, source = "…" }; got { value = 5, sauce = ',
        ),
        (
            "mcid = { value = 5, source = ",
            "mcid = 5 # ",
            'mcid: a table of the form { value = …, source = "…" }; got 5',
        ),
        ("scoring = ", "sources = []\nscoring = ", "sources: each figure carries its own source; got []"),
    ],
)
def test_a_figure_lies_on_the_scale_and_names_its_source(old: str, new: str, words: str) -> None:
    assert f"ours.toml: {words}" in complaint(PHQ9, old, new)


def test_response_with_an_end_state_needs_a_response() -> None:
    assert "response_and_at_most: only beside response_percent; got 9" in complaint(
        PHQ9, "response_percent", "#"
    )


@pytest.mark.parametrize(
    ("original", "old", "new", "words"),
    [
        (PHQ9, "number = 3,", "number = 30,", "items: numbered 1, 2, 3 … in order"),
        (
            PHQ9,
            "number = 3, low = 0, high = 3",
            "number = 3, low = 3, high = 3",
            "items.3: low at least 0 and less",
        ),
        (PHQ9, ', text = "Poor appetite or overeating"', "", "items: a text for every item or for none"),
        (PHQ9, '{ value = 3, label = "Nearly every day" },', "", "answers: one for each value of every item"),
        (PHQ9, "most_missing = 2", "most_missing = 9", "most_missing: fewer than there are items; got 9"),
        (
            QIDS,
            'scoring = "domain_max"',
            'scoring = "domain_max"\nmost_missing = 2',
            "most_missing: 0 unless items",
        ),
        (QIDS, "items = [15, 16]", "items = [15]", "domains: every item in one domain"),
        (
            QIDS,
            'scoring = "domain_max"',
            'scoring = "sum"',
            "domains: given where scoring is domain_max, and only there",
        ),
        (
            QIDS,
            "items = [\n",
            'answers = [{ value = 0, label = "never" }]\nitems = [\n',
            "answers: only beside",
        ),
        (
            PCL5,
            "items = [6, 7]",
            "items = [6, 70]",
            "subscores: numbers of items, for 'C avoidance'; got [6, 70]",
        ),
        (
            PCL5,
            "items = [6, 7], symptoms_at_least = 1",
            "items = [6, 7]",
            "subscores: symptoms_at_least for each",
        ),
        (
            MADRS,
            'scoring = "total_only"',
            'scoring = "sum"',
            "items: none where scoring is total_only, else all of them",
        ),
        (PHQ9, "[suicide_item]\nnumber = 9", "[suicide_item]\nnumber = 19", "suicide_item: one of the items"),
        (
            PHQ9,
            "frequent = 2",
            "frequent = 1",
            "suicide_item: levels rising, above 0 and up to 3; got [1, 1, 3]",
        ),
        (
            MADRS,
            "nearly_every_day = 3",
            "nearly_every_day = 7",
            "suicide_item: levels rising, above 0 and up to 6",
        ),
    ],
)
def test_items_domains_and_the_suicide_item_fit_together(
    original: str, old: str, new: str, words: str
) -> None:
    assert f"ours.toml: {words}" in complaint(original, old, new)


def test_everything_wrong_in_a_file_is_said_at_once() -> None:
    words = complaint(PHQ9, "mcid = { value = 5,", 'extra = 1\nversion2 = "x"\nmcid = { value = 5,')
    assert words.splitlines() == [
        "ours.toml: extra: not a key of a scale; got 1",
        "ours.toml: version2: not a key of a scale; got 'x'",
    ]


@pytest.mark.parametrize(
    "content", [b"id = ", b"\xff\xfe\x00", b'name = "a\x00"', b"a = " + b"1" * 5000, b"[" * 5000]
)
def test_a_file_that_is_not_toml_is_refused_as_such(content: bytes) -> None:
    with pytest.raises(ScaleFileError, match=r"ours\.toml: file: TOML in UTF-8"):
        read_scale("ours.toml", content)


def test_a_yes_or_no_suicide_item_needs_one_level_only() -> None:
    yes_or_no = MADRS.replace("high = 6\nideation", "high = 1\nideation").replace(
        "frequent = 2\nnearly_every_day = 3\n", ""
    )
    scale = read_scale("ours.toml", yes_or_no.encode())
    assert scale.suicide_item is not None
    assert scale.suicide_item.frequent is None
