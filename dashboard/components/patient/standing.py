"""Where a course stands, in words with the rule spelled out: "Half of 21 is 10.5, so 10 or less counts"."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal, NamedTuple

from dashboard.charts.outcome_words import outcome_words
from dashboard.charts.words import on
from dashboard.components.page.plain import plain
from dashboard.components.question.worked_example import stretch
from dashboard.patients import day_of
from models.outcomes.question.change import defined_outcomes, rule_of
from models.outcomes.question.reaching import scores_reaching
from models.outcomes.question.vocabulary import Outcome
from models.outcomes.question.windows import BASELINE_REACH_DAYS, Window
from models.outcomes.question.words import OUTCOME_LABELS, OUTCOME_NOUNS
from models.scales import Scale

HALF: Final = 50
Color = Literal["blue", "gray", "orange"]
MOST_LATER: Final = 4


class Badge(NamedTuple):
    """A status in one word, with the icon and the colour that go with it."""

    word: str
    icon: str
    color: Color


NOT_BEGUN: Final = Badge("Not begun", "radio_button_unchecked", "gray")
NO_BASELINE: Final = Badge("No baseline", "help", "gray")
PENDING: Final = Badge("Window open", "hourglass_empty", "gray")
NOT_SCORED: Final = Badge("Not scored", "visibility_off", "gray")
WORSE: Final = Badge("Got worse", "trending_up", "orange")
NOT_DEFINED: Final = Badge("Not defined", "help", "gray")
FROM_ZERO: Final = Badge("Baseline 0", "help", "gray")


class Standing(NamedTuple):
    """One course on one scale: its badge, a heading made from the scores, and the rules (both Markdown)."""

    badge: Badge
    heading: str
    paragraphs: tuple[str, ...]


def standing_of(course: Mapping[str, Any], scale: Scale, window: Window, later: Sequence[int]) -> Standing:
    """Where a course of `derive_outcomes` stands in a window; `later` are the totals after its endpoint."""
    baseline, endpoint = course["baseline"], course[f"{window.name}_endpoint"]
    if baseline is None:
        return _without_baseline(scale)
    if course[f"{window.name}_pending"]:
        return _pending(baseline, endpoint, scale, day_of(course[f"{window.name}_closes_day"]))
    if endpoint is None:
        return _not_scored(baseline, scale, day_of(course[f"{window.name}_closes_day"]))
    return _scored(baseline, endpoint, scale, later)


def benefit_on(scale: Scale) -> Outcome | None:
    """The outcome that says whether somebody is better: response, or the first one the scale defines."""
    defined = [outcome for outcome in defined_outcomes(scale) if not outcome.is_harm]
    return Outcome.RESPONSE if Outcome.RESPONSE in defined else next(iter(defined), None)


def meets(outcome: Outcome, baseline: int, score: int, scale: Scale) -> bool:
    """Whether a score reaches an outcome from a baseline."""
    return bool(rule_of(outcome, scale).is_met(baseline, score, scale))


def _without_baseline(scale: Scale) -> Standing:
    why = (
        f"No {plain(scale.name)} was taken in the {BASELINE_REACH_DAYS} days before the first infusion, so "
        "nothing can be said about response, now or later."
    )
    return Standing(NO_BASELINE, f"No {plain(scale.name)} before the first infusion", (why,))


def _pending(baseline: int, endpoint: int | None, scale: Scale, closes_on: date) -> Standing:
    so_far = "" if endpoint is None else f" So far {scale.shown(endpoint)}."
    words = f"**Not known before {on(closes_on)}.** Baseline {scale.shown(baseline)}.{so_far}"
    heading = f"{scale.shown(baseline)} at the start; the window is open until {on(closes_on)}"
    return Standing(PENDING, heading, (words, *_rules(baseline, scale)))


def _not_scored(baseline: int, scale: Scale, closes_on: date) -> Standing:
    words = f"**Not known.** Baseline {scale.shown(baseline)}; the window closed on {on(closes_on)} unscored."
    heading = f"{scale.shown(baseline)} at the start, never scored in the window"
    return Standing(NOT_SCORED, heading, (words, *_rules(baseline, scale)))


def _scored(baseline: int, endpoint: int, scale: Scale, later: Sequence[int]) -> Standing:
    badge, said = _judged(baseline, endpoint, scale, later)
    heading = f"From {scale.shown(baseline)} to {scale.shown(endpoint)} in the window: {said}"
    paragraphs = (*_verdicts(baseline, endpoint, scale), *_since(baseline, endpoint, scale, later))
    if benefit_on(scale) is None:
        why = f"{plain(scale.name)} has no figure for getting better: no score is response, or none of it."
        paragraphs = (why, *paragraphs)
    return Standing(badge, heading, paragraphs)


def _judged(baseline: int, endpoint: int, scale: Scale, later: Sequence[int]) -> tuple[Badge, str]:
    """The badge of a score in the window, and how its heading ends."""
    benefit = benefit_on(scale)
    worse = Outcome.DETERIORATION in defined_outcomes(scale)
    if worse and meets(Outcome.DETERIORATION, baseline, endpoint, scale):
        return WORSE, "clearly worse"
    if benefit is None:
        return NOT_DEFINED, "response is not defined"
    noun, met = OUTCOME_NOUNS[benefit], outcome_words(benefit, scale).row
    if not rule_of(benefit, scale).speaks_of(baseline):
        return FROM_ZERO, f"{noun} cannot be asked"
    if not meets(benefit, baseline, endpoint, scale):
        return Badge(f"No {noun}", "remove", "gray"), f"no {noun}"
    if later and not meets(benefit, baseline, later[-1], scale):
        return Badge(f"{met}, lost since", "trending_up", "orange"), noun
    return Badge(met, "check", "blue"), noun


def _verdicts(baseline: int, endpoint: int, scale: Scale) -> Iterator[str]:
    """Each outcome, whether it was reached, and from which score on it would have been."""
    scores = f"Baseline {scale.shown(baseline)}, endpoint {scale.shown(endpoint)}. "
    for outcome in _spoken(scale):
        answer = "yes" if meets(outcome, baseline, endpoint, scale) else "no"
        if not rule_of(outcome, scale).speaks_of(baseline):
            answer = "not asked"
        yield f"**{OUTCOME_LABELS[outcome]}: {answer}.** {scores}{_rule(outcome, baseline, scale)}"
        scores = ""


def _rules(baseline: int, scale: Scale) -> Iterator[str]:
    """What would count, while nothing can be said yet."""
    for outcome in _spoken(scale):
        yield f"**{OUTCOME_LABELS[outcome]}:** {_rule(outcome, baseline, scale)}"


def _spoken(scale: Scale) -> list[Outcome]:
    wanted = (benefit_on(scale), Outcome.REMISSION, Outcome.DETERIORATION)
    return [outcome for outcome in dict.fromkeys(wanted) if outcome in defined_outcomes(scale)]


def _rule(outcome: Outcome, baseline: int, scale: Scale) -> str:
    if not rule_of(outcome, scale).speaks_of(baseline):
        return f"Of a baseline of {scale.shown(baseline)} no share can be gone."
    counting = stretch(scores_reaching(outcome, baseline, scale), scale)
    if outcome is Outcome.RESPONSE and scale.response_percent == HALF:
        half = f"{baseline / 2 / 10**scale.decimals:g}"
        return f"Half of {scale.shown(baseline)} is {half}, so {counting}."
    if outcome is Outcome.REMISSION:
        return f"{counting[0].upper()}{counting[1:]}."
    return f"From {scale.shown(baseline)}, {counting}."


def _since(baseline: int, endpoint: int, scale: Scale, later: Sequence[int]) -> Iterator[str]:
    """The scores after the endpoint, and whether the last one says the same."""
    benefit = benefit_on(scale)
    if not later or benefit is None:
        return
    shown = [scale.shown(total) for total in later[-MOST_LATER:]]
    before = "… " if len(later) > MOST_LATER else ""
    told = f"**Since then:** {before}{', then '.join(shown)}."
    if not rule_of(benefit, scale).speaks_of(baseline):
        yield told
        return
    better, still = (meets(benefit, baseline, score, scale) for score in (endpoint, later[-1]))
    noun = OUTCOME_NOUNS[benefit]
    words = {
        (True, True): f"Still counts as {noun}.",
        (True, False): f"No longer counts as {noun}.",
        (False, True): f"Would count as {noun} now, after the window.",
        (False, False): f"Still no {noun}.",
    }[better, still]
    yield f"{told} {words}"
