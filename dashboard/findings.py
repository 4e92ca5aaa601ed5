"""Everything the Claim page says of one question, counted from the derived courses.

Passes over a hundred thousand courses are dear, and none needs the whole question: `count_by_quarter` counts
every outcome under every strategy, `changes_moved` and `closing` do not look at the outcome. `data.py` keeps
what they give, so that another outcome or strategy is arithmetic on a few hundred numbers.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, NamedTuple

import narwhals as nw
import polars as pl

from dashboard.charts.claim.changes import Changes, changes_of
from dashboard.charts.claim.quarter_words import Quarter
from dashboard.charts.words import Rounding
from models.outcomes.answers.answer import Answer, answer_from
from models.outcomes.answers.claim import Claim
from models.outcomes.answers.of_many import Withheld, of_many
from models.outcomes.counts.counting import Counted, at_window, count, nobody
from models.outcomes.counts.membership import changes
from models.outcomes.counts.population import standing
from models.outcomes.counts.suicide_item import SuicideAnswers, SuicideItemChange
from models.outcomes.counts.tally import Tally
from models.outcomes.derivation.derive import EPOCH
from models.outcomes.derivation.engines import opened, rows_of
from models.outcomes.proportions.rates import Rate, wilson
from models.outcomes.question.change import RULES, defined_outcomes
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import EndpointStatus, Missing, Outcome
from models.scales import Scale

DAYS_INTO_NEXT: Final = 95  # from a quarter's first day, some day of the next quarter's first month
NOBODY: Final = Tally(0, 0, 0, 0, 0, 0, 0)
BESIDE: Final = (Outcome.RESPONSE, Outcome.REMISSION, Outcome.DETERIORATION)

Quarters = Mapping[date, Counted]
"""What was counted of the windows that close in each quarter, by the quarter's first day."""


class OfPeople(NamedTuple):
    """What does not depend on the outcome asked about: changes, windows still open, the suicide item."""

    changes: Changes
    closing: "Closing | None"
    suicide_item: SuicideAnswers | None


class Closing(NamedTuple):
    """The first and the last day on which a window still open will close."""

    first: date
    last: date


@dataclass(frozen=True)
class Findings:
    """An answer and all that stands beside it, of the same courses on the same day.

    `answers` begins with the outcome asked about; the rest are response, remission and deterioration where
    the scale defines them. `ways` has the rate under every strategy for missing scores. `one_by_one` says
    whether it is for somebody who may read of single people.
    """

    answers: tuple[Answer, ...]
    ways: Mapping[Missing, Rate]
    quarters: tuple[Quarter, ...]
    changes: Changes | Withheld
    closing: Closing | None
    suicide_item: SuicideItemChange | Withheld | None
    rounding: Rounding
    one_by_one: bool

    @property
    def answer(self) -> Answer:
        """The answer to the question itself."""
        return self.answers[0]

    def of_many(self) -> "Findings":
        """The same for whoever may not read of single people."""
        moved, item = self.changes, self.suicide_item
        if not isinstance(moved, Withheld):
            moved = of_many(moved.without_scores, moved.seen, Withheld.CHANGES)
        if isinstance(item, SuicideItemChange):
            item = of_many(item, item.answered, Withheld.ANSWERS)
        return replace(self, changes=moved, suicide_item=item, one_by_one=False)


def same_people(question: Estimand, scale: Scale) -> Estimand:
    """The question that stands for all that count the same people."""
    members = next(each for each in _populations(question, scale) if question.outcome in each)
    return replace(question, outcome=members[0])


def count_by_quarter(outcomes: pl.DataFrame, question: Estimand, scale: Scale) -> Mapping[Outcome, Quarters]:
    """Every outcome the scale defines, counted apart by the quarter in which the window closes."""
    quarter = nw.col("closes_day").cast(nw.Date).dt.truncate("1q")
    courses = at_window(opened(outcomes), question.window, question).with_columns(quarter=quarter)
    counted: dict[Outcome, Quarters] = {}
    for members in _populations(question, scale):
        asked = replace(question, outcome=members[0])
        found = count(courses, asked, scale, members, by=["quarter"])
        quarters = {first_day: each for (first_day,), each in found.items()}
        for outcome in members:
            counted[outcome] = quarters
    return counted


