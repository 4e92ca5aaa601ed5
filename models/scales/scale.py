"""A scale as a value: what it asks, how far it runs, and what its numbers mean."""

from datetime import date
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

Whole = Annotated[int, Strict()]
Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
SUICIDE: Final = "suicidal ideation"
"""What a scale measures whose every question is about suicide."""

Word = Annotated[str, StringConstraints(pattern=r"^[^\W\d_][\w ,()/-]*$")]
"""What stands in the middle of sentences, some of them with markup of their own."""
Day = Annotated[date, Strict()]

HIGHEST_TOTAL: Final = 1023
"""Outcomes pack a total into ten bits."""

FIGURES: Final = (
    "bands",
    "remission_at_most",
    "response_percent",
    "partial_response_percent",
    "mcid",
    "mcid_percent",
    "reliable_change",
    "deterioration",
    "caseness_at_least",
    "response_and_at_most",
    "baseline_at_least",
)
"""The fields a clinician could look up. In a TOML each is written `{ value = …, source = "…" }`."""


class Part(BaseModel):
    """A piece of a scale: frozen, and refusing keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Answer(Part):
    """One answer a patient may choose, and the number it stands for."""

    value: Whole
    label: Text


class Item(Part):
    """One question. `text` is empty where the wording is licensed and only the number may be typed."""

    number: Whole
    low: Whole
    high: Whole
    text: Text | None = None
    loinc: Text | None = None


class Band(Part):
    """A labelled stretch of the scale's range, both bounds inclusive."""

    name: Text
    low: Whole
    high: Whole


class Domain(Part):
    """Items of which only the highest counts (QIDS: sleep is the worst of four)."""

    name: Text
    items: tuple[Whole, ...]


class Subscore(Part):
    """Items summed apart from the total; `symptoms_at_least` is what a provisional diagnosis asks of them."""

    name: Text
    items: tuple[Whole, ...]
    symptoms_at_least: Whole | None = None


class Provisional(Part):
    """A provisional diagnosis: an item of `symptom_from` or more is a symptom; each subscore needs some."""

    name: Text
    symptom_from: Whole
    source: Text


class SuicideItem(Part):
    """The item that asks about suicide, and the answer each alert level begins at."""

    number: Whole
    low: Whole
    high: Whole
    ideation: Whole
    frequent: Whole | None = None
    nearly_every_day: Whole | None = None
    source: Text


class Source(Part):
    """Where a figure of the scale comes from."""

    field: Text
    text: Text


class Scale(Part):
    """One instrument in one version. Higher is worse on every scale.

    Totals are whole numbers. Where a scale has decimals (PROMIS T-scores: one) `low`, `high`, every cut-off
    and every recorded total count the smallest step, so 54.9 is 549; `shown` turns it back into what people
    read.
    A figure that is `None` is undefined for the scale: nothing may be counted with it.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    name: Text
    version: Text
    order: Whole = 1000
    measures: Word
    rater: Literal["self", "clinician"]
    low: Whole
    high: Whole
    decimals: Annotated[int, Strict(), Field(ge=0, le=2)] = 0
    recall_choices: Annotated[tuple[Whole, ...], Field(min_length=1)]
    scoring: Literal["sum", "domain_max", "total_only"]
    most_missing: Whole = 0

    stem: Text | None = None
    answers: tuple[Answer, ...] = ()
    items: tuple[Item, ...] = ()
    domains: tuple[Domain, ...] = ()
    subscores: tuple[Subscore, ...] = ()
    provisional: Provisional | None = None
    suicide_item: SuicideItem | None = None

    bands: tuple[Band, ...] = ()
    remission_at_most: Whole | None = None
    response_percent: Whole | None = None
    partial_response_percent: Whole | None = None
    mcid: Whole | None = None
    mcid_percent: Whole | None = None
    reliable_change: Whole | None = None
    deterioration: Whole | None = None
    caseness_at_least: Whole | None = None
    response_and_at_most: Whole | None = None
    baseline_at_least: Whole | None = None
    sources: tuple[Source, ...] = ()

    loinc_panel: Text | None = None
    loinc_total: Text | None = None
    rights: Text
    source: Text
    reviewed_on: Day
    next_review_on: Day

    @property
    def is_of_suicide(self) -> bool:
        """Whether every question of it is about suicide, and so any of its totals an answer to that."""
        return self.measures == SUICIDE

    @property
    def recall_days(self) -> int:
        """The days the scale usually asks about; 0 is "now"."""
        return self.recall_choices[0]

    @property
    def items_shipped(self) -> bool:
        """Whether the wording of the items comes with the product."""
        return bool(self.items) and all(item.text for item in self.items)

    @property
    def form_items(self) -> bool:
        """Whether forms and files may give the items, with or without their wording."""
        return self.scoring != "total_only"

    def item(self, number: int) -> Item | None:
        """The item of that number, if the scale has it."""
        return self._numbered.get(number)

    def shown(self, total: int) -> str:
        """A total as people read it: 14 on PHQ-9, 54.9 for the 549 tenths of a T-score."""
        whole, steps = divmod(abs(total), 10**self.decimals)
        sign = "-" if total < 0 else ""
        return f"{sign}{whole}.{steps:0{self.decimals}d}" if self.decimals else f"{sign}{whole}"

    def score(self, total: int) -> float:
        """The same as a number, for files and documents."""
        return total / 10**self.decimals if self.decimals else total

    @cached_property
    def _numbered(self) -> dict[int, Item]:
        return {item.number: item for item in self.items}

    def source_of(self, field: str) -> str | None:
        """Where one of the figures comes from; `None` where the scale has no such figure."""
        return next((source.text for source in self.sources if source.field == field), None)
