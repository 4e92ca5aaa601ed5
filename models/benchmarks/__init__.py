"""Published rates as data, each with the question it answers."""

from models.benchmarks.ancestors import ANCESTORS, NO_SOURCE, Ancestor
from models.benchmarks.benchmark import Arm, Benchmark, Figure
from models.benchmarks.comparators import Span, control_arms, control_span
from models.benchmarks.matching import Match, compared
from models.benchmarks.published import BenchmarkFileError, Problem, published, read_benchmarks

__all__ = [
    "ANCESTORS",
    "NO_SOURCE",
    "Ancestor",
    "Arm",
    "Benchmark",
    "BenchmarkFileError",
    "Figure",
    "Match",
    "Problem",
    "Span",
    "compared",
    "control_arms",
    "control_span",
    "published",
    "read_benchmarks",
]
