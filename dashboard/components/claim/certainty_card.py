"""How sure, how long: the same count under every method, and what it would take to tell it from the claim."""

from collections.abc import Iterator

import pandas as pd
import streamlit as st

from dashboard.charts.words import NBSP, NO_ONE, Rounding, counts, whole
from dashboard.components.page.plain import plain
from dashboard.parts import foretold_of
from models.outcomes.answers.answer import Answer
from models.outcomes.answers.certainty import Certainty, certainty
from models.outcomes.answers.claim import FEWEST_COURSES
from models.outcomes.counts.early_response import Foretold
from models.outcomes.proportions.posterior import Posterior
from models.outcomes.proportions.power import MOST, NeverTold

FLIP = (0.4, 0.6)
RARE, COMMON = 0.01, 0.99


def show_certainty(answer: Answer, rounding: Rounding, looks: int) -> None:
    """An expander: intervals, beliefs, courses still needed; `looks` counts those at the locked question."""
    title = "How sure is that, and how long until it is told from the claim"
    expander = st.expander(title, icon=":material/straighten:", key="certainty", on_change="rerun")
    if not expander.open:
        return
    with expander:
        if found := certainty(answer.rate, answer.claim.rate):
            _show(answer, found, rounding, looks)
        else:
            st.caption(f"Counted so far: {NO_ONE}.")


def intervals(found: Certainty, rounding: Rounding, looks: int) -> pd.DataFrame:
    """The 95 % interval by each method, and when that method is the right one."""
    looked = "once" if looks <= 1 else f"{whole(looks)} times"
    rows = [
        ("Wilson", "wilson", "shown everywhere; right on average for one look"),
        ("Exact (Clopper–Pearson)", "clopper_pearson", "never errs more often than 5 in 100"),
        ("Jeffreys", "jeffreys", "what to believe starting from nearly nothing"),
        ("Always valid", "always_valid", f"right however often one looks; so far {looked}"),
    ]
    limits = [found.intervals[method] for _, method, _ in rows]
    spans = [rounding.span(each.low or 0.0, 1.0 if each.high is None else each.high) for each in limits]
    return pd.DataFrame(
        {
            "Interval": [name for name, _, _ in rows],
            f"95{NBSP}%": spans,
            "Meaning": [meaning for _, _, meaning in rows],
        }
    )


def beliefs(found: Certainty, rounding: Rounding) -> pd.DataFrame:
    """What to believe after the counts from three beginnings, in words."""
    after = found.posteriors
    return pd.DataFrame(
        {
            "Beginning from": [_beginning(each) for each in after],
            "Rate believed": [rounding.percent(each.mean) for each in after],
            f"95{NBSP}%": [rounding.span(each.low, each.high) for each in after],
            f"{rounding.advertised}{NBSP}% or more": [chance(each.claim_or_more) for each in after],
        }
    )


def chance(probability: float) -> str:
    """A probability in words: at the claim itself it is a coin flip by construction."""
    if probability < RARE:
        return f"under 1{NBSP}%"
    if probability > COMMON:
        return f"over 99{NBSP}%"
    words = f"{100 * probability:.0f}{NBSP}%"
    return f"{words}, a coin flip" if FLIP[0] <= probability <= FLIP[1] else words


def how_long(answer: Answer, found: Certainty, rounding: Rounding) -> Iterator[str]:
    """How many courses a study of this rate would need, and how many more than there are."""
    rate, claim = answer.rate, f"{rounding.advertised}{NBSP}%"
    needed = found.courses_needed
    if rate.ratio is None or needed is NeverTold.TOO_FEW:
        yield f"A rate of fewer than {FEWEST_COURSES} is no ground to plan on."
        return
    share = rounding.percent(rate.ratio)
    if needed is NeverTold.EQUAL:
        yield f"The rate counted is {claim} itself; were that the truth, no number of courses would tell."
    elif needed is NeverTold.TOO_NEAR:
        yield f"A true rate of {share} is so near {claim} that telling takes more than {whole(MOST)} courses."
    elif needed <= rate.denominator:
        yield (
            f"If the true rate is {share}, {whole(needed)} courses tell it from {claim} in 8 of 10 records; "
            f"there are {whole(rate.denominator)}."
        )
    else:
        more = needed - rate.denominator
        yield (
            f"If the true rate is {share}, it takes {whole(needed)} courses to tell it from {claim} in 8 "
            f"of 10 records: **{whole(more)} more** than are counted now."
        )
    yield "By the exact one-sided test at 2.5 in 100; no p value is shown, for a clinic looks more than once."


def foretelling(early: Foretold, rounding: Rounding) -> Iterator[str]:
    """Of past patients like this, how many reached the outcome: in counts alone while they are few."""
    for state, rate in (("had reached the outcome", early.reached), ("had not", early.not_reached)):
        if rate.denominator:
            few = rate.denominator < FEWEST_COURSES
            told = counts(rate) if few else rounding.full(rate)
            yield f"Of those who on day 7 {state}, {told} did in the time asked about."
        else:
            yield f"On day 7 {state}: {NO_ONE}."
    if early.unknown.denominator:
        yield f"{whole(early.unknown.denominator)} have no score of day 7 before that time."
    if early.overlapping:
        number = whole(early.overlapping)
        yield f"{number} scores of day 7 ask about days before the first infusion too."
    yield "A prompt to look closer, never a rule to stop: early non-responders may respond later."


def _show(answer: Answer, found: Certainty, rounding: Rounding, looks: int) -> None:
    st.markdown("**The interval, by four methods**")
    st.table(intervals(found, rounding, looks), border="horizontal", hide_index=True)
    st.markdown("**What to believe of the true rate**")
    st.table(beliefs(found, rounding), border="horizontal", hide_index=True)
    st.markdown("**How long**")
    st.markdown(" ".join(how_long(answer, found, rounding)))
    early = foretold_of(answer.estimand)
    if early is not None:
        st.markdown("**What day 7 foretells**")
        st.markdown(" ".join(foretelling(early, rounding)))
    st.caption(plain(answer.sentence))


def _beginning(found: Posterior) -> str:
    a, b = found.prior.a, found.prior.b
    words = {"uniform": "every rate alike", "sceptical": "the real-world 45 in 100, as if of 20 courses"}
    return f"{words.get(found.prior.name, 'nearly nothing')} ({found.prior.name}, Beta {a:g}, {b:g})"
