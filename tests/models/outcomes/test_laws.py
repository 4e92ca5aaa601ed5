"""What always holds of a rate, whatever the clinic."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.outcomes.answers.answer import Answer, answer
from models.outcomes.answers.claim import Claim
from models.outcomes.answers.specifications import grid
from models.outcomes.counts.membership import changes, membership
from models.outcomes.derivation.derive import derive_outcomes
from models.outcomes.question.estimand import Estimand, Missing, Outcome
from models.outcomes.question.vocabulary import EndpointStatus, WindowName
from models.scales import all_scales
from tests.support.random_records import days_asked, records
from tests.support.timelines import ENGINES, Record, frames, plain_rows

PHQ9 = all_scales()["phq9"]
QUESTION = Estimand(baseline_at_least=10, treatment_resistant="any", indications=("any",))

few = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def day(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=number)


def everything(record: Record, as_of: int) -> list[Answer]:
    outcomes = derive_outcomes(frames(record), PHQ9, day(as_of))
    return grid(outcomes, QUESTION, PHQ9, Claim(), as_of=day(as_of)).answers


@st.composite
def moments(draw: st.DrawFn) -> tuple[Record, int]:
    record = draw(records())
    return record, draw(days_asked(record))


@few
@given(moments())
def test_everybody_treated_is_somewhere_and_nowhere_twice(asked: tuple[Record, int]) -> None:
    for found in everything(*asked):
        counts = found.counts
        assert counts.treated == sum(counts.excluded.values()) + counts.eligible
        assert counts.eligible == counts.pending + counts.observed + counts.missing


@few
@given(moments())
def test_counting_the_missing_never_raises_the_rate_and_bounds_hold(asked: tuple[Record, int]) -> None:
    by_strategy: dict[tuple[str, str, int | None], dict[Missing, Answer]] = {}
    for found in everything(*asked):
        e = found.estimand
        by_strategy.setdefault((e.outcome, e.window, e.baseline_at_least), {})[e.missing] = found
    for (outcome, _, _), answers in by_strategy.items():
        worst, best = sorted(
            (answers[Missing.WORST_CASE].rate.numerator, answers[Missing.BEST_CASE].rate.numerator)
        )
        everyone = answers[Missing.NON_RESPONDER].rate
        assert worst <= everyone.numerator <= best
        assert worst <= answers[Missing.LAST_CARRIED].rate.numerator <= best
        observed = answers[Missing.OBSERVED].rate
        assert answers[Missing.COMPLETERS].rate.denominator <= observed.denominator
        if observed.ratio is not None and everyone.ratio is not None:
            assert everyone.ratio <= observed.ratio
            assert worst / everyone.denominator <= observed.ratio <= best / everyone.denominator
        limits = answers[Missing.OBSERVED].bounds
        assert (limits.worst.numerator >= limits.best.numerator) is (
            outcome == Outcome.DETERIORATION or limits.worst.numerator == limits.best.numerator
        )


@few
@given(asked=moments(), added=records())
def test_what_happens_later_changes_nothing(asked: tuple[Record, int], added: Record) -> None:
    record, as_of = asked
    shift = max(0, as_of + 1 - 19_900)  # every added row comes after the day asked about
    later = Record(
        [
            c._replace(course_id=c.course_id + 1000, patient_id=1, started_day=c.started_day + shift)
            for c in added.courses
        ],
        [
            i._replace(infusion_id=i.infusion_id + 1000, patient_id=1, day=i.day + shift)
            for i in added.infusions
        ],
        [
            a._replace(assessment_id=a.assessment_id + 1000, patient_id=1, day=a.day + shift)
            for a in added.assessments
        ],
    )
    together = Record(*([*before, *after] for before, after in zip(record, later, strict=True)))
    assert everything(together, as_of) == everything(record, as_of)


@few
@given(asked=moments(), dice=st.randoms())
def test_the_order_of_rows_does_not_matter(asked: tuple[Record, int], dice: object) -> None:
    record, as_of = asked
    shuffled = Record(*(dice.sample(list(rows), len(rows)) for rows in record))  # type: ignore[attr-defined]
    assert everything(shuffled, as_of) == everything(record, as_of)


@few
@given(asked=moments(), window=st.sampled_from(WindowName), missing=st.sampled_from(Missing))
def test_a_rate_is_the_mean_of_its_members(
    asked: tuple[Record, int], window: WindowName, missing: Missing
) -> None:
    record, as_of = asked
    outcomes = derive_outcomes(frames(record), PHQ9, day(as_of))
    for outcome in Outcome:
        question = replace(QUESTION, window=window, missing=missing, outcome=outcome)
        found = answer(outcomes, question, PHQ9, Claim(), as_of=day(as_of))
        places = plain_rows(membership(outcomes, question, PHQ9))
        met = [place["met"] for place in places if place["met"] is not None]
        assert (sum(met), len(met)) == found.rate[:2]
        assert len(places) == found.counts.treated
        for status, counted in zip(
            EndpointStatus, (found.counts.pending, found.counts.observed, found.counts.missing), strict=True
        ):
            assert sum(place["standing"] == status for place in places) == counted
        assert len(plain_rows(changes(outcomes, question, PHQ9))) == found.rate.denominator


@pytest.mark.thorough  # the answers, below, are made of these rows
@pytest.mark.parametrize("engine", [engine for engine in ENGINES if engine != "polars"])
@settings(few, max_examples=5)
@given(asked=moments())
def test_every_engine_derives_the_same_rows(engine: str, asked: tuple[Record, int]) -> None:
    record, as_of = asked
    ours, theirs = (
        plain_rows(derive_outcomes(frames(record, ENGINES[each]()), PHQ9, day(as_of)))
        for each in ("polars", engine)
    )
    assert sorted(ours, key=_course) == sorted(theirs, key=_course)


@pytest.mark.parametrize("engine", [engine for engine in ENGINES if engine != "polars"])
@settings(few, max_examples=2)
@given(asked=moments())
def test_every_engine_gives_the_same_answers(engine: str, asked: tuple[Record, int]) -> None:
    record, as_of = asked
    outcomes = derive_outcomes(frames(record, ENGINES[engine]()), PHQ9, day(as_of))
    assert grid(outcomes, QUESTION, PHQ9, Claim(), as_of=day(as_of)).answers == everything(record, as_of)


def _course(row: dict[str, object]) -> int:
    return int(str(row["course_id"]))
