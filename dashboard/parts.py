"""What the record says of each part of the advertised sentence, and of whom it is said."""

from dashboard import data
from models.outcomes.case_mix import Group, Quartiles, case_mix, quartiles
from models.outcomes.claim_parts import RAPID, Beside, ClaimPart, claim_parts
from models.outcomes.early_response import Foretold, foretold
from models.outcomes.estimand import Estimand
from models.outcomes.rapid import rapid_outcomes
from models.outcomes.selection import ChosenIll, chosen_ill


def mix_of(question: Estimand) -> list[Group]:
    """Who was counted, group by group."""
    record, scale = data.record(), data.scales()[question.scale]
    return case_mix(data.outcomes(question.scale), record.courses, record.patients, question, scale)


def middle_of(question: Estimand) -> list[Quartiles]:
    """Their baseline, age and failed trials: medians and quartiles."""
    record, scale = data.record(), data.scales()[question.scale]
    return quartiles(data.outcomes(question.scale), record.courses, record.patients, question, scale)


def foretold_of(question: Estimand) -> Foretold | None:
    """How they fared by their score of day 7."""
    return foretold(data.outcomes(question.scale), question, data.scales()[question.scale])


def flattery_of(question: Estimand) -> ChosenIll | None:
    """What choosing the ill alone does to a mean change."""
    return chosen_ill(data.outcomes(question.scale), question, data.scales()[question.scale])


def parts_of(question: Estimand) -> list[ClaimPart]:
    """The parts, each counted of the people the question is asked of."""
    suicide = data.findings(question).suicide_item
    scales, claim = data.scales(), data.ledger().claim
    rapid = rapid_outcomes(data.record(), scales[RAPID], data.today()) if RAPID in scales else None
    beside = Beside(rapid, suicide, mix_of(question))
    return claim_parts(data.outcomes, beside, question, scales, claim, as_of=data.today())
