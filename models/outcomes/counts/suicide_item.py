"""What became of the answer about suicide: never only how many improved, always how many worsened too.

Of the courses a question counts, the answers of two assessments are compared: the one that is the baseline
and the one that is the endpoint. An answer of 0 is "not endorsed", not the same as safe (§2.1, §3.2).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import narwhals as nw

from models.outcomes.counts.counting import at_window
from models.outcomes.counts.population import standing
from models.outcomes.derivation.engines import opened, rows_of
from models.outcomes.proportions.rates import Rate, wilson
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import EndpointStatus, Missing
from models.scales import Scale


@dataclass(frozen=True)
class SuicideItemChange:
    """Courses counted, by their two answers.

    Of those with both answers it fell (`improved`: they all endorsed it before), stayed (`unchanged`) or rose
    (`worsened`, also from 0). `endorsed` answered above 0 at baseline, of whom `resolved` answer 0 now; of
    the others `newly_endorsed` answer above 0 now. Scored again with an answer missing are those who answered
    `only_before`, `only_after` or `neither` time; `unseen` were not scored in time.
    """

    improved: int
    unchanged: int
    worsened: int
    endorsed: int
    resolved: int
    newly_endorsed: int
    only_before: int
    only_after: int
    neither: int
    unseen: int

    @property
    def answered(self) -> int:
        """Courses with both answers."""
        return self.improved + self.unchanged + self.worsened

    @property
    def unanswered(self) -> int:
        """Courses scored again without both answers."""
        return self.only_before + self.only_after + self.neither

    @property
    def rates(self) -> tuple[Rate, Rate, Rate]:
        """Improved, unchanged and worsened, each of those with both answers: they add up to all."""
        return tuple(  # type: ignore[return-value]
            wilson(count, self.answered) for count in (self.improved, self.unchanged, self.worsened)
        )


class Answers(NamedTuple):
    """`courses` eligible ones whose window has closed, alike in their answers, `None` where there is none."""

    seen: bool
    completed: bool
    before: int | None
    after: int | None
    courses: int


@dataclass(frozen=True)
class SuicideAnswers:
    """The answers of everybody eligible: counted once, whatever a missing score means."""

    alike: tuple[Answers, ...]

    def counted(self, missing: Missing) -> SuicideItemChange:
        """Those the strategy counts: `observed` and `completers` leave the unseen out (§3.8.10).

        Nobody's answer is carried forward: under `last_carried` the unseen stay unseen.
        """
        completers = missing is Missing.COMPLETERS
        seen = [one for one in self.alike if one.seen and (one.completed or not completers)]
        left_out = missing in (Missing.OBSERVED, Missing.COMPLETERS)
        unseen = sum(one.courses for one in self.alike if not one.seen and not left_out)
        return SuicideItemChange(**_changes(seen), **_silent(seen), unseen=unseen)


def suicide_answers(
    outcomes: Any, assessments: Any, estimand: Estimand, scale: Scale
) -> SuicideAnswers | None:
    """The two answers of everybody eligible; `None` where the scale does not ask.

    `outcomes` is the derived frame, `assessments` the record's frame of the same engine, whose
    `suicide_item` is null where the question was left out: an answer is never made up.
    """
    if scale.suicide_item is None:
        return None
    answers = opened(assessments).select("assessment_id", answer="suicide_item")
    courses = (
        at_window(opened(outcomes), estimand.window, estimand)
        .with_columns(standing=standing(estimand, scale))
        .filter(nw.col("standing").is_in([EndpointStatus.OBSERVED, EndpointStatus.MISSING]))
        .select("standing", "completed", "baseline_id", endpoint_id=nw.col(f"{estimand.window}_id"))
        .join(_named(answers, "baseline_id", "before"), on="baseline_id", how="left")
        .join(_named(answers, "endpoint_id", "after"), on="endpoint_id", how="left")
    )
    alike = rows_of(courses.group_by("standing", "completed", "before", "after").agg(n=nw.len()))
    return SuicideAnswers(
        tuple(
            Answers(
                seen=row["standing"] == EndpointStatus.OBSERVED,
                completed=bool(row["completed"]),
                before=row["before"],
                after=row["after"],
                courses=int(row["n"]),
            )
            for row in alike
        )
    )


def suicide_item_change(
    outcomes: Any, assessments: Any, estimand: Estimand, scale: Scale
) -> SuicideItemChange | None:
    """Count the courses a question counts by their two answers (`suicide_answers`)."""
    answers = suicide_answers(outcomes, assessments, estimand, scale)
    return None if answers is None else answers.counted(estimand.missing)


def _named(answers: Any, assessment: str, answer: str) -> Any:
    return answers.rename({"assessment_id": assessment, "answer": answer})


def _changes(seen: Iterable[Answers]) -> dict[str, int]:
    """Those with both answers, by what became of it."""
    both = [
        (one.before, one.after, one.courses)
        for one in seen
        if one.before is not None and one.after is not None
    ]
    return {
        "improved": sum(n for before, after, n in both if after < before),
        "unchanged": sum(n for before, after, n in both if after == before),
        "worsened": sum(n for before, after, n in both if after > before),
        "endorsed": sum(n for before, _, n in both if before > 0),
        "resolved": sum(n for before, after, n in both if before > 0 and after == 0),
        "newly_endorsed": sum(n for before, after, n in both if before == 0 and after > 0),
    }


def _silent(seen: Iterable[Answers]) -> dict[str, int]:
    """Those without one of the answers, by which."""
    lacking = [(one.before is None, one.after is None, one.courses) for one in seen]
    return {
        "only_before": sum(n for before, after, n in lacking if after and not before),
        "only_after": sum(n for before, after, n in lacking if before and not after),
        "neither": sum(n for before, after, n in lacking if before and after),
    }
