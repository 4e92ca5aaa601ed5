"""The specification curve in words: its finding, one way in a line, and the table of all."""

from collections.abc import Sequence

import pandas as pd

from dashboard.charts.words import NBSP, Rounding, counts, whole
from models.outcomes.answers.ways import Way, reaching
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.words import MISSING_LABELS, OUTCOME_LABELS, WINDOW_LABELS


def title(ways: Sequence[Way], claim: float, rounding: Rounding) -> str:
    """`87 of 320 ways of counting reach 70 %`."""
    reached = reaching(ways, claim)
    many = (
        "No way of counting reaches"
        if not reached
        else f"{whole(reached)} of {whole(len(ways))} ways of counting reach"
    )
    return f"{many} {rounding.advertised}{NBSP}%"


def shares(ways: Sequence[Way], rounding: Rounding) -> pd.DataFrame:
    """How many ways reach the claim, of how many, and the lowest and highest rate among them."""
    known = [way.rate.ratio for way in ways if way.rate.ratio is not None]
    if not known:
        return pd.DataFrame(columns=["Ways of counting", "Number"])
    reached = reaching(ways, rounding.claim)
    share = rounding.percent(reached / len(ways))
    numbers = {
        f"At {rounding.advertised}{NBSP}% or above": f"{whole(reached)} of {whole(len(ways))} ({share})",
        "Lowest and highest": rounding.span(min(known), max(known)),
    }
    return pd.DataFrame({"Ways of counting": list(numbers), "Number": list(numbers.values())})


def table(ways: Sequence[Way], gate: str, rounding: Rounding) -> pd.DataFrame:
    """Every way as a row, highest first."""
    shown = [*reversed(ways)]
    return pd.DataFrame(
        {
            "Outcome": [OUTCOME_LABELS[way.estimand.outcome] for way in shown],
            "When": [WINDOW_LABELS[way.estimand.window] for way in shown],
            "A missing score": [MISSING_LABELS[way.estimand.missing] for way in shown],
            "Baseline": [gate if way.estimand.baseline_at_least else "any" for way in shown],
            "Rate": [rounding.full(way.rate) for way in shown],
            "Recall": ["reaches back before treatment" if way.overlaps else "" for way in shown],
        }
    )


def said(way: Way, gate: str) -> str:
    """A way in one line: `Response, 2–4 weeks after, missing: not met, baseline 10 or more`."""
    asked = way.estimand
    baseline = f"baseline {gate}" if asked.baseline_at_least else "any baseline"
    missing = MISSING_LABELS[asked.missing].lower()
    what = f"{OUTCOME_LABELS[asked.outcome]}, {WINDOW_LABELS[asked.window].lower()}"
    return f"{what}, missing: {missing}, {baseline}"


def own_place(ways: Sequence[Way], asked: Estimand) -> str:
    """`The locked question is number 211 of 720 from below, at 40 % (70 of 174)`'s place."""
    place = next((place for place, way in enumerate(ways) if way.estimand == asked), None)
    return (
        ""
        if place is None
        else f"number {whole(place + 1)} of {whole(len(ways))} from below, {counts(ways[place].rate)}"
    )
