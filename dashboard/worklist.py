"""The clinic's patients as rows: where each one stands, and whose window waits for a score."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from dashboard.patients import Person, day_of, people_of
from models.outcomes.answers.followup import open_windows
from models.outcomes.counts.membership import State, membership
from models.outcomes.question.change import defined_outcomes, rule_of
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Indication, Route, TreatmentResistant
from models.scales import Scale
from models.scales.scale import HIGHEST_TOTAL

NOT_BEGUN: Final = "not_begun"
"""Where a patient has no course yet; the other states are `membership`'s."""
FROM_ZERO: Final = "from_zero"
"""Where the outcome is a share of the baseline, which was 0: it cannot be asked, and none got worse."""
LOST: Final = "lost"
"""Where the outcome was met in the window, and the last score since then no longer meets it."""


ROW: Final = (
    "patient_id",
    "mrn",
    "name",
    "state",
    "score",
    "change",
    "scored_on",
    "infusions",
    "planned",
    "in_progress",
)
COURSE: Final = (
    "course_id",
    "course_number",
    "patient_id",
    "baseline",
    "baseline_day",
    "planned",
    "in_progress",
)


SECOND: Final = HIGHEST_TOTAL + 1
DAY: Final = SECOND * 2**17  # a day has 86,400 seconds


class Waiting(NamedTuple):
    """A course whose window is open without a score, and until when one still counts."""

    person: Person
    last_day: date
    days_left: int


def of_everybody(question: Estimand, scale: Scale) -> Estimand | None:
    """The question asked of every course, whoever's it is and whatever for.

    A status speaks of benefit: where the question is about harm, of the first benefit the scale defines;
    `None` where it defines none.
    """
    benefits = [outcome for outcome in defined_outcomes(scale) if not outcome.is_harm]
    if not benefits:
        return None
    return Estimand(
        scale=question.scale,
        outcome=question.outcome if question.outcome in benefits else benefits[0],
        window=question.window,
        treatment_resistant=TreatmentResistant.ANY,
        first_course=False,
        indications=(Indication.ANY,),
        route=Route.ANY,
    )


def patient_rows(
    patients: pl.DataFrame,
    assessments: pl.DataFrame,
    outcomes: pl.DataFrame,
    question: Estimand,
    scale: Scale,
) -> pl.DataFrame:
    """One row a patient, by name: where the latest course stands, and the last score there is.

    Columns: `patient_id`, `mrn`, `name`, `state`, `score`, `change` (from the latest course's baseline to the
    last score), `scored_on`, `infusions` of the induction, `planned`, `in_progress`.
    """
    name = pl.concat_str("family_name", "given_name", separator=", ", ignore_nulls=True)
    return (
        patients.select("patient_id", "mrn", name=pl.when(name != "").then(name))
        .join(_latest_courses(outcomes, question, scale), on="patient_id", how="left")
        .join(_last_scores(assessments, scale), on="patient_id", how="left")
        .with_columns(
            state=_state_now(question, scale),
            change=pl.when(pl.col("day") > pl.col("baseline_day")).then(pl.col("score") - pl.col("baseline")),
            scored_on=pl.col("day").cast(pl.Date),
        )
        .sort(pl.col("name").str.to_lowercase(), "mrn", nulls_last=True)
        .select(ROW)
    )


def _state_now(question: Estimand, scale: Scale) -> pl.Expr:
    """The state in the window, unless what was met there has been lost since; harm is told from 0 too."""
    state, asked = pl.col("state").fill_null(NOT_BEGUN), of_everybody(question, scale)
    if asked is None:
        return state
    still = rule_of(asked.outcome, scale).is_met(pl.col("baseline"), pl.col("score"), scale)
    lost = pl.when((state == State.MET) & ~still).then(pl.lit(LOST)).otherwise(state)
    from_zero = (state == State.NOT_COUNTED) & (pl.col("baseline") == 0)
    return (
        pl.when(from_zero & pl.col("worse") & ~pl.col("pending"))
        .then(pl.lit(str(State.WORSE)))
        .when(from_zero)
        .then(pl.lit(FROM_ZERO))
        .otherwise(lost)
    )


def trends(assessments: pl.DataFrame, patient_ids: Sequence[int], scale: Scale) -> pl.DataFrame:
    """The scores of these patients in order, as one list each: `patient_id`, `trend`."""
    theirs = _of_scale(assessments, scale).filter(pl.col("patient_id").is_in(list(patient_ids)))
    in_order = theirs.sort(_when_and_what())
    return in_order.group_by("patient_id", maintain_order=True).agg(trend=pl.col("total"))


def waiting(
    patients: pl.DataFrame, outcomes: pl.DataFrame, question: Estimand, scale: Scale, as_of: date
) -> list[Waiting]:
    """Whose window is open without a score, the soonest to close first."""
    found = open_windows(outcomes, question, scale, as_of=as_of)
    known = {
        person.patient_id: person for person in people_of(patients.join(found, on="patient_id", how="semi"))
    }
    return [
        Waiting(known[patient_id], day_of(last_day), days_left)
        for _, patient_id, last_day, days_left in found.iter_rows()
    ]


def _latest_courses(outcomes: pl.DataFrame, question: Estimand, scale: Scale) -> pl.DataFrame:
    pending = pl.col(f"{question.window}_pending")
    courses = outcomes.select(*COURSE, infusions="induction_infusions", pending=pending)
    if asked := of_everybody(question, scale):
        states = membership(outcomes, asked, scale).select("course_id", "state", "worse")
        courses = courses.join(states, on="course_id", how="left")
    else:
        courses = courses.with_columns(state=pl.lit(None, pl.String))
    return courses.sort("course_number").unique("patient_id", keep="last").drop("course_id", "course_number")


def _last_scores(assessments: pl.DataFrame, scale: Scale) -> pl.DataFrame:
    last = _of_scale(assessments, scale).group_by("patient_id").agg(last=_when_and_what().max())
    return last.select("patient_id", day=pl.col("last") // DAY, score=pl.col("last") % SECOND)


def _of_scale(assessments: pl.DataFrame, scale: Scale) -> pl.DataFrame:
    return assessments.filter(pl.col("scale").cast(pl.String) == scale.id)


def _when_and_what() -> pl.Expr:
    """Day, second of the day and total in one whole number; no time stands before the first second."""
    second = pl.col("second").fill_null(-1).cast(pl.Int64) + 1
    day, total = pl.col("day").cast(pl.Int64), pl.col("total").cast(pl.Int64)
    return day * DAY + second * SECOND + total
