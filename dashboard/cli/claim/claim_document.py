"""All that stands on the Claim page as one document: what `seventy claim --json` prints, nothing rounded."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from dashboard.charts.claim.changes import Changes
from dashboard.cli.claim.answers import Asked
from dashboard.findings import changes_moved
from dashboard.ledger import Ledger
from models.benchmarks import compared, published
from models.outcomes.answers import specifications
from models.outcomes.answers.answer import Answer
from models.outcomes.answers.certainty import certainty
from models.outcomes.answers.claim_parts import RAPID, Beside, ClaimPart, claim_parts
from models.outcomes.answers.followup import benefit_and_harm, by_quarter
from models.outcomes.answers.of_many import Told, Withheld, of_many
from models.outcomes.answers.ways import reaching, staircase, ways
from models.outcomes.counts.case_mix import case_mix, quartiles
from models.outcomes.counts.early_response import foretold
from models.outcomes.counts.imputation import imputed
from models.outcomes.counts.selection import ChosenIll, chosen_ill
from models.outcomes.counts.sensitivity import identified, odds_ratio
from models.outcomes.counts.suicide_item import SuicideItemChange, suicide_item_change
from models.outcomes.derivation.rapid import rapid_outcomes
from models.outcomes.proportions.exact import exact_test
from models.outcomes.proportions.power import NeverTold
from models.outcomes.proportions.rates import Rate, wilson
from models.outcomes.question.vocabulary import Missing
from models.scales import Scales
from models.store.record.claims import Lock

ODDS: Final = (1.0, 0.75, 0.5, 0.25, 0.0)


def claim_document(
    found: Answer, asked: Asked, ledger: Ledger, looks: int, scales: Scales, *, one_by_one: bool
) -> dict[str, Any]:
    """The answer to a question, what surrounds it, and what it is compared with; `looks` at the locked.

    Unless it is for whoever may read of single people (`one_by_one`), what is of a few is null, and why is
    said beside it, under its name and `_withheld`.
    """

    def told(value: Told, people: int, why: Withheld) -> Told | Withheld:
        return value if one_by_one else of_many(value, people, why)

    frames, question = asked.record, found.estimand
    counts = specifications.counts(asked.outcomes, question, asked.scale)
    every = ways(counts)
    reached = Rate(reaching(every, found.claim.rate), len(every), None, None)
    item = suicide_item_change(asked.outcomes, frames.assessments, question, asked.scale)
    suicide = None if item is None else told(item, item.answered, Withheld.ANSWERS)
    rapid = rapid_outcomes(frames, scales[RAPID], asked.as_of) if RAPID in scales else None
    counted = (asked.outcomes, frames.courses, frames.patients, question, asked.scale)
    mix = case_mix(*counted)
    chosen = chosen_ill(asked.outcomes, question, asked.scale)
    ill = None if chosen is None else told(chosen, chosen.courses, Withheld.BASELINES)
    moved = changes_moved(asked.outcomes, question, asked.scale)
    groups = [{"facet": group.facet, "group": group.label, **rate_of(group.rate)} for group in mix]
    middle = [each._asdict() for each in quartiles(*counted)]
    people = found.rate.denominator
    beside = benefit_and_harm(asked.outcomes, question, asked.scale, found.claim, as_of=asked.as_of)
    return {
        "advertised": _advertised(ledger),
        "locks": [_lock(lock, scales) for lock in ledger.locks],
        "looks": looks,
        "exploratory": question != ledger.question,
        "answer": found.as_json(asked.known_at),
        "benefit_and_harm": [
            each.as_json(asked.known_at) | {"bounds": _bounds(each)} for each in beside.values()
        ],
        "missing": _missing(found) | {"imputed": _imputed(found, asked)},
        "certainty": _certainty(found),
        "early_response": _early(found, asked),
        "staircase": [
            {"step": str(stair.step), "question": stair.estimand.told(asked.scale), **rate_of(stair.rate)}
            for stair in staircase(counts, question)
        ],
        "quarters": [
            {"starts_on": each.starts_on.isoformat(), "pending": each.pending, **rate_of(each.rate)}
            for each in by_quarter(asked.outcomes, question, asked.scale)
        ],
        **_named("changes", told(_changes(moved), moved.seen, Withheld.CHANGES)),
        **_named("chosen_ill", ill._asdict() if isinstance(ill, ChosenIll) else ill),
        "ways": {"counted": len(every), "reaching": reached.numerator, "share": reached.ratio},
        "published": [*_published(found, asked)],
        **_named(
            "suicide_item", _suicide_item(suicide) if isinstance(suicide, SuicideItemChange) else suicide
        ),
        **_named("case_mix", told(groups, people, Withheld.MIX)),
        **_named("case_mix_quartiles", told(middle, people, Withheld.MIX)),
        "parts": [
            _part(part, scales)
            for part in claim_parts(
                lambda name: asked.outcomes_of(scales[name]),
                Beside(rapid, suicide, mix),
                question,
                scales,
                found.claim,
                as_of=asked.as_of,
            )
        ],
    }


def _named(name: str, value: object) -> dict[str, Any]:
    return {name: None, f"{name}_withheld": str(value)} if isinstance(value, Withheld) else {name: value}


def rate_of(rate: Rate) -> dict[str, Any]:
    """A rate in the interface's names."""
    counts = {"numerator": rate.numerator, "denominator": rate.denominator, "ratio": rate.ratio}
    return {**counts, "low": rate.low, "high": rate.high}


