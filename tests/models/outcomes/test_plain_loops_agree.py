"""A second implementation, in plain loops written from the specification, counts the same."""

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.outcomes.derive import derive_outcomes
from models.outcomes.estimand import Estimand, Missing
from models.outcomes.specifications import counts
from models.scales import all_scales
from tests.support.plain_counts import Question, count_plainly
from tests.support.plain_loops import treated_courses
from tests.support.random_records import days_asked, records
from tests.support.timelines import Record, frames

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
        "treatment_resistant": draw(st.sampled_from(("yes", "no", "any"))),
        "first_course": draw(st.booleans()),
        "indications": draw(st.sampled_from((("depression", "bipolar_depression"), ("ptsd",), ("any",)))),
        "route": draw(st.sampled_from(("any", "iv", "im"))),
        "started_from": first,
        "started_to": last,
    }


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(data=st.data())
def test_every_specification_of_random_timelines_counts_as_plain_loops_do(data: st.DataObject) -> None:
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
            **{**asked, "baseline_at_least": each.baseline_at_least}, outcome=each.outcome, window=each.window
        )
        expected = count_plainly(plain, question, PHQ9, as_of)
        tally = counted.tallies[each.outcome]
        got = (counted.excluded, tally.pending, tally.observed, tally.missing)
        assert got == (expected.excluded, expected.pending, expected.observed, expected.missing), each
        for missing in Missing:
            assert tally.fraction(missing, each.outcome) == expected.fractions[missing], (each, missing)
