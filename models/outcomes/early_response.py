"""How well an early response foretells a later outcome: a two by two table (clinical specification §5.11)."""

from typing import NamedTuple

from scipy.stats import fisher_exact


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