def changes_moved(outcomes: pl.DataFrame, question: Estimand, scale: Scale) -> Changes:
    """How far each person counted moved; the outcome asked about matters only to who is counted."""
    return changes_of(changes(outcomes, question, scale).to_pandas(), scale)


def closing(outcomes: pl.DataFrame, question: Estimand, scale: Scale) -> Closing | None:
    """When the windows still open will close; `None` where none is."""
    courses = at_window(opened(outcomes), question.window, question)
    pending = courses.filter(standing(question, scale) == EndpointStatus.PENDING)
    days = rows_of(pending.select(first=nw.col("closes_day").min(), last=nw.col("closes_day").max()))[0]
    if days["first"] is None:
        return None
    return Closing(EPOCH + timedelta(days=days["first"]), EPOCH + timedelta(days=days["last"]))


def assemble(
    counted: Mapping[Outcome, Quarters],
    people: OfPeople,
    question: Estimand,
    scale: Scale,
    claim: Claim,
    *,
    as_of: date,
    one_by_one: bool,
) -> Findings:
    """Answer a question and those beside it from counts that are there already."""
    asked = (question, *_beside(question, scale))
    answers = tuple(
        answer_from(together(counted[each.outcome]), each, scale, claim, as_of=as_of) for each in asked
    )
    tally = answers[0].tally
    quarters = tuple(_quarters(counted[question.outcome], question))
    answers_about_suicide = people.suicide_item
    found = Findings(
        answers=answers,
        ways={way: wilson(*tally.fraction(way, question.outcome)) for way in Missing},
        quarters=quarters,
        changes=people.changes,
        closing=people.closing,
        suicide_item=answers_about_suicide.counted(question.missing) if answers_about_suicide else None,
        rounding=Rounding.beside(claim.rate, [answers[0].rate]),
        one_by_one=True,
    )
    return found if one_by_one else found.of_many()


def together(quarters: Quarters) -> Counted:
    """The same courses without regard to the quarter."""
    each = list(quarters.values())
    if not each:
        return nobody(Outcome)
    return Counted(
        {reason: sum(one.excluded[reason] for one in each) for reason in each[0].excluded},
        {outcome: _sum(one.tallies[outcome] for one in each) for outcome in each[0].tallies},
        {note: _sum(one.notes[note] for one in each) for note in each[0].notes},
    )


def _beside(question: Estimand, scale: Scale) -> Iterator[Estimand]:
    """The questions answered beside it; harm is answered of those seen."""
    for outcome in BESIDE:
        if outcome in defined_outcomes(scale) and outcome is not question.outcome:
            missing = Missing.OBSERVED if outcome.is_harm else question.missing
            yield replace(question, outcome=outcome, missing=missing)


def _quarters(counted: Quarters, question: Estimand) -> Iterator[Quarter]:
    """From the first quarter with somebody eligible to the last, those with nobody included."""
    tallies = {first: each.tallies[question.outcome] for first, each in counted.items() if each.eligible}
    starts_on, last = min(tallies, default=date.max), max(tallies, default=date.min)
    while starts_on <= last:
        tally = tallies.get(starts_on, NOBODY)
        rate = wilson(*tally.fraction(question.missing, question.outcome))
        yield Quarter(starts_on, rate, tally.pending)
        starts_on = (starts_on + timedelta(days=DAYS_INTO_NEXT)).replace(day=1)


def _populations(question: Estimand, scale: Scale) -> Iterator[tuple[Outcome, ...]]:
    """The outcomes the scale defines, by whom they can be asked of: a baseline of 0 has no share to lose."""
    defined = defined_outcomes(scale)
    if question.baseline_at_least:
        yield defined
        return
    for of_baseline in (True, False):
        if members := tuple(each for each in defined if RULES[each].of_baseline is of_baseline):
            yield members


def _sum(tallies: Iterable[Tally]) -> Tally:
    return Tally(*map(sum, zip(*tallies, strict=True)))
