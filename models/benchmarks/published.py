"""The published rates, read strictly: what is unknown, missing or impossible is an error that names it."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from models.benchmarks.benchmark import Benchmark
from models.scales import all_scales

_FILE: Final = "published.toml"
_UNSCALED: Final = ("mixed", "other", "unknown")
_HALF_A_POINT: Final = 0.5


class Problem(NamedTuple):
    """One thing wrong: in which entry and field, what stands there, and what is allowed."""

    entry: str
    field: str
    value: object
    allowed: str

    def __str__(self) -> str:
        """The problem as a line a person can mend the file by."""
        return f"{self.entry}: {self.field}: {self.allowed}; got {self.value!r}"


class BenchmarkFileError(ValueError):
    """A file of published rates cannot be used; names the file and everything found wrong in it."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{file}: {problem}" for problem in self.problems))


@cache
def published() -> Mapping[str, Benchmark]:
    """The shipped benchmarks by id, in the order of the clinical specification (§4.1, §4.2)."""
    content = (files(__package__) / _FILE).read_bytes()
    return {benchmark.id: benchmark for benchmark in read_benchmarks(_FILE, content)}


def read_benchmarks(file: str, content: bytes) -> tuple[Benchmark, ...]:
    """The rates a TOML file describes; `BenchmarkFileError` with everything wrong in it.

    A study holds what its rates share; a rate may say otherwise for itself.
    """
    try:
        document = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BenchmarkFileError(file, [Problem("file", "toml", str(error), "TOML in UTF-8")]) from error
    found: dict[str, Benchmark] = {}
    problems: list[Problem] = [
        Problem("file", key, document[key], "not a key of the file")
        for key in document
        if key not in ("next_review_on", "studies")
    ]
    for entry, fields in _entries(document, problems):
        try:
            benchmark = Benchmark.model_validate(fields)
        except ValidationError as error:
            problems += [_in_words(entry, detail) for detail in error.errors()]
            continue
        problems += _problems_of(benchmark)
        if benchmark.id in found:
            problems.append(Problem(entry, "id", entry, "an id no other entry has"))
        found[benchmark.id] = benchmark
    if problems:
        raise BenchmarkFileError(file, problems)
    return tuple(found.values())


def _entries(document: Mapping[str, Any], problems: list[Problem]) -> Iterator[tuple[str, dict[str, Any]]]:
    review = {key: document[key] for key in ("next_review_on",) if key in document}
    studies = document.get("studies")
    if not _tables(studies):
        problems.append(Problem("file", "studies", studies, "a list of studies"))
        return
    for number, study in enumerate(studies or [], start=1):
        rates = study.get("rates")
        if not _tables(rates):
            name = str(study.get("citation", f"study {number}"))
            problems.append(Problem(name, "rates", rates, "a list of rates"))
            continue
        shared = {key: value for key, value in study.items() if key != "rates"}
        for rate in rates:
            yield str(rate.get("id", f"study {number}")), review | shared | rate


def _tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(table, dict) for table in value)


def _problems_of(benchmark: Benchmark) -> Iterator[Problem]:
    known = (*all_scales(), *_UNSCALED)
    if benchmark.scale not in known:
        yield Problem(benchmark.id, "scale", benchmark.scale, f"one of {', '.join(known)}")
    if (benchmark.low is None) != (benchmark.high is None):
        yield Problem(benchmark.id, "low", benchmark.low, "both low and high, or neither")
    elif (
        benchmark.low is not None
        and benchmark.high is not None
        and not benchmark.low <= benchmark.percent <= benchmark.high
    ):
        yield Problem(benchmark.id, "percent", benchmark.percent, f"from {benchmark.low} to {benchmark.high}")
    n = benchmark.n_analysed
    if n is not None and benchmark.n_started is not None and n > benchmark.n_started:
        yield Problem(benchmark.id, "n_analysed", n, f"at most n_started, {benchmark.n_started}")
    if benchmark.x is not None and (
        n is None or abs(100 * benchmark.x / n - benchmark.percent) > _HALF_A_POINT
    ):
        yield Problem(benchmark.id, "x", benchmark.x, f"{benchmark.percent} % of n_analysed, {n}")


def _in_words(entry: str, detail: Any) -> Problem:
    field = ".".join(str(part) for part in detail["loc"])
    match detail["type"]:
        case "missing":
            return Problem(entry, field, None, "required")
        case "extra_forbidden":
            return Problem(entry, field, detail["input"], "not a key of a benchmark")
        case _:
            return Problem(entry, field, detail["input"], detail["msg"])
