"""A file of published rates that cannot be used says in which entry, which field, and what is allowed."""

import pytest

from models.benchmarks import BenchmarkFileError, read_benchmarks

GOOD = """
next_review_on = 2027-11-27
[[studies]]
citation = "Nobody 2020"
setting = "invented"
design = "open-label"
n_started = 30
n_analysed = 20
drug = "ketamine"
route = "iv"
condition = "depression"
denominator = "observed only"
scale = "phq9"
provenance = "S"
source = "invented"
[[studies.rates]]
id = "nobody"
outcome = "response"
percent = 50.0
x = 10
window_words = "week 6"
"""


def read(old: str = "", new: str = "") -> str:
    assert old in GOOD
    with pytest.raises(BenchmarkFileError) as refused:
        read_benchmarks("rates.toml", GOOD.replace(old, new, 1).encode())
    return str(refused.value)


def test_a_good_file_is_read() -> None:
    (benchmark,) = read_benchmarks("rates.toml", GOOD.encode())
    assert (benchmark.id, benchmark.ratio, benchmark.window) == ("nobody", 0.5, None)


@pytest.mark.parametrize(
    ("old", "new", "field", "value", "allowed"),
    [
        ('provenance = "S"', 'provenance = "K"', "provenance", "'K'", "'S'"),
        ('outcome = "response"', 'outcome = "cure"', "outcome", "'cure'", "'remission'"),
        ('route = "iv"', 'route = "vein"', "route", "'vein'", "'iv'"),
        ('condition = "depression"', 'condition = "grief"', "condition", "'grief'", "'ptsd'"),
        ('scale = "phq9"', 'scale = "phq99"', "scale", "'phq99'", "phq9"),
        ('"observed only"', '"some"', "denominator", "'some'", "'everyone started'"),
        ('window_words = "week 6"', 'window_words = "w"\nwindow = "w9"', "window", "'w9'", "'w6'"),
        ("percent = 50.0", "percent = 150.0", "percent", "150.0", "100"),
        ("percent = 50.0", "percent = nan", "percent", "nan", "finite"),
        ("percent = 50.0", "percent = 50.0\nlow = 60.0\nhigh = 70.0", "percent", "50.0", "from 60.0 to 70.0"),
        ("percent = 50.0", "percent = 50.0\nlow = 40.0", "low", "40.0", "both low and high"),
        ("x = 10", "x = 15", "x", "15", "50.0 % of n_analysed, 20"),
        ("n_analysed = 20", "n_analysed = 40", "n_analysed", "40", "at most n_started, 30"),
        ("n_analysed = 20", "n_analysed = 0", "n_analysed", "0", "greater than 0"),
        ("x = 10", "x = 10\ncolour = 1", "colour", "1", "not a key of a benchmark"),
        ("percent = 50.0", "", "percent", "None", "required"),
        ("next_review_on = 2027-11-27", "", "next_review_on", "None", "required"),
    ],
)
def test_a_bad_field_is_named_with_its_value(
    old: str, new: str, field: str, value: str, allowed: str
) -> None:
    message = read(old, new)
    lines = [line for line in message.splitlines() if line.startswith(f"rates.toml: nobody: {field}: ")]
    assert any(allowed in line and f"got {value}" in line for line in lines), message


def test_two_entries_cannot_share_an_id() -> None:
    assert "an id no other entry has" in read(
        "[[studies.rates]]",
        '[[studies.rates]]\nid = "nobody"\noutcome = "remission"\npercent = 1.0\nwindow_words = "day 1"\n'
        "[[studies.rates]]",
    )


def test_a_key_the_file_does_not_know_is_refused() -> None:
    assert "rates.toml: file: title: not a key of the file; got 1" in read(
        "[[studies]]", "title = 1\n[[studies]]"
    )


def test_a_study_without_rates_is_refused() -> None:
    assert "Nobody 2020: rates: a list of rates" in read("[[studies.rates]]", "[studies.other]")


@pytest.mark.parametrize("content", [b"\xff", b"= 1", b"studies = 3", b""])
def test_what_holds_no_studies_is_refused(content: bytes) -> None:
    with pytest.raises(BenchmarkFileError, match=r"^rates\.toml: file: "):
        read_benchmarks("rates.toml", content)
