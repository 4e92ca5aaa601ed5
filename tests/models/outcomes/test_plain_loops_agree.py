"""A second implementation, in plain loops written from the specification, counts the same."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.outcomes.answers.specifications import counts
from models.outcomes.derivation.derive import derive_outcomes
from models.outcomes.question.estimand import Estimand, Missing
from models.scales import all_scales
from tests.support.plain_counts import Question, count_plainly
from tests.support.plain_loops import WINDOWS, carried, endpoint, is_pending, treated_courses
from tests.support.random_records import days_asked, records
from tests.support.timelines import Record, frames, plain_rows

PHQ9 = all_scales()["phq9"]


def day(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=number)


@st.composite
def questions(draw: Any, record: Record) -> dict[str, Any]:
    starts = st.one_of(st.none(), st.sampled_from(sorted({infusion.day for infusion in record.infusions})))
    first, last = draw(starts), draw(starts)
    if first is not None and last is not None and first > last:
        first, last = last, first
    return {
        "baseline_at_least": draw(st.sampled_from((None, 10, 15))),
        "treatment_resistant": draw(st.sampled_from(("any", "any", "yes", "no"))),
        "first_course": draw(st.booleans()),
        "indications": draw(st.sampled_from((("any",), ("depression", "bipolar_depression"), ("ptsd",)))),
        "route": draw(st.sampled_from(("any", "any", "iv", "im"))),
        "started_from": first,
        "started_to": last,
    }


def examples(few: int, many: int) -> pytest.MarkDecorator:
    """A few of them at each change, and many where there is time."""
    return pytest.mark.parametrize("number", [few, pytest.param(many, marks=pytest.mark.thorough)])


def agreeing(number: int) -> settings:
    calm = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=number, deadline=None, suppress_health_check=calm)


def described(record: Record, as_of: int) -> dict[int, dict[str, Any]]:
    """Every course as the plain loops see it, in the columns of the derived frame."""
    courses = {}
    for t in treated_courses(record, PHQ9, as_of):
        row: dict[str, Any] = {
            "course_number": t.number_in_patient,
            "d0_day": t.d0.day,
            "d0_second": t.d0.second,
            "route": t.d0.route,
            "planned": t.planned,
            "infusions": len(t.infusions),
            "induction_infusions": t.induction_count,
            "completed": t.induction_count >= t.planned,
            "e_day": t.e.day,
            "next_day": t.next_after_e.day if t.next_after_e else None,
            "in_progress": t.in_progress,
            "baseline": t.baseline.total if t.baseline else None,
            "baseline_id": t.baseline.assessment_id if t.baseline else None,
            "baseline_day": t.baseline.day if t.baseline else None,
        }
        for window in WINDOWS:
            chosen, last = endpoint(t, window), carried(t, window)
            row[f"{window}_endpoint"] = chosen.total if chosen else None
            row[f"{window}_id"] = chosen.assessment_id if chosen else None
            row[f"{window}_carried"] = last.total if last else None
            row[f"{window}_pending"] = is_pending(t, window, as_of)
        courses[t.course.course_id] = row
    return courses


@examples(25, 100)
def test_every_course_is_described_as_plain_loops_describe_it(number: int) -> None:
    @agreeing(number)
    @given(data=st.data())
    def law(data: st.DataObject) -> None:
        record = data.draw(records())
        as_of = data.draw(days_asked(record))
        derived = plain_rows(derive_outcomes(frames(record), PHQ9, day(as_of)))
        expected = described(record, as_of)
        got = {row["course_id"]: {name: row[name] for name in expected[row["course_id"]]} for row in derived}
        assert got == expected

    law()


@examples(15, 50)
def test_every_specification_of_random_timelines_counts_as_plain_loops_do(number: int) -> None:
    @agreeing(number)
    @given(data=st.data())
    def law(data: st.DataObject) -> None:
        record = data.draw(records())
        as_of = data.draw(days_asked(record))
        asked = data.draw(questions(record))
        period = {
            name: None if asked[name] is None else day(asked[name]) for name in ("started_from", "started_to")
        }
        estimand = Estimand(**{**asked, **period})

        outcomes = derive_outcomes(frames(record), PHQ9, day(as_of))
        plain = list(treated_courses(record, PHQ9, as_of))
        for each, counted in counts(outcomes, estimand, PHQ9):
            question = Question(
                **{**asked, "baseline_at_least": each.baseline_at_least},
                outcome=each.outcome,
                window=each.window,
            )
            expected = count_plainly(plain, question, PHQ9, as_of)
            tally = counted.tallies[each.outcome]
            got = (counted.excluded, tally.pending, tally.observed, tally.missing)
            assert got == (expected.excluded, expected.pending, expected.observed, expected.missing), each
            for missing in Missing:
                assert tally.fraction(missing, each.outcome) == expected.fractions[missing], (each, missing)

    law()
