"""Each part of the advertised sentence, of the golden cohort: its rate, its question, or why it has none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from models.outcomes.answers.answer import answer
from models.outcomes.answers.claim import Claim
from models.outcomes.answers.claim_parts import Beside, ClaimPart, claim_parts
from models.outcomes.counts.case_mix import Group
from models.outcomes.counts.suicide_item import SuicideItemChange
from models.outcomes.proportions.rates import wilson
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Indication, Missing, Outcome, Warn, WindowName
from models.outcomes.question.words import WARNING_WORDS
from models.scales import all_scales
from tests.support.golden import cohort
from tests.support.timelines import ENGINES

DAY = date(2026, 6, 30)
SCALES = all_scales()
ASKED = Estimand(baseline_at_least=10, window=WindowName.END_OF_INDUCTION)
SUICIDE = SuicideItemChange(3, 3, 2, 5, 2, 1, only_before=4, only_after=1, neither=1, unseen=4)
MIX = [
    Group("trials", "2", wilson(4, 9)),
    Group("trials", "0–1", wilson(1, 3)),
    Group("age", "2", wilson(1, 1)),
]

Make = Callable[[pl.DataFrame], Any]


def unscored(window: str) -> pl.DataFrame:
    """The cohort, of whom nobody was scored in a window."""
    return cohort().with_columns(pl.lit(None, pl.Int64).alias(f"{window}_endpoint"))


def parts(
    *,
    asked: Estimand = ASKED,
    outcomes: pl.DataFrame | None = None,
    trauma: pl.DataFrame | None = None,
    rapid: pl.DataFrame | None = None,
    suicide: SuicideItemChange | None = SUICIDE,
    mix: list[Group] = MIX,
    on: Make = lambda frame: frame,
) -> list[ClaimPart]:
    frames = {
        "phq9": on(cohort() if outcomes is None else outcomes),
        "madrs": on(cohort()),
        "pcl5": on(cohort() if trauma is None else trauma),
    }
    beside = Beside(on(cohort() if rapid is None else rapid), suicide, mix)
    return claim_parts(frames.__getitem__, beside, asked, SCALES, Claim(), as_of=DAY)


def part(phrase: str, counted: str = "", **given: Any) -> ClaimPart:
    return next(one for one in parts(**given) if one.phrase == phrase and counted in one.counted)


def test_the_parts_stand_in_the_order_of_the_sentence() -> None:
    assert list(dict.fromkeys(one.phrase for one in parts())) == [
        "people who have received ketamine",
        "found relief",
        "treatment-resistant depression",
        "in hours",
        "suicidality",
        "PTSD",
        "alongside other therapies",
        "when other treatments failed",
    ]


def test_every_part_that_is_recorded_has_its_question_and_the_rate_is_its_answer() -> None:
    for one in parts():
        if one.phrase == "alongside other therapies":
            assert one.estimand is None
            continue
        assert one.estimand is not None, one
        if one.phrase not in ("suicidality", "when other treatments failed"):
            asked = one.estimand
            assert one.rate == answer(cohort(), asked, SCALES[asked.scale], Claim(), as_of=DAY).rate, one


def test_relief_is_read_in_three_ways() -> None:
    """§3.6, all who started: mcid 12, response 10, remission 3 of 18."""
    readings = [one.rate for one in parts() if one.phrase == "found relief"]
    assert readings == [wilson(12, 18), wilson(10, 18), wilson(3, 18)]


def test_everyone_is_asked_of_without_gate_history_or_indication() -> None:
    everyone = part("people who have received ketamine", asked=replace(ASKED, missing=Missing.OBSERVED))
    assert everyone.rate == wilson(12, 20)
    assert everyone.estimand is not None
    assert everyone.estimand.indications == (Indication.ANY,)


def test_the_suicide_item_is_told_resolved_lower_and_worse() -> None:
    told = {one.counted: one.rate for one in parts() if one.phrase == "suicidality"}
    assert told == {
        "item resolved, of those who endorsed it before": wilson(2, 5),
        "item lower, of those who endorsed it before": wilson(3, 5),
        "item worse, of all who answered twice": wilson(2, 8),
    }
    assert "4 answered before and not after" in part("suicidality", "lower").remark


def test_where_nobody_answered_the_item_twice_it_says_so() -> None:
    silent = SuicideItemChange(0, 0, 0, 0, 0, 0, only_before=2, only_after=0, neither=9, unseen=4)
    assert part("suicidality", "worse", suicide=silent).remark.endswith("both before and in that time.")
    never = replace(SUICIDE, improved=0, endorsed=0, resolved=0)
    assert part("suicidality", "lower", suicide=never).remark.endswith("twice endorsed it before.")


def test_ptsd_reads_its_points_from_the_scale() -> None:
    pcl5 = SCALES["pcl5"]
    trauma = part("PTSD")
    assert trauma.counted == f"PCL-5 at least {pcl5.mcid} points below baseline, any indication"
    assert trauma.estimand is not None
    assert trauma.remark.startswith("16 scored again, 4 not.")
    assert (trauma.estimand.scale, trauma.estimand.outcome) == ("pcl5", Outcome.MCID)


def test_scores_that_ask_about_days_before_treatment_are_warned_of() -> None:
    overlapping = cohort().with_columns(end_of_induction_overlaps=pl.lit(value=True))
    warning = WARNING_WORDS[Warn.RECALL_OVERLAPS_PRE_TREATMENT]
    assert warning in part("PTSD", trauma=overlapping).remark
    assert warning in part("found relief", outcomes=overlapping).remark
    assert warning not in part("PTSD").remark


def test_ptsd_without_two_scores_is_not_answered_and_says_why() -> None:
    once = part("PTSD", trauma=unscored("end_of_induction"))
    assert once.rate is None
    assert once.remark.endswith("No one has two scores of PCL-5: 20 have one before and none in that time.")
    never = part("PTSD", trauma=cohort().with_columns(baseline=pl.lit(None, pl.Int64)))
    assert never.rate is None
    assert never.remark.endswith("No one has two scores of PCL-5: 20 have none before the first infusion.")


def seen(number: int, window: str) -> pl.DataFrame:
    """The cohort, of whom the first so many were scored in a window, and no others."""
    scored = pl.when(pl.col("course_id") <= number).then(pl.lit(5, pl.Int64))
    return cohort().with_columns(scored.alias(f"{window}_endpoint"))


@pytest.mark.parametrize(
    ("phrase", "window", "how"), [("PTSD", "end_of_induction", "again"), ("in hours", "h24", "so")]
)
def test_a_part_of_which_fewer_than_half_were_scored_has_no_rate_and_says_how_many(
    phrase: str, window: str, how: str
) -> None:
    frame = "trauma" if phrase == "PTSD" else "rapid"
    least = part(phrase, **{frame: seen(1, window)})
    assert least.rate is None
    assert least.remark.startswith(f"1 scored {how}, 19 not. Cannot tell: too many unseen.")
    half = part(phrase, **{frame: seen(10, window)})
    assert half.rate is not None
    assert half.rate.denominator == 20
    assert half.remark.startswith(f"10 scored {how}, 10 not. ")
    assert "Cannot tell" not in half.remark
    assert part(phrase, **{frame: seen(9, window)}).rate is None


def test_in_hours_is_answered_by_scores_of_one_day_alone() -> None:
    found = part("in hours")
    assert found.rate == wilson(7, 20)  # §3.6: 6 of 18, and patient 15
    assert found.remark == "20 scored so, 0 not. PHQ-9 asks about 14 days and cannot answer."
    few = cohort().with_columns(h24_endpoint=pl.when(pl.col("course_id") < 3).then("h24_endpoint"))
    fewer = part("in hours", rapid=few)
    assert "2 scored so, 18 not." in fewer.remark
    assert "counts scores about a longer time too" in fewer.remark


def test_in_hours_says_why_nobody_answers() -> None:
    nobody = part("in hours", rapid=unscored("h24"))
    assert nobody.rate is None
    assert "No one was asked MADRS about one day alone 12 to 48 hours after" in nobody.remark
    assert "20 could have been" in nobody.remark


def test_of_nobody_each_part_says_why() -> None:
    gone = parts(asked=replace(ASKED, baseline_at_least=27), outcomes=unscored("end_of_induction"))
    assert "No one has two scores of PHQ-9: 1 have one" in gone[1].remark
    empty = cohort().clear()
    for one in parts(outcomes=empty, trauma=empty, rapid=empty, mix=[]):
        if one.phrase not in ("suicidality", "alongside other therapies"):
            assert one.rate is None or one.rate.ratio is None, one
            assert one.remark, one


def test_other_treatments_failed_is_told_by_how_many() -> None:
    assert [one.rate for one in parts() if one.phrase == "when other treatments failed"] == [wilson(4, 9)]
    none = part("when other treatments failed", mix=[])
    assert (none.rate, bool(none.remark)) == (None, True)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_finds_the_same_parts(engine: str) -> None:
    assert parts(on=ENGINES[engine]()) == parts()
