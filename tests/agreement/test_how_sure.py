"""How sure, how long: four intervals, three beliefs, courses needed and looks, at every door."""

import re

import pytest
from scipy.stats import beta, binomtest

from tests.support.doors import Clinic
from tests.support.written import FEW

METHODS = ["wilson", "clopper_pearson", "jeffreys", "always_valid"]
PRIORS = [("uniform", 1, 1), ("Jeffreys", 0.5, 0.5), ("sceptical", 9, 11)]


def test_all_four_intervals(clinic: Clinic) -> None:
    told, rows = clinic.claim["certainty"]["intervals"], clinic.exported("interval")
    assert list(told) == METHODS == list(rows)
    for method, limits in told.items():
        assert {end: rows[method][end] for end in ("low", "high")} == limits
    assert told["wilson"] == {end: clinic.answer[end] for end in ("low", "high")}
    assert clinic.pages.column("Interval", "95 %") == [clinic.pen.span(each) for each in told.values()]


def test_the_always_valid_interval_is_the_widest_and_says_how_often_was_looked(clinic: Clinic) -> None:
    told = clinic.claim["certainty"]["intervals"]
    for method in METHODS:
        assert told["always_valid"]["low"] <= told[method]["low"]
        assert told[method]["high"] <= told["always_valid"]["high"]
    looks = clinic.claim["looks"]
    assert looks == 1
    assert clinic.exported("looks")["with new counts"]["numerator"] == looks
    assert clinic.pages.column("Interval", "Meaning")[-1].endswith("so far once")
    assert "looked at **once**" in clinic.pages.words


def test_what_to_believe_from_three_beginnings(clinic: Clinic) -> None:
    told = clinic.claim["certainty"]["posteriors"]
    assert [(each["prior"]["name"], each["prior"]["a"], each["prior"]["b"]) for each in told] == PRIORS
    believed, chances = (
        clinic.exported("rate believed from"),
        clinic.exported("chance of the claim or more from"),
    )
    page = clinic.pages.table("Beginning from")
    x, n, claimed = clinic.answer["numerator"], clinic.answer["denominator"], clinic.answer["claim"]["rate"]
    for each, (name, a, b), row in zip(told, PRIORS, page.itertuples(index=False), strict=True):
        line = believed[name]
        assert (line["ratio"], line["low"], line["high"]) == (each["mean"], each["low"], each["high"])
        assert chances[name]["ratio"] == each["claim_or_more"]
        assert each["claim_or_more"] == pytest.approx(float(beta.sf(claimed, a + x, b + n - x)), rel=1e-12)
        assert f"({name}, Beta {a:g}, {b:g})" in row[0]
        assert row[1:3] == (clinic.pen.percent(each["mean"]), clinic.pen.span(each))
        assert chance_of(row[3]) == pytest.approx(each["claim_or_more"], abs=0.01)


def chance_of(words: str) -> float:
    """`under 1 %`, `47 %, a coin flip` as a probability."""
    number = int(re.findall(r"\d+", words)[0]) / 100
    if words.startswith("under"):
        return number / 2
    return (1 + number) / 2 if words.startswith("over") else number


def test_a_p_value_is_on_no_page_and_the_command_line_has_those_of_the_exact_test(clinic: Clinic) -> None:
    exact, rate = clinic.claim["certainty"]["exact_test"], clinic.answer
    tested = binomtest(rate["numerator"], rate["denominator"], rate["claim"]["rate"])
    assert exact["two_sided"] == pytest.approx(tested.pvalue, rel=1e-12)
    words = clinic.pages.words.replace("no p value is shown", "")
    assert not re.search(r"\bp[ -]values?\b|Fisher|\bp [<=]", words)


def test_how_many_courses_it_takes(clinic: Clinic) -> None:
    needed, rows = clinic.claim["certainty"]["courses_needed"], clinic.exported("courses needed")
    assert rows["80 % power"]["numerator"] == needed
    apart = clinic.claim["certainty"]["courses_to_tell_apart"]
    assert rows["interval leaves the claim out"]["numerator"] == apart
    if clinic.answer["denominator"] < FEW:
        assert needed is None
        assert "is no ground to plan on" in clinic.pages.words
    else:
        assert f"{needed:,} courses" in clinic.pages.words
