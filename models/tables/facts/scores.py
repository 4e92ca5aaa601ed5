"""Facts of an assessment: a total, the items it comes from, or both."""

from collections.abc import Iterator, Mapping
from datetime import date, tzinfo
from functools import cached_property
from typing import ClassVar, Self

from pydantic import Field, InstanceOf

from models.scales import Scale, UnknownScaleError
from models.scales.limits import check_item
from models.scales.scoring import (
    AlertLevel,
    Score,
    ScoreError,
    alert_level,
    check_suicide_item,
    check_total,
    check_total_beside,
    score_items,
)
from models.tables.facts.base import ClinicalMoment, Facts
from models.tables.facts.problems import FactsError, Problem, refused
from models.tables.facts.setting import Setting
from models.tables.words import Mode, Status, Timing


class AssessmentFacts(Facts):
    """One administration of one scale. Total, status and alert are worked out from the raw items.

    `items` maps item numbers to answers, `None` where one was left out. A total without items has no item
    logic; the answer to the scale's suicide item may then stand in `suicide_item`. A form says whether what
    is blank on it was seen to be blank: `blanks_confirmed`.
    """

    MISSED_AS: ClassVar = {"assessed_on": "assessed_at", "items": "total"}

    patient_id: int = Field(title="Patient")
    scale: InstanceOf[Scale]
    assessed_at: ClinicalMoment | None = Field(default=None, title="Time of the assessment")
    assessed_on: date | None = Field(default=None, title="Date of the assessment")
    timing: Timing | None = None
    recall_days: int | None = None
    mode: Mode | None = None
    items: dict[int, int | None] | None = None
    total: int | None = None
    suicide_item: int | None = None
    blanks_confirmed: bool = True

    @classmethod
    def check(cls, values: Mapping[str, object], setting: Setting) -> Self:
        """As for all facts; the error of answers that raise an alert says so, though nothing is stored."""
        try:
            return super().check(values, setting)
        except FactsError as error:
            raise FactsError(error.problems, _alert_in(values, setting)) from None

    @classmethod
    def prepared(cls, values: Mapping[str, object], setting: Setting) -> Mapping[str, object]:
        """The scale's id becomes the scale."""
        given = values.get("scale")
        scale = setting.scales.get(given) if isinstance(given, str) else None
        if scale is None:
            error = UnknownScaleError(str(given), setting.scales)
            raise FactsError([Problem("scale", given, f"one of {', '.join(setting.scales)}", str(error))])
        return {**values, "scale": scale}

    @cached_property
    def score(self) -> Score | None:
        """What the items come to; `None` for a total recorded alone."""
        return None if self.items is None else score_items(self.scale, self.items)

    @property
    def points(self) -> int:
        """The total to record: of the items where there are items, else as given."""
        total = self.total if self.score is None else self.score.total
        if total is None:
            raise ValueError("Neither items nor a total: these facts were not checked")
        return total

    @property
    def status(self) -> Status:
        """Whether all items, enough of them, or a total alone was given."""
        if self.score is None:
            return "total_only"
        return "prorated" if self.score.status == "prorated" else "complete"

    @property
    def suicide_answer(self) -> int | None:
        """The answer to the scale's suicide item; `None` when it was left out, or never asked."""
        return self.suicide_item if self.score is None else self.score.suicide_item

    @property
    def alert(self) -> AlertLevel | None:
        """What the answer to the suicide item calls for."""
        return alert_level(self.scale, self.suicide_answer, asked=self.score is not None)

    def problems(self, setting: Setting) -> Iterator[Problem]:
        """A time that cannot be, a recall the scale does not have, answers or totals it cannot give."""
        yield from setting.either_problems(
            ("assessed_at", "assessed_on"),
            "Date of the assessment",
            self.assessed_at,
            self.assessed_on,
            is_assessment=True,
        )
        choices = self.scale.recall_choices
        if self.recall_days is not None and self.recall_days not in choices:
            allowed = " or ".join(str(days) for days in choices)
            yield refused("recall_days", f"{self.scale.name}: recall in days", self.recall_days, allowed)
        wrong = list(self._item_problems())
        yield from wrong
        if not wrong:
            try:
                yield from self._score_problems()
            except ScoreError as error:
                yield _off_scale(error)

    def _item_problems(self) -> Iterator[Problem]:
        if self.scale.form_items:
            for number, answer in (self.items or {}).items():
                try:
                    if answer is not None:
                        check_item(self.scale, number, answer)
                except ScoreError as error:
                    yield _off_scale(error)

    def _score_problems(self) -> Iterator[Problem]:
        name, score = self.scale.name, self.score
        if score is None:
            if self.total is None:
                yield Problem("total", None, "a total or items", f"{name} needs its total or its items")
            else:
                check_total(self.scale, self.total)
            if self.suicide_item is not None:
                check_suicide_item(self.scale, self.suicide_item)
                if self.total is not None:
                    check_total_beside(self.scale, self.total, self.suicide_item)
            return
        if score.status == "prorated" and not self.blanks_confirmed:
            yield _blanks(self.scale, self.items or {})
        if score.total is None:
            given = self.items or {}
            answered = sum(answer is not None for answer in given.values())
            yield Problem("items", ", ".join(_blank(self.scale, given)), *_too_few(self.scale, answered))
        elif self.total is not None and self.total != score.total:
            yield refused("total", f"{name}: the total", self.total, f"what its items come to, {score.total}")
        if self.suicide_item is not None and self.suicide_item != score.suicide_item:
            said = "unanswered" if score.suicide_item is None else score.suicide_item
            yield refused(
                "suicide_item", f"{name}: the suicide item", self.suicide_item, f"as among the items, {said}"
            )

    def days(self, zone: tzinfo) -> Iterator[tuple[str, str, date]]:
        """The day of the assessment, in the clinic's zone."""
        if self.assessed_at is not None:
            yield "assessed_at", "Date of the assessment", self.assessed_at.astimezone(zone).date()
        elif self.assessed_on is not None:
            yield "assessed_on", "Date of the assessment", self.assessed_on


