"""What counts: the rule of each outcome, in whole numbers.

Every rule compares a baseline with a later score of the same scale, the higher the worse. Rules are plain
arithmetic, so the same function answers for one patient (two whole numbers) and for a million courses (two
columns); nothing is divided, so nothing is rounded. Percentages are of the baseline: `response_percent` 50
asks 100·(b − f) ≥ 50·b, which is 2f ≤ b. The figures come from the scale's TOML; an outcome whose figure the
scale does not give is undefined there. Clinical specification §3.2, §3.8.11.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from models.outcomes.question.vocabulary import Outcome
from models.scales import Scale

_WHOLE: Final = 100


class UndefinedOutcomeError(ValueError):
    """The scale gives no single figure for the outcome, so nothing may be counted with it."""

    def __init__(self, scale: Scale, outcome: Outcome) -> None:
        self.scale = scale.id
        self.outcome = outcome
        self.defined = defined_outcomes(scale)
        known = ", ".join(self.defined) or "none"
        super().__init__(f"{outcome} is not defined for {scale.name}; defined are: {known}")


class Rule(NamedTuple):
    """An outcome's rule, the figures of the scale it needs, and whether it is a share of the baseline.

    `short_of` are those of the figures that belong to the outcome above it, which it must not reach.
    """

    is_met: Callable[[Any, Any, Any], Any]
    figures: tuple[str, ...]
    of_baseline: bool = False
    short_of: tuple[str, ...] = ()

    def speaks_of(self, baseline: int) -> bool:
        """Whether it can be asked from this baseline: of nothing, no share can be gone."""
        return baseline != 0 or not self.of_baseline


def is_response(baseline: Any, score: Any, scale: Any) -> Any:
    """At least `response_percent` of the baseline is gone. 14 → 7 is; 15 → 8 (46.7 %) is not."""
    return _gone(baseline, score, scale.response_percent)


def is_partial_response(baseline: Any, score: Any, scale: Any) -> Any:
    """At least `partial_response_percent` is gone, but not enough for response."""
    too_little = _WHOLE * (baseline - score) < scale.response_percent * baseline
    return _gone(baseline, score, scale.partial_response_percent) & too_little


def is_remission(baseline: Any, score: Any, scale: Any) -> Any:  # noqa: ARG001
    """The score is `remission_at_most` or less, wherever it came from."""
    return score <= scale.remission_at_most


def is_mcid(baseline: Any, score: Any, scale: Any) -> Any:
    """The score fell by at least the smallest difference that matters to patients, in points."""
    return baseline - score >= scale.mcid


def is_mcid20(baseline: Any, score: Any, scale: Any) -> Any:
    """The score fell by at least `mcid_percent` of the baseline."""
    return _gone(baseline, score, scale.mcid_percent)


def is_reliable_improvement(baseline: Any, score: Any, scale: Any) -> Any:
    """The score fell by more than measurement error explains (Jacobson and Truax, as the scale rounds it)."""
    return baseline - score >= scale.reliable_change


def is_recovery(baseline: Any, score: Any, scale: Any) -> Any:
    """From a case at baseline to below caseness."""
    return (baseline >= scale.caseness_at_least) & (score < scale.caseness_at_least)


def is_reliable_recovery(baseline: Any, score: Any, scale: Any) -> Any:
    """Recovery and reliable improvement."""
    return is_recovery(baseline, score, scale) & is_reliable_improvement(baseline, score, scale)


def is_response_and_le9(baseline: Any, score: Any, scale: Any) -> Any:
    """Response that also ends at `response_and_at_most` or less: Kroenke's clinically significant change."""
    return is_response(baseline, score, scale) & (score <= scale.response_and_at_most)


def is_deterioration(baseline: Any, score: Any, scale: Any) -> Any:
    """The score rose by at least the scale's `deterioration`."""
    return score - baseline >= scale.deterioration


RULES: Final[dict[Outcome, Rule]] = {
    Outcome.RESPONSE: Rule(is_response, ("response_percent",), of_baseline=True),
    Outcome.PARTIAL_RESPONSE: Rule(
        is_partial_response,
        ("partial_response_percent", "response_percent"),
        of_baseline=True,
        short_of=("response_percent",),
    ),
    Outcome.REMISSION: Rule(is_remission, ("remission_at_most",)),
    Outcome.MCID: Rule(is_mcid, ("mcid",)),
    Outcome.MCID20: Rule(is_mcid20, ("mcid_percent",), of_baseline=True),
    Outcome.RELIABLE_IMPROVEMENT: Rule(is_reliable_improvement, ("reliable_change",)),
    Outcome.RECOVERY: Rule(is_recovery, ("caseness_at_least",)),
    Outcome.RELIABLE_RECOVERY: Rule(is_reliable_recovery, ("caseness_at_least", "reliable_change")),
    Outcome.RESPONSE_AND_LE9: Rule(
        is_response_and_le9, ("response_percent", "response_and_at_most"), of_baseline=True
    ),
    Outcome.DETERIORATION: Rule(is_deterioration, ("deterioration",)),
}


def defined_outcomes(scale: Scale) -> tuple[Outcome, ...]:
    """The outcomes for which the scale gives every figure."""
    return tuple(outcome for outcome, rule in RULES.items() if _has_figures(scale, rule))


def undefined_outcomes(scale: Scale) -> tuple[Outcome, ...]:
    """The others: left out of a grid, and to be named."""
    return tuple(outcome for outcome, rule in RULES.items() if not _has_figures(scale, rule))


def is_defined(scale_id: str, outcome: Outcome, scales: Mapping[str, Scale]) -> bool:
    """Whether a scale is known and defines an outcome: a clinic's own file may have gone, or changed."""
    return scale_id in scales and _has_figures(scales[scale_id], RULES[outcome])


def rule_of(outcome: Outcome, scale: Scale) -> Rule:
    """The outcome's rule; raises `UndefinedOutcomeError` where the scale lacks a figure it needs."""
    rule = RULES[outcome]
    if not _has_figures(scale, rule):
        raise UndefinedOutcomeError(scale, outcome)
    return rule


def _has_figures(scale: Scale, rule: Rule) -> bool:
    return all(getattr(scale, figure) is not None for figure in rule.figures)


def _gone(baseline: Any, score: Any, percent: int) -> Any:
    return _WHOLE * (baseline - score) >= percent * baseline
