"""How numbers and dates are written, on screen and in every figure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final

from models.outcomes.proportions.rates import Rate

NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"
DASH: Final = "\u2013"
ALL: Final = Decimal(100)
NO_ONE: Final = "no one yet"
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Rounding:
    """How the percentages of one page are rounded beside its claim: whole, or to one decimal.

    A number below the claim is never written as the claim or above it, nor one above as the claim or below:
    69.97 beside 70 is written 69.9, a step to its own side.
    """

    claim: float
    decimals: int = 0

    @classmethod
    def beside(cls, claim: float, rates: Iterable[Rate]) -> "Rounding":
        """Whole per cent, unless the claim has decimals or one of these rates or limits would cross it."""
        mark = _exact(claim)
        own = min(2, max(0, -int(mark.normalize().as_tuple().exponent)))
        ratios = (ratio for rate in rates for ratio in (rate.ratio, rate.low, rate.high))
        known = [_exact(ratio) for ratio in ratios if ratio is not None]
        carried = any(_side(_rounded(exact, 0), mark) != _side(exact, mark) for exact in known)
        return cls(claim, own or int(carried))

    @property
    def advertised(self) -> str:
        """The claim as the advertisement writes it: `70`."""
        return f"{_exact(self.claim).normalize():f}"

    def value(self, ratio: float) -> Decimal:
        """The ratio in per cent as it is shown."""
        exact, mark = _exact(ratio), _exact(self.claim)
        shown = _rounded(exact, self.decimals)
        if _side(shown, mark) == _side(exact, mark):
            return shown
        return _rounded(exact, self.decimals, ROUND_FLOOR if exact < mark else ROUND_CEILING)

    def number(self, ratio: float) -> str:
        """`42`, or `69.6`."""
        return f"{self.value(ratio):f}"

    def percent(self, ratio: float) -> str:
        """`42 %`; some are never written as none, nor most as all."""
        shown = self.value(ratio)
        if ratio > 0 and shown == 0:
            return f"under {self._step}{NBSP}%"
        if ratio < 1 and shown == ALL:
            return f"over {ALL - self._step}{NBSP}%"
        return f"{shown:f}{NBSP}%"

    def span(self, low: float, high: float) -> str:
        """`35–50 %`."""
        return f"{self.number(low)}{DASH}{self.number(high)}{NBSP}%"

    def interval(self, rate: Rate) -> str:
        """`71 of 168; 95 % CI 35–50 %`."""
        if rate.low is None or rate.high is None:
            return NO_ONE
        return f"{counts(rate)}; 95{NBSP}% CI {self.span(rate.low, rate.high)}"

    def full(self, rate: Rate) -> str:
        """`56 % (118 of 212; 95 % CI 49–62 %)`, the form of captions, exports and alt texts."""
        if rate.ratio is None:
            return NO_ONE
        return f"{self.percent(rate.ratio)} ({self.interval(rate)})"

    @property
    def _step(self) -> Decimal:
        return Decimal(1).scaleb(-self.decimals)


def _exact(ratio: float) -> Decimal:
    return Decimal(repr(float(ratio))) * ALL


def _rounded(exact: Decimal, decimals: int, towards: str = ROUND_HALF_UP) -> Decimal:
    return exact.quantize(Decimal(1).scaleb(-decimals), towards)


def _side(number: Decimal, mark: Decimal) -> int:
    return (number > mark) - (number < mark)


def whole(number: int) -> str:
    """`168`, `9,016`."""
    return f"{number:,}"


def counts(rate: Rate) -> str:
    """`71 of 168`."""
    return f"{whole(rate.numerator)} of {whole(rate.denominator)}"


def nth(place: int) -> str:
    """`1st`, `2nd`, `13th`."""
    ending = "th" if place % 100 in range(11, 14) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def people(number: int) -> str:
    """`1 person`, `168 people`."""
    return "1 person" if number == 1 else f"{whole(number)} people"


def signed(change: int, decimals: int = 0) -> str:
    """`−11`, `+5`, `0`; of a scale stored in tenths, −112 is `−11.2`."""
    size = f"{Decimal(abs(change)).scaleb(-decimals):f}"
    return f"{MINUS}{size}" if change < 0 else f"+{size}" if change else size


def on(day: date) -> str:
    """`30 Jun 2026`."""
    return f"{day.day}{NBSP}{MONTHS[day.month - 1]}{NBSP}{day.year}"


def at(moment: time) -> str:
    """`09:20`."""
    return f"{moment:%H:%M}"


def dose(mg_per_kg: float) -> str:
    """`0.5 mg/kg`, hundredths only where they say something."""
    return f"{round(mg_per_kg, 2):g}{NBSP}mg/kg"
