"""The rule of a verdict (clinical specification §5.2) in plain words, from three rates of the grid."""

from typing import Any

FEWEST = 20


def plain_verdict(
    rates: dict[str, Any], counts: dict[str, Any], claimed: float
) -> tuple[str | None, str | None]:
    """Verdict and reason from the rates with the unseen as failures, left out, and as responders."""
    ripe = counts["observed"] + counts["missing"]
    if ripe < FEWEST:
        return "too_few", None
    if rates["non_responder"]["low"] >= claimed:
        return "supported", None
    enough_seen = 2 * counts["observed"] >= ripe
    if rates["best_case"]["high"] < claimed or (enough_seen and rates["observed"]["high"] < claimed):
        return "contradicted", None
    return "inconclusive", "missing" if rates["non_responder"]["high"] < claimed else "sampling"