def _advertised(ledger: Ledger) -> dict[str, Any] | None:
    claim = ledger.advertised
    if claim is None:
        return None
    since = claim.advertised_since
    return {
        "words": claim.words,
        "rate": claim.rate,
        "where": claim.advertised_where,
        "since": since.isoformat() if since else None,
        "source": claim.source,
    }


def _lock(lock: Lock, scales: Scales) -> dict[str, Any]:
    return {
        "question": lock.estimand.told(scales.get(lock.estimand.scale)),
        "hash": lock.question_hash,
        "locked_at": lock.locked_at.isoformat().replace("+00:00", "Z"),
        "locked_by": lock.locked_by,
        "reason": lock.reason,
    }


def _suicide_item(change: SuicideItemChange) -> dict[str, Any]:
    """Its counts and rates; who improved had endorsed it, so that both names are of one number."""
    told = {
        "improved_of_endorsed": change.improved,
        "unanswered": change.unanswered,
        "answered": change.answered,
    }
    names = ("improved", "unchanged", "worsened")
    rates = {name: rate_of(rate) for name, rate in zip(names, change.rates, strict=True)}
    return asdict(change) | told | {"rates": rates}


def _part(part: ClaimPart, scales: Scales) -> dict[str, Any]:
    asked = part.estimand
    return {
        "phrase": part.phrase,
        "counted": part.counted,
        "rate": None if part.rate is None else rate_of(part.rate),
        "remark": part.remark,
        "question": None if asked is None else asked.told(scales[asked.scale]),
    }


def _missing(found: Answer) -> dict[str, Any]:
    tally, outcome = found.tally, found.estimand.outcome
    span = identified(found.bounds)
    return {
        **{str(way): rate_of(wilson(*tally.fraction(way, outcome))) for way in Missing},
        "identified": None if span is None else {"low": span[0], "high": span[1]},
        "tipping_point": found.tipping_point,
        "needed_of_missing": found.needed_of_missing,
        "odds_ratio": {
            f"{odds:g}": supposed._asdict() for odds in ODDS if (supposed := odds_ratio(tally, odds))
        },
    }


def _imputed(found: Answer, asked: Asked) -> dict[str, Any] | None:
    filled = imputed(asked.outcomes, found.estimand, asked.scale)
    return None if filled is None else filled._asdict()


def _bounds(found: Answer) -> dict[str, Any]:
    return {"worst": rate_of(found.bounds.worst), "best": rate_of(found.bounds.best)}


def _changes(moved: Changes) -> dict[str, int]:
    return {
        "met": int(moved.met.sum()),
        "between": moved.between,
        "worse": int(moved.worse.sum()),
        "unseen": moved.unseen,
        "unplaced": moved.unplaced,
    }


def _certainty(found: Answer) -> dict[str, Any] | None:
    rate, claimed = found.rate, found.claim.rate
    sure = certainty(rate, claimed)
    if sure is None:
        return None
    needed = sure.courses_needed
    return {
        "intervals": {name: {"low": each.low, "high": each.high} for name, each in sure.intervals.items()},
        "exact_test": exact_test(rate.numerator, rate.denominator, claimed)._asdict(),
        "posteriors": [{**each._asdict(), "prior": each.prior._asdict()} for each in sure.posteriors],
        "courses_needed": None if isinstance(needed, NeverTold) else needed,
        "courses_never_told": str(needed) if isinstance(needed, NeverTold) else None,
        "courses_to_tell_apart": found.courses_to_tell_apart,
    }


def _early(found: Answer, asked: Asked) -> dict[str, Any] | None:
    early = foretold(asked.outcomes, found.estimand, asked.scale)
    if early is None:
        return None
    measures = early.measures
    return {
        "reached": rate_of(early.reached),
        "not_reached": rate_of(early.not_reached),
        "unknown": rate_of(early.unknown),
        "overlapping": early.overlapping,
        "measures": None if measures is None else measures._asdict(),
    }


def _published(found: Answer, asked: Asked) -> Iterator[dict[str, Any]]:
    for benchmark in published().values():
        if benchmark.outcome is found.estimand.outcome:
            match = compared(benchmark, found.estimand, asked.scale)
            yield {
                "id": benchmark.id,
                "citation": benchmark.citation,
                "percent": benchmark.percent,
                "ratio": benchmark.ratio,
                **dict(zip(("low", "high"), benchmark.interval or (None, None), strict=True)),
                "n_started": benchmark.n_started,
                "n_analysed": benchmark.n_analysed,
                "numerator": None if benchmark.x_rounded else benchmark.x,
                "matches": match.matches,
                "mismatches": list(match.mismatches),
                "arms": [{**arm.model_dump(), "ratio": arm.ratio} for arm in benchmark.arms],
            }
