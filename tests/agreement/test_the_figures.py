"""What is drawn is what is said: every dot of a figure stands at the number of the command line."""

from collections.abc import Iterable
from typing import Any

import pytest

from dashboard.charts.claim.forest import MOST as FOREST
from dashboard.charts.claim.quarters import MOST as QUARTERS
from tests.support.doors import Clinic, plain


def places(rates: Iterable[dict[str, Any]]) -> Any:
    """Where the dots of those rates stand that anybody is counted in, in per cent."""
    return pytest.approx([100 * rate["ratio"] for rate in rates if rate["ratio"] is not None], rel=1e-14)


def test_the_question_is_read_aloud_with_its_rate(clinic: Clinic) -> None:
    figures, question = clinic.pages.figures, plain(clinic.answer["sentence"])
    assert figures["hero"].said == f"{clinic.pen.full(clinic.answer)}. {question}"
    assert all(each.said.endswith(question) for each in figures.values())


def test_benefit_and_harm_stand_at_their_rates(clinic: Clinic) -> None:
    rows = clinic.exported("benefit and harm")
    shown = [rate for label, rate in rows.items() if not label.endswith(", at worst")]
    assert clinic.pages.figures["benefit-and-harm"].x == places(shown)


def test_the_steps_stand_at_their_rates(clinic: Clinic) -> None:
    assert clinic.pages.figures["stairs"].x == places(clinic.claim["staircase"])


def test_the_quarters_stand_at_their_rates(clinic: Clinic) -> None:
    assert clinic.pages.figures["quarters"].y == places(clinic.claim["quarters"][-QUARTERS:])


def test_the_unseen_stand_at_what_is_assumed_of_them(clinic: Clinic) -> None:
    missing = clinic.claim["missing"]
    counted = [
        missing[way] for way in ("non_responder", "last_carried", "observed", "completers", "best_case")
    ]
    filled = [missing["imputed"]] if missing["imputed"] else []
    assert clinic.pages.figures["unseen"].x == places([*counted, *filled, missing["odds_ratio"]["0.5"]])


def test_published_rates_stand_below_the_clinics_own_with_their_comparison_arms(clinic: Clinic) -> None:
    told = {each["id"]: each for each in clinic.claim["published"]}
    shown = [told[name] for name in list(clinic.exported("published"))[:FOREST]]
    drawn = [rate for each in shown for rate in (*each["arms"], each)]
    assert clinic.pages.figures["published"].x == places([clinic.answer, *drawn])


def test_the_curve_has_a_dot_for_each_way_from_the_lowest_to_the_highest(clinic: Clinic) -> None:
    dots = clinic.pages.figures["curve"]
    by_place = [height for _, height in sorted(zip(dots.x, dots.y, strict=True))]
    ways = clinic.pages.lines("seventy-every-way")
    assert by_place == places({"ratio": float(way["ratio"])} for way in ways)
    assert by_place == sorted(by_place)
    reaching = sum(height >= 100 * clinic.answer["claim"]["rate"] for height in by_place)
    assert reaching == clinic.claim["ways"]["reaching"]
