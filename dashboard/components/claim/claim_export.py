"""The Claim page as one file: a row a number, never rounded, each with the question it answers."""

from collections.abc import Iterator, Sequence

from dashboard.charts.claim.forest import Beside
from dashboard.charts.claim.rates import RateRow
from dashboard.charts.claim.unseen import Assumed
from dashboard.findings import Findings
from dashboard.parts import flattery_of, mix_of, parts_of
from models.outcomes.answers.answer import Answer
from models.outcomes.answers.certainty import certainty
from models.outcomes.answers.of_many import Withheld
from models.outcomes.answers.ways import Stair, Way, reaching
from models.outcomes.counts.sensitivity import identified
from models.outcomes.proportions.power import NeverTold
from models.outcomes.proportions.rates import Rate
from models.scales import Scale

Line = dict[str, object]


def exported(
    found: Findings, rows: Sequence[RateRow], steps: Sequence[Stair], scale: Scale
) -> Iterator[Line]:
    """The numbers of the charts: rates under every strategy and step, by quarter, and who went where."""
    answer, counts = found.answer, found.answer.counts
    for row in rows:
        yield _rate(answer, "benefit and harm", row.label, row.rate)
        if row.worst:
            yield _rate(answer, "benefit and harm", f"{row.label}, at worst", row.worst)
    for way, rate in found.ways.items():
        yield _rate(answer, "a missing score counts as", str(way), rate)
    for stair in steps:
        said = stair.estimand.sentence(scale)
        yield _rate(answer, "why the number changes", str(stair.step), stair.rate) | {"question": said}
    for quarter in found.quarters:
        yield _rate(answer, "quarter from", quarter.starts_on.isoformat(), quarter.rate)
    for reason, left_out in counts.excluded.items():
        yield _rate(answer, "left out", str(reason), Rate(left_out, counts.treated, None, None))
    for status in ("pending", "observed", "missing"):
        eligible = Rate(getattr(counts, status), counts.eligible, None, None)
        yield _rate(answer, "eligible", status, eligible)
    if isinstance(found.suicide_item, Withheld):
        yield _line(answer, "suicide item", found.suicide_item)
    yield from _changed(found)


def _changed(found: Findings) -> Iterator[Line]:
    answer, moved = found.answer, found.changes
    if isinstance(moved, Withheld):
        yield _line(answer, "change from baseline", moved)
        return
    for name in ("met", "between", "worse"):
        number = moved.between if name == "between" else int(getattr(moved, name).sum())
        yield _rate(answer, "change from baseline", name, Rate(number, moved.seen, None, None))


def surrounding(
    found: Findings, assumed: Sequence[Assumed], every: Sequence[Way], others: Sequence[Beside], looks: int
) -> Iterator[Line]:
    """The numbers around the rate: the unseen, how sure, every way, published rates, the claim's parts."""
    answer = found.answer
    yield from _unseen(answer, assumed)
    yield from _how_sure(answer)
    yield _line(answer, "looks", "with new counts", count=looks)
    reached = Rate(reaching(every, answer.claim.rate), len(every), None, None)
    yield _rate(answer, "every way to count", "at the claim or above", reached)
    for benchmark, _ in others:
        low, high = benchmark.interval or (None, None)
        known = None if benchmark.x_rounded else benchmark.x
        numbers = {"count": known, "of": benchmark.n_analysed, "ratio": benchmark.ratio}
        yield _line(answer, "published", benchmark.id, **numbers, low=low, high=high)
        for arm in benchmark.arms:
            yield _line(
                answer, "published, compared with", f"{benchmark.id}: {arm.name}", of=arm.n, ratio=arm.ratio
            )
    for part in parts_of(found):
        name = f"{part.phrase}: {part.counted}"
        unanswered = _line(answer, "the claim in parts", name)
        yield unanswered if part.rate is None else _rate(answer, "the claim in parts", name, part.rate)
    yield from _who(found)


def _who(found: Findings) -> Iterator[Line]:
    answer, mix, ill = found.answer, mix_of(found), flattery_of(found)
    if isinstance(mix, Withheld):
        yield _line(answer, "case mix", mix)
    else:
        for group in mix:
            yield _rate(answer, f"case mix: {group.facet}", group.label, group.rate)
    if isinstance(ill, Withheld):
        yield _line(answer, "chosen for being ill", ill)
    elif ill:
        for name in ("mean", "deviation", "fall"):
            yield _line(answer, "chosen for being ill", name, count=ill.courses, points=getattr(ill, name))


def _unseen(answer: Answer, assumed: Sequence[Assumed]) -> Iterator[Line]:
    """What would have to be so of the unseen, as people and as a share; the hard bounds; the estimates."""
    figure = "what the missing could do"
    needed = {"count": answer.needed_of_missing, "of": answer.counts.missing, "ratio": answer.tipping_point}
    yield _line(answer, figure, "needed of them for the claim", **needed)
    low, high = identified(answer.bounds) or (None, None)
    yield _line(answer, figure, "whatever they did, and by chance", low=low, high=high)
    for one in assumed:
        if one.of is None:
            yield _line(answer, figure, one.label, ratio=one.ratio, low=one.low, high=one.high)


def _how_sure(answer: Answer) -> Iterator[Line]:
    sure = certainty(answer.rate, answer.claim.rate)
    if sure is None:
        return
    for method, rate in sure.intervals.items():
        yield _rate(answer, "interval", method, rate)
    for after in sure.posteriors:
        name = after.prior.name
        yield _line(answer, "rate believed from", name, ratio=after.mean, low=after.low, high=after.high)
        yield _line(answer, "chance of the claim or more from", name, ratio=after.claim_or_more)
    needed = None if isinstance(sure.courses_needed, NeverTold) else sure.courses_needed
    yield _line(answer, "courses needed", "80 % power", count=needed)
    yield _line(answer, "courses needed", "interval leaves the claim out", count=answer.courses_to_tell_apart)


def _rate(answer: Answer, figure: str, row: str, rate: Rate) -> Line:
    numbers = {"count": rate.numerator, "of": rate.denominator, "ratio": rate.ratio}
    return _line(answer, figure, row, **numbers, low=rate.low, high=rate.high)


def _line(answer: Answer, figure: str, row: str, **numbers: float | None) -> Line:
    """One row of the file; what a number does not have stays empty. `points` are of the scale."""
    known = dict.fromkeys(("count", "of", "ratio", "low", "high", "points")) | numbers
    return {
        "figure": figure,
        "row": row,
        **known,
        "as_of": answer.as_of.isoformat(),
        "question": answer.sentence,
    }
