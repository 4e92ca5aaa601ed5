"""What the missing could do: strategies, bounds, tipping point, odds and imputation, at every door."""

from fractions import Fraction
from math import ceil

import pytest

from dashboard.components.claim.unseen_card import HALF
from models.outcomes.question.words import MISSING_LABELS
from tests.support.doors import Clinic, rate_in

WAYS = [str(way) for way in MISSING_LABELS]
ON_THE_PAGE = {
    "non_responder": "None of the unseen did",
    "last_carried": "By the last score they gave",
    "observed": "The unseen did as the seen",
    "completers": "Only those who finished",
    "best_case": "All of the unseen did",
}


@pytest.mark.parametrize("way", WAYS)
def test_every_meaning_of_a_missing_score_gives_one_rate(clinic: Clinic, way: str) -> None:
    told = clinic.claim["missing"][way]
    assert told == rate_in(clinic.asked(missing=way))
    assert told == clinic.exported("a missing score counts as")[way]
    rows = dict(clinic.pages.table("A missing score counts as").itertuples(index=False))
    label = next(label for each, label in MISSING_LABELS.items() if each == way)
    assert rows[label] == clinic.pen.full(told)


def test_the_chart_of_the_unseen_says_the_same(clinic: Clinic) -> None:
    rows = dict(clinic.pages.table("The unseen").itertuples(index=False))
    for way, label in ON_THE_PAGE.items():
        assert rows[label] == clinic.pen.full(clinic.claim["missing"][way])


def test_the_hard_bounds_are_the_unseen_all_one_way_or_all_the_other(clinic: Clinic) -> None:
    missing, answer = clinic.claim["missing"], clinic.answer
    unseen = answer["counts"]["missing"]
    assert missing["best_case"]["numerator"] == missing["worst_case"]["numerator"] + unseen
    limits = missing["identified"]
    assert limits == {"low": missing["worst_case"]["low"], "high": missing["best_case"]["high"]}
    rows = dict(clinic.pages.table("The unseen").itertuples(index=False))
    assert rows["Whatever they did, and by chance"] == clinic.pen.span(limits)
    exported = clinic.exported("what the missing could do")["whatever they did, and by chance"]
    assert {end: exported[end] for end in ("low", "high")} == limits


def test_the_tipping_point_is_one_number_and_as_many_people(clinic: Clinic) -> None:
    missing, unseen = clinic.claim["missing"], clinic.answer["counts"]["missing"]
    exported = clinic.exported("what the missing could do")["needed of them for the claim"]
    assert exported["ratio"] == missing["tipping_point"]
    assert (exported["numerator"], exported["denominator"]) == (missing["needed_of_missing"], unseen)
    seen, rows = missing["observed"], dict(clinic.pages.table("The unseen").itertuples(index=False))
    claimed = Fraction(str(clinic.answer["claim"]["rate"]))
    lacking = claimed * (seen["denominator"] + unseen) - seen["numerator"]
    assert missing["needed_of_missing"] == max(0, ceil(lacking))
    row = f"Needed of them for {clinic.pen.number(float(claimed)).normalize():f} %"
    if not unseen:
        assert missing["tipping_point"] is None
        assert row not in rows
        return
    share = lacking / unseen
    assert missing["tipping_point"] == float(share)
    assert f"({missing['needed_of_missing']} of {unseen}" in rows[row]
    written = f"{ceil(100 * share)} %" if share > 1 else clinic.pen.percent(float(share))
    assert rows[row].startswith(f"{written} ")


def test_the_slider_stands_at_half_the_odds_and_says_what_they_give(clinic: Clinic) -> None:
    assert clinic.pages.odds == HALF
    odds = clinic.claim["missing"]["odds_ratio"]
    label = f"The unseen at {HALF:.2f} of the odds"
    told = odds[f"{HALF:g}"]
    assert clinic.exported("what the missing could do")[label]["ratio"] == told["ratio"]
    rows = dict(clinic.pages.table("The unseen").itertuples(index=False))
    assert rows[label] == f"{clinic.pen.percent(told['ratio'])} (estimated)"
    seen, unseen = clinic.claim["missing"]["observed"], clinic.answer["counts"]["missing"]
    x, m = seen["numerator"], seen["denominator"]
    for text, supposed in odds.items():
        better = Fraction(text) * Fraction(x, m - x)
        of_missing = better / (1 + better)
        assert supposed["of_missing"] == pytest.approx(float(of_missing), rel=1e-14)
        assert supposed["ratio"] == pytest.approx(float((x + of_missing * unseen) / (m + unseen)), rel=1e-14)


def test_the_imputed_rate_is_the_same_number_wherever_it_is_given(clinic: Clinic) -> None:
    filled, label = clinic.claim["missing"]["imputed"], "Filled in from people like them"
    rows = dict(clinic.pages.table("The unseen").itertuples(index=False))
    exported = clinic.exported("what the missing could do")
    if filled is None:
        assert not clinic.answer["counts"]["missing"] or clinic.answer["counts"]["observed"] < 20
        assert label not in rows
        assert label not in exported
        return
    assert exported[label] == {
        "numerator": None,
        "denominator": None,
        **{name: filled[name] for name in ("ratio", "low", "high")},
    }
    told = f"{clinic.pen.percent(filled['ratio'])} (estimated; 95 % CI {clinic.pen.span(filled)})"
    assert rows[label] == told
    limits = clinic.claim["missing"]
    assert limits["worst_case"]["ratio"] <= filled["ratio"] <= limits["best_case"]["ratio"]