def _off_scale(error: ScoreError) -> Problem:
    return Problem(error.field, error.value, error.allowed, str(error))


def _too_few(scale: Scale, answered: int) -> tuple[str, str]:
    """What is allowed, and the message."""
    if scale.scoring == "domain_max":
        allowed = f"an answer in each of its {len(scale.domains)} domains"
        return allowed, f"{scale.name} needs {allowed}"
    allowed = f"at least {len(scale.items) - scale.most_missing} of its {len(scale.items)} items answered"
    return allowed, f"{scale.name} needs {allowed}; got {answered}"


def _blank(scale: Scale, items: Mapping[int, int | None]) -> list[str]:
    """The numbers of the items without an answer; of domains one answer is enough."""
    given = {number for number, answer in items.items() if answer is not None}
    enough = {item for domain in scale.domains if given.intersection(domain.items) for item in domain.items}
    return [str(item.number) for item in scale.items if item.number not in given | enough]


def _blanks(scale: Scale, items: Mapping[int, int | None]) -> Problem:
    """A form with gaps is prorated only once somebody said that nothing was answered there."""
    blank = _blank(scale, items)
    named = (
        f"Item {blank[0]} has" if len(blank) == 1 else f"Items {', '.join(blank[:-1])} and {blank[-1]} have"
    )
    words = f"{named} no answer. Answer, or confirm that nothing was answered: the total is then prorated."
    allowed = "every item answered, or confirmed as left blank"
    return Problem("items", ", ".join(blank), allowed, words, confirm=True)


def _alert_in(values: Mapping[str, object], setting: Setting) -> AlertLevel | None:
    """The alert that refused answers raise, read without trusting anything else of them."""
    scale, items = setting.scales.get(str(values.get("scale"))), values.get("items")
    if scale is None or scale.suicide_item is None:
        return None
    answer = (
        items.get(scale.suicide_item.number) if isinstance(items, Mapping) else values.get("suicide_item")
    )
    if not isinstance(answer, int) or isinstance(answer, bool):
        return None
    return alert_level(scale, answer, asked=True)
