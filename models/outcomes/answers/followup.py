"""What a clinic can still do, and what became of those it began to treat."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

import narwhals as nw

from models.outcomes.answers.answer import Answer, answer
from models.outcomes.answers.claim import Claim
from models.outcomes.counts.counting import at_window, count
from models.outcomes.counts.population import standing
from models.outcomes.counts.tally import Tally
from models.outcomes.derivation.derive import EPOCH, day_number
from models.outcomes.derivation.engines import as_given, opened, rows_of
from models.outcomes.proportions.rates import Rate, wilson
from models.outcomes.question.change import defined_outcomes
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import EndpointStatus, Missing, Outcome, WindowName
from models.outcomes.question.windows import WINDOWS
from models.scales import Scale


class Quarter(NamedTuple):
    """The courses whose window closed, or will close, in the quarter that starts on a day."""

    starts_on: date
    rate: Rate
    pending: int


def by_quarter(outcomes: Any, estimand: Estimand, scale: Scale) -> list[Quarter]:
    """The rate by quarter of window closure, from the first to the last with an eligible course.

    Every quarter between is there, with nobody in it if need be. A course is counted in the quarter in which
    its window closed, not in which it was treated: later quarters then never change an earlier rate, but by
    late entries.
    """
    courses = at_window(opened(outcomes), estimand.window, estimand)
    days = count(courses, estimand, scale, [estimand.outcome], by=["closes_day"])
    quarters: dict[int, list[Tally]] = {}
    for (day,), counted in days.items():
        if counted.eligible:
            quarters.setdefault(_quarter(int(day)), []).append(counted.tallies[estimand.outcome])
    if not quarters:
        return []
    return [
        _closed(number, quarters.get(number, []), estimand)
        for number in range(min(quarters), max(quarters) + 1)
    ]


def open_windows(outcomes: Any, estimand: Estimand, scale: Scale, *, as_of: date) -> Any:
    """Eligible courses whose window is open on `as_of` without a score in it, the soonest to close first.

    `course_id`, `patient_id`, `last_day` (the last on which a score still counts) and `days_left`. The one
    list that improves an honest rate. A window counted from an induction still in progress is not open yet,
    and the end of an induction is over with the next infusion.
    """
    window, today = WINDOWS[estimand.window], day_number(as_of)
    anchor = nw.col("e_day" if window.from_induction else "d0_day")
    waiting = nw.col("standing").is_in([EndpointStatus.PENDING, EndpointStatus.MISSING])
    open_now = (anchor + window.first <= today) & (today <= anchor + window.last)
    if window.from_induction:
        open_now = open_now & ~nw.col("in_progress")
    if window.name is WindowName.END_OF_INDUCTION:
        open_now = open_now & nw.col("next_day").is_null()
    courses = at_window(opened(outcomes), estimand.window, estimand).with_columns(
        standing=standing(estimand, scale)
    )
    found = (
        courses.filter(waiting, nw.col("endpoint").is_null(), open_now)
        .with_columns(last_day=anchor + window.last)
        .with_columns(days_left=nw.col("last_day") - today)
        .select("course_id", "patient_id", "last_day", "days_left")
        .sort("days_left", "course_id")
    )
    return as_given(found, like=outcomes)


def why_stopped(outcomes: Any) -> dict[str | None, int]:
    """Courses discontinued before their planned infusions, by the reason recorded; `None` where none is.

    A course whose induction is still in progress has not stopped.
    """
    stopped = opened(outcomes).filter(~nw.col("completed"), ~nw.col("in_progress"))
    reasons = stopped.with_columns(reason=nw.col("end_reason").cast(nw.String).fill_null(""))
    groups = rows_of(reasons.group_by("reason").agg(courses=nw.len()))
    groups.sort(key=lambda group: (-group["courses"], group["reason"]))
    return {group["reason"] or None: int(group["courses"]) for group in groups}


def benefit_and_harm(
    outcomes: Any, estimand: Estimand, scale: Scale, claim: Claim, *, as_of: date
) -> dict[Outcome, Answer]:
    """Response, remission and deterioration of the same question, where the scale defines them.

    Deterioration is answered as `observed`, x of m seen; its worst case stands in the answer's `bounds`
    (§3.8.10).
    """
    asked: Sequence[Outcome] = (Outcome.RESPONSE, Outcome.REMISSION, Outcome.DETERIORATION)
    answers = {}
    for outcome in asked:
        if outcome in defined_outcomes(scale):
            missing = Missing.OBSERVED if outcome.is_harm else estimand.missing
            question = replace(estimand, outcome=outcome, missing=missing)
            answers[outcome] = answer(outcomes, question, scale, claim, as_of=as_of)
    return answers


def _closed(number: int, tallies: Sequence[Tally], estimand: Estimand) -> Quarter:
    together = Tally(*map(sum, zip(*tallies, strict=True))) if tallies else Tally(0, 0, 0, 0, 0, 0, 0)
    rate = wilson(*together.fraction(estimand.missing, estimand.outcome))
    return Quarter(date(number // 4, number % 4 * 3 + 1, 1), rate, together.pending)


def _quarter(day: int) -> int:
    """Quarters since year 0."""
    on = date.fromordinal(EPOCH.toordinal() + day)
    return on.year * 4 + (on.month - 1) // 3
