"""The seven whole numbers from which every strategy for missing scores makes its rate."""

from typing import NamedTuple

from models.outcomes.question.vocabulary import Missing, Outcome


class Tally(NamedTuple):
    """How many eligible courses of one question stand where, once their window has closed.

    `observed` and `missing` partition the courses that are counted; pending ones are in neither. `met` counts
    the observed whose outcome was reached, `completers` the observed who also had every planned infusion of
    the induction, and `carried_met` the missing whose last earlier score would reach the outcome.
    """

    observed: int
    met: int
    completers: int
    completers_met: int
    missing: int
    carried_met: int
    pending: int

    @property
    def counted(self) -> int:
        """Eligible courses whose window has closed: "ripe", seen or not."""
        return self.observed + self.missing

    def fraction(self, missing: Missing, outcome: Outcome) -> tuple[int, int]:
        """Numerator and denominator under one strategy (§3.8.10).

        A course not scored in time is met under `best_case` and not met under `non_responder` and
        `worst_case`. For `deterioration`, a harm, it is the other way round: `worst_case` counts it as met,
        `best_case` and `non_responder` as not.
        """
        match missing:
            case Missing.OBSERVED:
                return self.met, self.observed
            case Missing.COMPLETERS:
                return self.completers_met, self.completers
            case Missing.LAST_CARRIED:
                return self.met + self.carried_met, self.counted
        unseen_met = missing is (Missing.WORST_CASE if outcome.is_harm else Missing.BEST_CASE)
        return self.met + self.missing * unseen_met, self.counted
