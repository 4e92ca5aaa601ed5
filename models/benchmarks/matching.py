"""Whether a published rate answers the question on screen, and if not, why not."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from models.benchmarks.benchmark import Benchmark
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Missing, Route
from models.outcomes.question.words import INDICATION_LABELS, OUTCOME_LABELS, ROUTE_LABELS
from models.scales import Scale, all_scales

_COUNTED: Final = {Missing.NON_RESPONDER: "everyone started", Missing.OBSERVED: "observed only"}


class Match(NamedTuple):
    """What keeps a benchmark from standing beside a rate, in a few words each; nothing if it may."""

    mismatches: tuple[str, ...]

    @property
    def matches(self) -> bool:
        """Whether both answer one question."""
        return not self.mismatches


def compared(benchmark: Benchmark, estimand: Estimand, scale: Scale) -> Match:
    """What differs between the question of a benchmark and `estimand`, asked on `scale` (§4.3).

    A rate of the observed only never matches a question that counts everyone, nor the other way round; a
    denominator that is not stated matches none.
    """
    return Match(tuple(_mismatches(benchmark, estimand, scale)))


def _mismatches(benchmark: Benchmark, estimand: Estimand, scale: Scale) -> Iterator[str]:
    if benchmark.drug == "esketamine":
        yield "esketamine nasal spray"
    elif benchmark.drug == "none":
        yield "no ketamine"
    elif estimand.route not in (Route.ANY, benchmark.route):
        yield f"other route: {ROUTE_LABELS[benchmark.route].lower()}"
    if benchmark.condition not in estimand.indications and not estimand.any_indication:
        yield f"another condition: {INDICATION_LABELS[benchmark.condition]}"
    if benchmark.scale != scale.id:
        yield _other_scale(benchmark.scale)
    if benchmark.outcome is not estimand.outcome:
        yield f"other outcome: {OUTCOME_LABELS[benchmark.outcome].lower()}"
    elif benchmark.definition and benchmark.definition != _own_cut_off(benchmark, scale):
        yield f"other rule: {benchmark.definition}"
    if benchmark.window is not estimand.window:
        yield f"other window: {benchmark.window_words}"
    if benchmark.denominator != _COUNTED.get(estimand.missing):
        yield "denominator not stated" if benchmark.denominator == "not stated" else benchmark.denominator


def _other_scale(scale_id: str) -> str:
    match scale_id:
        case "mixed":
            return "mixed scales"
        case "unknown":
            return "scale not confirmed"
        case "other":
            return "another scale"
        case _:
            return f"another scale: {all_scales()[scale_id].name}"


def _own_cut_off(benchmark: Benchmark, scale: Scale) -> str | None:
    if benchmark.outcome != "remission" or scale.remission_at_most is None:
        return None
    return f"{scale.name} {scale.remission_at_most} or less"
