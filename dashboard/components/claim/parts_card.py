"""Each part of the advertised sentence, and the mix of people counted: two tables under the answer."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import pandas as pd
import streamlit as st

from dashboard import data
from dashboard.charts.words import NO_ONE, Rounding, counts, whole
from dashboard.components.page.plain import cell, plain
from dashboard.components.question.estimand_picker import put_question
from dashboard.findings import Findings
from dashboard.parts import flattery_of, middle_of, mix_of, parts_of
from models.outcomes.answers.claim import FEWEST_COURSES
from models.outcomes.answers.claim_parts import RELIEF, ClaimPart
from models.outcomes.answers.of_many import Withheld
from models.outcomes.counts.case_mix import Group, Quartiles
from models.outcomes.counts.selection import OVER_WEEKS, VISITS, ChosenIll, at_least_once
from models.outcomes.proportions.rates import Rate
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.words import INDICATION_LABELS, ROUTE_LABELS
from models.scales import Scale

ONCE: Final = 0.4
ALIKE: Final = 0.8  # the correlation of one person's visits
FACETS: Final = {
    "severity": "Severity before",
    "trials": "Failed trials in the episode",
    "age": "Age at the first infusion",
    "route_given": "Given",
    "treated_for": "Treated for",
}
NUMBERS: Final = {
    "baseline": "baseline",
    "age": "age at the first infusion",
    "failed_trials": "failed trials in the episode",
}
WORDS: Final = {**{str(each): words for each, words in (*ROUTE_LABELS.items(), *INDICATION_LABELS.items())}}


def show_parts(found: Findings, scale: Scale) -> None:
    """Two expanders, each worked out once it is opened."""
    parts = st.expander(
        "The advertised sentence, part by part", icon=":material/segment:", key="parts", on_change="rerun"
    )
    if parts.open:
        with parts:
            st.caption(plain(f"“{found.answer.claim.words}” What the record can say about each part."))
            told = parts_of(found)
            st.table(parts_table(told, found.rounding), border="horizontal", hide_index=True)
            _show_questions(told, found.answer.estimand)
    mix = st.expander("Who was counted: the case mix", icon=":material/groups:", key="mix", on_change="rerun")
    if mix.open:
        with mix:
            _show_mix(found, scale)


def _show_mix(found: Findings, scale: Scale) -> None:
    groups, middle = mix_of(found), middle_of(found)
    if isinstance(groups, Withheld) or isinstance(middle, Withheld):
        st.caption(str(Withheld.MIX))
    else:
        st.caption("Shown, not adjusted for. Under 20, counts only. Each facet adds up to everyone.")
        st.table(mix_table(groups, found.rounding), border="horizontal", hide_index=True)
        st.markdown(middle_in_words(middle))
    gate = scale.shown(found.answer.estimand.baseline_at_least or 0)
    for warning in warnings_of(flattery_of(found), gate, found.rounding):
        st.markdown(warning)


def questions_of(parts: Sequence[ClaimPart], asked: Estimand) -> dict[str, Estimand]:
    """The parts that ask another question than the page does, by a name of their own."""
    others = {
        f"{part.phrase}: {part.counted}" if part.phrase == RELIEF else part.phrase: part.estimand
        for part in parts
        if part.estimand is not None
    }
    return {name: question for name, question in others.items() if question != asked}


def _show_questions(parts: Sequence[ClaimPart], asked: Estimand) -> None:
    """A button a question: a click asks it on this page, with its own verdict and chart."""
    st.caption("Ask on this page:")
    with st.container(horizontal=True, gap="small"):
        for name, question in questions_of(parts, asked).items():
            st.button(
                name,
                icon=":material/arrow_forward:",
                key=f"ask {name}",
                on_click=put_question,
                args=(question, data.scales()[question.scale]),
            )


def middle_in_words(middle: Iterable[Quartiles]) -> str:
    """`Baseline 18 (15 to 21)`: medians with quartiles; how many are unknown."""
    return f"**Median and quartiles of those counted:** {'; '.join(map(_middle, middle))}."


def _middle(each: Quartiles) -> str:
    name = NUMBERS[each.number]
    if each.median is None or each.low is None or each.high is None:
        return f"{name}: {NO_ONE if not each.unknown else 'unknown of all'}"
    low, median, high = (f"{value:g}" for value in (each.low, each.median, each.high))
    unknown = f", {whole(each.unknown)} unknown" if each.unknown else ""
    return f"{name} {median} ({low} to {high}{unknown})"


def warnings_of(ill: ChosenIll | Withheld | None, gate: str, rounding: Rounding) -> Iterator[str]:
    """Two ways a number looks better than it is, with what they come to here."""
    if isinstance(ill, ChosenIll):
        yield (
            f"**Regression to the mean.** Of {whole(ill.courses)} courses with a baseline (mean "
            f"{ill.mean:.1f}, SD {ill.deviation:.1f}) those at {gate} or more would score {ill.fall:.1f} "
            "points lower some weeks later without any treatment, if two scores of one person correlate at "
            f"{OVER_WEEKS:g}."
        )
    once, ever = rounding.percent(ONCE), rounding.percent(round(at_least_once(ONCE, VISITS, ALIKE), 2))
    yield (
        f"**The best of several scores is never counted.** Somebody with a chance of {once} at any one visit "
        f"meets a response at one of {VISITS} visits with {ever}."
    )


def parts_table(parts: list[ClaimPart], rounding: Rounding) -> pd.DataFrame:
    """A row a part; "cannot be answered" where the record has nothing to say."""
    return pd.DataFrame(
        {
            "The sentence": [part.phrase for part in parts],
            "Counted": [plain(part.counted) for part in parts],
            "Our record": [_said(part.rate, rounding) for part in parts],
            "Beside it": [plain(part.remark) for part in parts],
        }
    )


def mix_table(groups: list[Group], rounding: Rounding) -> pd.DataFrame:
    """A row a group, under its facet."""
    return pd.DataFrame(
        {
            "By": [FACETS[group.facet] for group in groups],
            "Group": [WORDS.get(group.label, cell(group.label)) for group in groups],
            "Rate": [_said(group.rate, rounding) for group in groups],
        }
    )


def _said(rate: Rate | None, rounding: Rounding) -> str:
    if rate is None:
        return "cannot be answered"
    return counts(rate) if 0 < rate.denominator < FEWEST_COURSES else rounding.full(rate)
