"""A published rate as a value, with the question it answers."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from models.outcomes.proportions.rates import Rate, wilson
from models.outcomes.question.vocabulary import Indication, Outcome, Route, WindowName

Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
Short = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"\S")]
Count = Annotated[int, Strict(), Field(gt=0)]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Denominator = Literal["everyone started", "observed only", "model-based", "not stated"]


def as_ratio(percent: float) -> float:
    """A percentage as a proportion, digit for digit: floats would divide 55.4 to 0.5539999999999999."""
    return float(Decimal(str(percent)) / 100)


class Part(BaseModel):
    """A piece of a benchmark: frozen, and refusing keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Arm(Part):
    """What those given something else came to, in the same trial; `active` is a treatment, no control."""

    name: Text
    percent: Percent
    n: Count | None = None
    active: bool = False

    @property
    def label(self) -> str:
        """What they were given: `ECT (another active treatment)`."""
        return f"{self.name} (another active treatment)" if self.active else self.name

    @property
    def ratio(self) -> float:
        """Their rate as a proportion."""
        return as_ratio(self.percent)


class Figure(Part):
    """Another figure published beside the rate."""

    words: Text
    percent: Percent


class Benchmark(Part):
    """One published rate. `scale` is a scale's id, `mixed`, `other`, or `unknown` where none is confirmed.

    `window` is absent where no window of ours is comparable; `definition` where the outcome is ours. `x`
    counts who met the outcome; it is given only where known, and `x_rounded` says it was worked back from the
    percentage. `low` and `high` bound the rate as published, in percent.
    """

    id: Text
    citation: Text
    setting: Text
    doi: Text | None = None
    pubmed: Text | None = None
    drug: Literal["ketamine", "esketamine", "none"]
    route: Route
    condition: Indication
    design: Text
    control: Text | None = None
    n_started: Count | None = None
    n_analysed: Count | None = None
    scale: Text
    outcome: Outcome
    definition: Short | None = None
    window: WindowName | None = None
    window_words: Short
    denominator: Denominator
    percent: Percent
    x: Annotated[int, Strict(), Field(ge=0)] | None = None
    x_rounded: bool = False
    low: Percent | None = None
    high: Percent | None = None
    pooled: bool = False
    arms: tuple[Arm, ...] = ()
    harms: tuple[Figure, ...] = ()
    also: tuple[Figure, ...] = ()
    provenance: Literal["S"]
    source: Text
    next_review_on: Annotated[date, Strict()]

    @property
    def ratio(self) -> float:
        """The published rate as a proportion."""
        return as_ratio(self.percent)

    @property
    def rate(self) -> Rate | None:
        """The counts with their 95 % Wilson interval, where they are known (§4.3)."""
        if self.x is None or self.n_analysed is None:
            return None
        return wilson(self.x, self.n_analysed)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The limits as published, else Wilson's around the counts, as proportions; `None` of neither."""
        if self.low is not None and self.high is not None:
            return as_ratio(self.low), as_ratio(self.high)
        if self.rate is None or self.rate.low is None or self.rate.high is None:
            return None
        return self.rate.low, self.rate.high
