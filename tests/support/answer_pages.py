"""Two small pages with an answer on them, for AppTest to run."""

from datetime import date

from dashboard.charts.claim.hero import hero
from dashboard.charts.claim.rates import rows_of
from dashboard.charts.claim.verdict_words import verdict_words
from dashboard.charts.parts import Parts
from dashboard.charts.words import Rounding
from dashboard.components.claim.rate_card import show_rate
from dashboard.components.page.figure import show
from models.outcomes.answers.answer import answer_from
from models.outcomes.answers.claim import Claim
from models.outcomes.counts.counting import Counted
from models.outcomes.counts.tally import Tally
from models.outcomes.proportions.rates import wilson
from models.outcomes.question.estimand import Estimand
from models.scales import all_scales

ROUNDING = Rounding(0.7)


def a_figure() -> None:
    drawn = hero(wilson(71, 168), Parts(71, 0, 50, 47), ROUNDING)
    show(drawn, name="hero", sentence="71 of 168 responded.")


def an_answer() -> None:
    phq9 = all_scales()["phq9"]
    question = Estimand.of(phq9)
    counted = Counted({}, {question.outcome: Tally(121, 71, 106, 78, 47, 10, 23)}, {})
    answer = answer_from(counted, question, phq9, Claim(), as_of=date(2026, 6, 30))
    words, rows = verdict_words(answer, phq9, ROUNDING), rows_of([answer], phq9)
    show_rate(answer, words, rows, phq9, ROUNDING, asked="Locked question")
