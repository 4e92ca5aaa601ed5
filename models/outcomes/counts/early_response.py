"""How well an early response foretells a later outcome: a two by two table (clinical specification §5.11)."""

from typing import Any, Final, NamedTuple

import narwhals as nw
from scipy.stats import fisher_exact

from models.outcomes.counts.membership import membership
from models.outcomes.derivation.engines import opened, rows_of
from models.outcomes.proportions.rates import Rate, wilson
from models.outcomes.question.change import rule_of
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import WindowName
from models.outcomes.question.windows import WINDOWS, Window
from models.scales import Scale

EARLY: Final = WindowName.D7
"""The first window after the first infusion that does not count hours."""


class EarlyResponse(NamedTuple):
    """The table's measures; likelihood ratios are `None` where they would divide by zero.

    A negative predictive value near a half is no reason to stop anybody: a prompt, never a rule.
    """

    sensitivity: float
    specificity: float
    positive_predictive: float
    negative_predictive: float
    likelihood_positive: float | None
    likelihood_negative: float | None
    fisher_p: float


def early_response(early_met: int, early_not: int, late_met: int, late_not: int) -> EarlyResponse:
    """Of early responders `early_met` reached the outcome and `early_not` did not; of the others likewise.

    Raises `ValueError` where a row or a column is empty.
    """
    met, unmet = early_met + late_met, early_not + late_not
    early, late = early_met + early_not, late_met + late_not
    if not all((met, unmet, early, late)):
        raise ValueError(
            f"every row and column needs somebody; got {early_met} {early_not} {late_met} {late_not}"
        )
    sensitivity, specificity = early_met / met, late_not / unmet
    return EarlyResponse(
        sensitivity,
        specificity,
        early_met / early,
        late_not / late,
        sensitivity / (1 - specificity) if specificity < 1 else None,
        (1 - sensitivity) / specificity if specificity else None,
        float(fisher_exact([[early_met, early_not], [late_met, late_not]])[1]),
    )


class Foretold(NamedTuple):
    """Those counted by whether they had reached the outcome on day 7 already: of each, who reached it later.

    `unknown` are counted without a score of day 7 that lies before the later window; of those scores
    `overlapping` ask about days before the first infusion too.
    """

    reached: Rate
    not_reached: Rate
    unknown: Rate
    overlapping: int

    @property
    def measures(self) -> EarlyResponse | None:
        """The measures of the two by two table; `None` where a row or a column of it is empty."""
        (a, first), (c, second) = self.reached[:2], self.not_reached[:2]
        table = (a, first - a, c, second - c)
        if not (first and second and a + c and first + second - a - c):
            return None
        return early_response(*table)


def foretold(outcomes: Any, estimand: Estimand, scale: Scale) -> Foretold | None:
    """How a question's courses fared by their score of day 7 (5 to 10): "of past patients like this".

    The later outcome is the question's own, with its meaning of a missing score; early is the same outcome
    on day 7. `None` of a harm, and for windows that are not later than day 7.
    """
    if estimand.outcome.is_harm or estimand.window in (WindowName.H24, EARLY):
        return None
    reached = rule_of(estimand.outcome, scale).is_met(nw.col("baseline"), nw.col("early_score"), scale)
    overlaps = nw.when(nw.col(f"{EARLY}_overlaps")).then(1).otherwise(0)
    early = (
        opened(outcomes)
        .filter(_begins_after(WINDOWS[EARLY], WINDOWS[estimand.window]))
        .select("course_id", early_score=nw.col(f"{EARLY}_endpoint"), overlapping=overlaps)
    )
    placed = opened(membership(outcomes, estimand, scale)).join(early, on="course_id", how="left")
    counted = placed.filter(~nw.col("met").is_null()).with_columns(early=reached)
    alike = rows_of(
        counted.group_by("early", "met").agg(nw.len().alias("courses"), nw.col("overlapping").sum())
    )

    def of(state: bool | None) -> Rate:  # noqa: FBT001
        mine = [row for row in alike if row["early"] is state]
        return wilson(
            sum(int(row["courses"]) for row in mine if row["met"]), sum(int(row["courses"]) for row in mine)
        )

    return Foretold(of(True), of(False), of(None), sum(int(row["overlapping"] or 0) for row in alike))


def _begins_after(early: Window, later: Window) -> nw.Expr:
    """Whether no score of the early window can be one of the later: an induction may be over by then."""
    anchor = nw.col("e_day" if later.from_induction else "d0_day")
    return anchor + later.first > nw.col("d0_day") + early.last
