"""Claim: the answer first, harm beside it, then the way to it."""

from dashboard import data
from dashboard.components.claim.certainty_card import show_certainty
from dashboard.components.claim.claim_answer import show_answer
from dashboard.components.claim.claim_charts import show_claim_charts
from dashboard.components.claim.claim_empty import nobody_counted
from dashboard.components.claim.claim_numbers import show_claim_numbers
from dashboard.components.claim.lock_card import show_locked_before, show_locks
from dashboard.components.claim.parts_card import show_parts
from dashboard.components.claim.roll_card import show_roll
from dashboard.components.page.empty_state import show_empty
from dashboard.components.page.role import Right, allowed, need
from dashboard.components.page.withheld import say_withheld
from dashboard.components.question.estimand_picker import asked
from dashboard.components.question.question_row import show_question
from models.outcomes.answers.ways import staircase


def show() -> None:
    """Everything one question has to say, of the same people."""
    need(Right.RATES)
    scales = data.scales()
    question = asked(scales)
    scale = scales[question.scale]
    one_by_one = allowed(Right.PATIENTS)
    found = data.findings(question, one_by_one=one_by_one)
    if not found.answer.counts.counted:
        show_empty(nobody_counted(found))
        return
    ledger = data.ledger()
    show_locked_before(ledger)
    show_answer(found, scale, exploratory=question != ledger.question)
    show_question(found, data.record().known_until.astimezone(data.zone()))
    steps = staircase(data.ways(question), question)
    show_claim_charts(found, steps, scale)
    looks = len(data.looks(ledger.lock.id)) if ledger.lock else 0
    show_parts(found, scale)
    show_certainty(found.answer, found.rounding, looks)
    if one_by_one:
        show_roll(found, scale)
    show_locks(found, ledger)
    show_claim_numbers(found, steps, scale, looks)
    if not one_by_one:
        say_withheld()
