"""From a baseline, which scores reach an outcome: the rule of `change.py` read backwards."""

from models.outcomes.question.change import rule_of
from models.outcomes.question.vocabulary import Outcome
from models.scales import Scale


def scores_reaching(outcome: Outcome, baseline: int, scale: Scale) -> range:
    """The scores of the scale that reach the outcome from this baseline; empty where none does.

    Every rule holds for an unbroken stretch of scores: from a PHQ-9 baseline of 21, 0 to 10 are a response
    (half of 21 is 10.5), 11 to 15 a partial response, 27 alone is deterioration. Asked of the rule itself,
    score by score, so that no threshold is worked out twice. Counted in the scale's smallest steps.

    Raises `UndefinedOutcomeError` where the scale does not define the outcome.
    """
    is_met = rule_of(outcome, scale).is_met
    reaching = [score for score in range(scale.low, scale.high + 1) if is_met(baseline, score, scale)]
    return range(reaching[0], reaching[-1] + 1) if reaching else range(0)
