"""What the record says of each part of the advertised sentence, and of whom it is said."""

from dashboard import data
from dashboard.findings import Findings
from models.outcomes.answers.claim_parts import RAPID, Beside, ClaimPart, claim_parts
from models.outcomes.answers.of_many import Told, Withheld, of_many
from models.outcomes.counts.case_mix import Group, Quartiles, case_mix, quartiles
from models.outcomes.counts.early_response import Foretold, foretold
from models.outcomes.counts.selection import ChosenIll, chosen_ill
from models.outcomes.derivation.rapid import rapid_outcomes
from models.outcomes.question.estimand import Estimand


def mix_of(found: Findings) -> list[Group] | Withheld:
    """Who was counted, group by group."""
    return _of_enough(found, _mix(found.answer.estimand))


def middle_of(found: Findings) -> list[Quartiles] | Withheld:
    """Their baseline, age and failed trials: medians and quartiles."""
    record, question = data.record(), found.answer.estimand
    outcomes, scale = data.outcomes(question.scale), data.scales()[question.scale]
    return _of_enough(found, quartiles(outcomes, record.courses, record.patients, question, scale))


def foretold_of(question: Estimand) -> Foretold | None:
    """How they fared by their score of day 7."""
    return foretold(data.outcomes(question.scale), question, data.scales()[question.scale])


def flattery_of(found: Findings) -> ChosenIll | Withheld | None:
    """What choosing the ill alone does to a mean change."""
    question = found.answer.estimand
    ill = chosen_ill(data.outcomes(question.scale), question, data.scales()[question.scale])
    return ill if ill is None or found.one_by_one else of_many(ill, ill.courses, Withheld.BASELINES)


def parts_of(found: Findings) -> list[ClaimPart]:
    """The parts, each counted of the people the question is asked of."""
    question = found.answer.estimand
    scales, claim = data.scales(), data.ledger().claim
    rapid = rapid_outcomes(data.record(), scales[RAPID], data.today()) if RAPID in scales else None
    beside = Beside(rapid, found.suicide_item, _mix(question))
    return claim_parts(data.outcomes, beside, question, scales, claim, as_of=data.today())


def _mix(question: Estimand) -> list[Group]:
    record, scale = data.record(), data.scales()[question.scale]
    return case_mix(data.outcomes(question.scale), record.courses, record.patients, question, scale)


def _of_enough(found: Findings, told: Told) -> Told | Withheld:
    return told if found.one_by_one else of_many(told, found.answer.rate.denominator, Withheld.MIX)
