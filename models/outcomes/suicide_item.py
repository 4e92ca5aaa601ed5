"""What became of the answer about suicide: never only how many improved, always how many worsened too.

Of the courses a rate counts, the answers of two assessments are compared: the one that is the baseline and
the one that is the endpoint. An answer of 0 is "not endorsed", which is not the same as safe (§2.1, §3.2).
"""

from dataclasses import dataclass
from typing import Any

import narwhals as nw

from models.outcomes.counting import at_window
from models.outcomes.engines import opened, rows_of
from models.outcomes.estimand import Estimand
from models.outcomes.population import standing
from models.outcomes.rates import Rate, wilson
from models.outcomes.vocabulary import EndpointStatus
from models.scales import Scale


@dataclass(frozen=True)
class SuicideItemChange:
    """Courses counted, by their two answers.

    `answered` have both; of these the answer fell (`improved`), stayed (`unchanged`) or rose (`worsened`,
    also from 0). `endorsed` answered above 0 at baseline, of whom `resolved` answer 0 now. `unanswered` were
    scored again with an answer missing at either end, `unseen` were never scored again.
    """

    improved: int
    unchanged: int
    worsened: int
    endorsed: int
    resolved: int
    improved_of_endorsed: int
    newly_endorsed: int
    unanswered: int
    unseen: int

    @property
    def answered(self) -> int:
        """Courses with both answers."""
        return self.improved + self.unchanged + self.worsened

    @property
    def rates(self) -> tuple[Rate, Rate, Rate]:
        """Improved, unchanged and worsened, each of those with both answers: they add up to all."""
        return tuple(  # type: ignore[return-value]
            wilson(count, self.answered) for count in (self.improved, self.unchanged, self.worsened)
        )


def suicide_item_change(
    outcomes: Any, assessments: Any, estimand: Estimand, scale: Scale
) -> SuicideItemChange | None:
    """Count the courses of a question by their two answers; `None` where the scale does not ask.

    `outcomes` is the derived frame, `assessments` the record's frame of the same engine, whose
    `suicide_item` is null where the question was left out: an answer is never made up.
    """
    if scale.suicide_item is None:
        return None
    answers = opened(assessments).select("assessment_id", answer="suicide_item")
    window = str(estimand.window)
    courses = (
        at_window(opened(outcomes), estimand.window, estimand)
        .with_columns(standing=standing(estimand, scale))
        .filter(nw.col("standing").is_in([EndpointStatus.OBSERVED, EndpointStatus.MISSING]))
        .select("standing", "baseline_id", endpoint_id=nw.col(f"{window}_id"))
        .join(
            answers.rename({"assessment_id": "baseline_id", "answer": "before"}), on="baseline_id", how="left"
        )
        .join(
            answers.rename({"assessment_id": "endpoint_id", "answer": "after"}), on="endpoint_id", how="left"
        )
    )
    pairs = rows_of(courses.group_by("standing", "before", "after").agg(n=nw.len()))
    seen = [pair for pair in pairs if pair["standing"] == EndpointStatus.OBSERVED]
    both = [pair for pair in seen if pair["before"] is not None and pair["after"] is not None]
    return SuicideItemChange(
        improved=_sum(pair for pair in both if pair["after"] < pair["before"]),
        unchanged=_sum(pair for pair in both if pair["after"] == pair["before"]),
        worsened=_sum(pair for pair in both if pair["after"] > pair["before"]),
        endorsed=_sum(pair for pair in both if pair["before"] > 0),
        resolved=_sum(pair for pair in both if pair["before"] > 0 and pair["after"] == 0),
        improved_of_endorsed=_sum(
            pair for pair in both if pair["before"] > 0 and pair["after"] < pair["before"]
        ),
        newly_endorsed=_sum(pair for pair in both if pair["before"] == 0 and pair["after"] > 0),
        unanswered=_sum(seen) - _sum(both),
        unseen=_sum(pair for pair in pairs if pair["standing"] == EndpointStatus.MISSING),
    )


def _sum(pairs: Any) -> int:
    return sum(int(pair["n"]) for pair in pairs)
