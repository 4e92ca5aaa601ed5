"""One course counted aloud: a baseline, an endpoint, and what the question makes of them."""

from typing import Final

from dashboard.charts.words import signed
from dashboard.components.page.plain import plain
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.reaching import scores_reaching
from models.outcomes.question.words import OUTCOME_LABELS
from models.scales import Scale

HIGH: Final = (7, 9)  # of the scale's range: a PHQ-9 baseline of 21,
LOW: Final = (1, 3)  # and an endpoint of 9


def example_of(scale: Scale) -> tuple[int, int]:
    """A baseline and an endpoint of somebody who was ill and is better: 21 and 9 on PHQ-9."""
    reach = scale.high - scale.low
    baseline, endpoint = (scale.low + reach * part // of for part, of in (HIGH, LOW))
    return baseline, endpoint


def counted_aloud(question: Estimand, scale: Scale) -> str:
    """That course under the question asked, in Markdown: "Baseline 21, endpoint 9: … Response: yes."."""
    baseline, endpoint = example_of(scale)
    reaching = scores_reaching(question.outcome, baseline, scale)
    answer = "yes" if endpoint in reaching else "no"
    change = signed(endpoint - baseline, scale.decimals)
    return (
        f"Baseline {scale.shown(baseline)}, endpoint {scale.shown(endpoint)}: a change of {change} on the "
        f"{plain(scale.name)}. From a baseline of {scale.shown(baseline)}, {stretch(reaching, scale)}. "
        f"**{OUTCOME_LABELS[question.outcome]}: {answer}.**"
    )


def stretch(scores: range, scale: Scale) -> str:
    """Which scores count, in words: "10 or less counts", "11 to 15 count", "27 counts", "no score counts"."""
    if not scores:
        return "no score counts"
    first, last = scale.shown(scores[0]), scale.shown(scores[-1])
    if len(scores) == 1:
        return f"{first} counts"
    if scores[0] == scale.low:
        return f"{last} or less counts"
    if scores[-1] == scale.high:
        return f"{first} or more counts"
    return f"{first} to {last} count"
