"""Harm beside benefit, the suicide item, each part of the claim and the case mix, at every door."""

from dashboard.components.claim.parts_card import FACETS, WORDS
from models.outcomes.question.vocabulary import Outcome
from models.scales import all_scales
from tests.support.doors import Clinic, rate_in
from tests.support.written import of

BENEFITS = ("response", "remission")
CHANGES = {"improved": "better", "unchanged": "unchanged", "worsened": "worse"}


def test_response_and_remission_are_those_of_the_grid(clinic: Clinic) -> None:
    told = {each["question"]["outcome"]: each for each in clinic.claim["benefit_and_harm"]}
    shown, rows = clinic.pages.column("Outcome", "Rate"), clinic.exported("benefit and harm")
    for place, outcome in enumerate(BENEFITS):
        assert rate_in(told[outcome]) == rate_in(clinic.asked(outcome=outcome))
        assert rate_in(told[outcome]) == list(rows.values())[place]
        assert shown[place] == clinic.pen.full(told[outcome])


def test_getting_worse_never_stands_without_its_worst_case(clinic: Clinic) -> None:
    told = {each["question"]["outcome"]: each for each in clinic.claim["benefit_and_harm"]}
    rows = clinic.exported("benefit and harm")
    defined = all_scales()[clinic.answer["question"]["scale"]].deterioration is not None
    assert ("deterioration" in told) is defined
    assert ("Got worse" in rows) is defined
    if not defined:
        return
    seen, worst = told["deterioration"], told["deterioration"]["bounds"]["worst"]
    asked = (clinic.asked(outcome="deterioration", missing=way) for way in ("observed", "worst_case"))
    assert [rate_in(each) for each in asked] == [rate_in(seen), worst]
    assert [rows["Got worse"], rows["Got worse, at worst"]] == [rate_in(seen), worst]
    full = clinic.pen.full
    assert f"{full(seen)}; at worst {full(worst)}" in clinic.pages.column("Outcome", "Rate")


def test_those_never_scored_again_have_a_rate_of_their_own(clinic: Clinic) -> None:
    counts = clinic.answer["counts"]
    unseen = clinic.exported("benefit and harm")["Not scored in time"]
    assert (unseen["numerator"], unseen["denominator"]) == (
        counts["missing"],
        counts["observed"] + counts["missing"],
    )
    shown = dict(clinic.pages.table("Outcome").itertuples(index=False))
    assert shown["Not scored in time"] == clinic.pen.full(unseen)


def test_the_suicide_item_is_better_unchanged_and_worse_of_all_who_answered_twice(clinic: Clinic) -> None:
    told, rows = clinic.claim["suicide_item"], clinic.exported("benefit and harm")
    shown = dict(clinic.pages.table("Outcome").itertuples(index=False))
    assert told["unseen"] == clinic.answer["counts"]["missing"]
    assert told["answered"] + told["unanswered"] == clinic.answer["counts"]["observed"]
    assert told["answered"] == sum(told[name] for name in CHANGES)
    for name, word in CHANGES.items():
        rate = told["rates"][name]
        assert of(rate) == of({"numerator": told[name], "denominator": told["answered"]})
        label = f"Suicide item: {word}"
        assert (label in rows, label in shown) == (bool(told["answered"]), bool(told["answered"]))
        if told["answered"]:
            assert rows[label] == rate
            assert shown[label] == clinic.pen.full(rate)


def test_each_part_of_the_claim_is_answered_alike(clinic: Clinic) -> None:
    told, rows = clinic.claim["parts"], clinic.exported("the claim in parts")
    shown = clinic.pages.table("The sentence")
    assert list(shown["The sentence"]) == [each["phrase"] for each in told]
    assert list(shown["Our record"]) == [clinic.pen.short(each["rate"]) for each in told]
    nothing = dict.fromkeys(("numerator", "denominator", "ratio", "low", "high"))
    assert rows == {f"{each['phrase']}: {each['counted']}": each["rate"] or nothing for each in told}
    relief = {each["counted"]: each["rate"] for each in told if each["phrase"] == "found relief"}
    for words, outcome in (("response", Outcome.RESPONSE), ("remission", Outcome.REMISSION)):
        assert relief[words] == rate_in(clinic.asked(outcome=str(outcome)))


def test_every_facet_of_the_case_mix_adds_up_at_every_door(clinic: Clinic) -> None:
    told = clinic.claim["case_mix"]
    shown = clinic.pages.table("By")
    assert list(shown["By"]) == [FACETS[each["facet"]] for each in told]
    assert list(shown["Group"]) == [WORDS.get(each["group"], each["group"]) for each in told]
    assert list(shown["Rate"]) == [clinic.pen.short(each) for each in told]
    for facet in FACETS:
        mine = {each["group"]: rate_in(each) for each in told if each["facet"] == facet}
        assert mine == clinic.exported(f"case mix: {facet}")
        assert sum(each["numerator"] for each in mine.values()) == clinic.answer["numerator"]
        assert sum(each["denominator"] for each in mine.values()) == clinic.answer["denominator"]


def test_the_change_of_each_person_is_summed_up_alike(clinic: Clinic) -> None:
    told = clinic.claim["changes"]
    rows = clinic.exported("change from baseline")
    kinds = ("met", "between", "worse")
    assert {kind: rows[kind]["numerator"] for kind in kinds} == {kind: told[kind] for kind in kinds}
    shown = [int(number) for number in clinic.pages.column("Change from baseline", "People")]
    assert shown == [told[kind] for kind in (*kinds, "unseen", "unplaced")]
    assert sum(told.values()) == clinic.answer["denominator"]


def test_what_choosing_the_ill_does_is_told_in_the_same_points(clinic: Clinic) -> None:
    told, gate = clinic.claim["chosen_ill"], clinic.answer["question"]["baseline_at_least"]
    lines = [line for line in clinic.pages.lines("seventy-2") if line["figure"] == "chosen for being ill"]
    if told is None:
        assert not gate
        assert not lines
        return
    assert {line["row"]: float(line["points"]) for line in lines} == {
        name: told[name] for name in ("mean", "deviation", "fall")
    }
    assert {line["count"] for line in lines} == {str(told["courses"])}
    assert (
        f"Of {told['courses']:,} courses with a baseline (mean {told['mean']:.1f}, "
        f"SD {told['deviation']:.1f}) those at {gate} or more would score {told['fall']:.1f} points lower"
    ) in clinic.pages.words
