"""How a number of the command line must read on screen: a second, plain writing of the house's rounding."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

FEW = 20


class Pen(NamedTuple):
    """Writes per cent beside an advertised rate: half up, but never across the rate itself."""

    claimed: float
    decimals: int

    def number(self, ratio: float) -> Decimal:
        exact, claim = Decimal(repr(ratio)) * 100, Decimal(repr(self.claimed)) * 100
        step = Decimal(1).scaleb(-self.decimals)
        shown = exact.quantize(step, ROUND_HALF_UP)
        if exact < claim <= shown:
            return exact.quantize(step, ROUND_FLOOR)
        if shown <= claim < exact:
            return exact.quantize(step, ROUND_CEILING)
        return shown

    def percent(self, ratio: float) -> str:
        step, shown = Decimal(1).scaleb(-self.decimals), self.number(ratio)
        if ratio > 0 and shown == 0:
            return f"under {step} %"
        if ratio < 1 and shown == 100:
            return f"over {100 - step} %"
        return f"{shown} %"

    def span(self, limits: dict[str, Any]) -> str:
        return f"{self.number(limits['low'])}–{self.number(limits['high'])} %"

    def full(self, rate: dict[str, Any]) -> str:
        """`41 % (65 of 159; 95 % CI 34–49 %)`."""
        if not rate["denominator"]:
            return "no one yet"
        return f"{self.percent(rate['ratio'])} ({of(rate)}; 95 % CI {self.span(rate)})"

    def short(self, rate: dict[str, Any] | None) -> str:
        """The same where fewer than 20 get their counts alone."""
        if rate is None:
            return "cannot be answered"
        return of(rate) if 0 < rate["denominator"] < FEW else self.full(rate)


def of(rate: dict[str, Any]) -> str:
    """`65 of 159`."""
    return f"{rate['numerator']:,} of {rate['denominator']:,}"
