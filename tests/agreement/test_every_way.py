"""Why the number changes: the steps, every way to count, and published rates, at every door."""

from fractions import Fraction
from itertools import product

import pytest

from tests.support.doors import Clinic, numbers_of, rate_in
from tests.support.written import of

STEPS = {
    "flattering": (12, 14),
    "gate": (10, 12),
    "everyone": (10, 18),
    "window": (4, 18),
    "remission": (3, 18),
}
"""§3.6; on calendar days one patient more is seen at the end of induction, so that step is not among them."""

WILSON = {"gate": (0.551969, 0.953035), "everyone": (0.337164, 0.754405), "window": (0.090009, 0.452146)}
"""§3.6, rounded to six digits."""


def test_every_step_is_a_question_of_the_grid(clinic: Clinic) -> None:
    told = clinic.claim["staircase"]
    rows = clinic.exported("why the number changes")
    assert {each["step"]: rate_in(each) for each in told} == rows
    assert all(rate_in(clinic.asked(**each["question"])) == rate_in(each) for each in told)
    assert clinic.pages.column("Counting", "Rate") == [clinic.pen.full(each) for each in told]
    own = next(each for each in told if each["question"] == clinic.answer["question"])
    assert rate_in(own) == rate_in(clinic.answer)


@pytest.mark.parametrize("clinic", ["golden"], indirect=True)
def test_the_golden_cohort_climbs_the_steps_of_the_specification(clinic: Clinic) -> None:
    steps = {each["step"]: (each["numerator"], each["denominator"]) for each in clinic.claim["staircase"]}
    assert STEPS.items() <= steps.items()
    limits = {each["step"]: (each["low"], each["high"]) for each in clinic.claim["staircase"]}
    assert {step: limits[step] for step in WILSON} == {
        step: pytest.approx(given, abs=5e-7) for step, given in WILSON.items()
    }


def test_the_curve_has_every_way_of_the_grid_that_counts_a_benefit_of_somebody(clinic: Clinic) -> None:
    told, claimed = clinic.claim["ways"], clinic.answer["claim"]["rate"]
    benefits = [
        each
        for each in clinic.grid
        if each["question"]["outcome"] != "deterioration"
        and each["question"]["missing"] != "worst_case"
        and each["denominator"]
    ]
    reaching = sum(each["ratio"] >= claimed for each in benefits)
    assert (told["counted"], told["reaching"]) == (len(benefits), reaching)
    assert told["share"] == reaching / len(benefits)
    line = clinic.exported("every way to count")["at the claim or above"]
    assert (line["numerator"], line["denominator"], line["ratio"]) == (reaching, len(benefits), told["share"])
    number, limits = clinic.pages.column("Ways of counting", "Number")
    assert number == f"{reaching} of {len(benefits)} ({clinic.pen.percent(told['share'])})"
    ratios = [each["ratio"] for each in benefits]
    assert limits == clinic.pen.span({"low": min(ratios), "high": max(ratios)})
    assert clinic.pages.ways.startswith(f"{reaching} of {len(benefits)} ways" if reaching else "No way")


def test_each_dot_of_the_curve_is_that_answer_of_the_grid(clinic: Clinic) -> None:
    lines = clinic.pages.lines("seventy-every-way")
    assert len(lines) == clinic.claim["ways"]["counted"]
    parts = ("outcome", "window", "missing", "baseline_at_least")
    answers = {tuple(str(each["question"][part]) for part in parts): each for each in clinic.grid}
    for line in lines:
        answer = answers[tuple(line[part] for part in parts)]
        named = {"count": line["numerator"], "of": line["denominator"]}
        assert numbers_of({**line, **named}) == rate_in(answer)
        overlaps = "recall_overlaps_pre_treatment" in answer["warnings"]
        assert line["recall_overlaps_pre_treatment"] == str(overlaps)


def test_the_grid_asks_every_outcome_of_every_window_in_every_way_with_and_without_the_gate(
    clinic: Clinic,
) -> None:
    parts = ("outcome", "window", "missing", "baseline_at_least")
    asked = [tuple(each["question"][part] for part in parts) for each in clinic.grid]
    kinds = [list(dict.fromkeys(column)) for column in zip(*asked, strict=True)]
    assert sorted(asked, key=str) == sorted(product(*kinds), key=str)
    assert all(each["known_at"] == clinic.answer["known_at"] for each in clinic.grid)
    assert all(each["claim"]["rate"] == clinic.answer["claim"]["rate"] for each in clinic.grid)


def test_published_rates_have_one_line_everywhere(clinic: Clinic) -> None:
    told = {each["id"]: each for each in clinic.claim["published"]}
    rows = clinic.exported("published")
    assert told.keys() == rows.keys()
    for name, each in told.items():
        assert (each["ratio"], each["low"], each["high"]) == tuple(
            rows[name][part] for part in ("ratio", "low", "high")
        )
        assert (each["numerator"], each["n_analysed"]) == (rows[name]["numerator"], rows[name]["denominator"])
        assert Fraction(str(each["ratio"])) == Fraction(str(each["percent"])) / 100
        assert all(Fraction(str(arm["ratio"])) == Fraction(str(arm["percent"])) / 100 for arm in each["arms"])
    arms = {f"{name}: {arm['name']}": arm for name, each in told.items() for arm in each["arms"]}
    compared = clinic.exported("published, compared with")
    assert {name: (row["ratio"], row["denominator"]) for name, row in compared.items()} == {
        name: (arm["ratio"], arm["n"]) for name, arm in arms.items()
    }
    shown = clinic.pages.table("Published")
    order = list(rows)  # the page and its file put first what differs least
    assert list(shown["Published"]) == [told[name]["citation"] for name in order]
    assert list(shown["Rate"]) == [published(told[name]) for name in order]
    assert list(shown["What differs"]) == [
        "; ".join(told[name]["mismatches"]).replace("\u00a0", " ") or "nothing" for name in order
    ]
    of_page = clinic.pages.lines("seventy-published")
    assert [(line["id"], float(line["percent"])) for line in of_page] == [
        (name, told[name]["percent"]) for name in order
    ]


def published(each: dict[str, object]) -> str:
    """A published rate as its table has it."""
    percent = f"{each['percent']:g} %"
    if each["numerator"] is not None:
        return f"{percent} ({of({'numerator': each['numerator'], 'denominator': each['n_analysed']})})"
    return f"{percent} of {each['n_analysed']:,}" if each["n_analysed"] else percent
