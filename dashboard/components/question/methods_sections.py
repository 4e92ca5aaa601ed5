"""The sections of the Methods page: each an idea in words, with the figures where they are kept."""

from datetime import date, timedelta
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.charts.words import NBSP, Rounding, on
from dashboard.components.page.plain import plain
from dashboard.components.question import definitions
from dashboard.components.question.worked_example import counted_aloud, example_of
from models.outcomes.answers.claim import FEWEST_COURSES, Claim
from models.outcomes.proportions.rates import wilson
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Exclusion
from models.outcomes.question.windows import (
    BASELINE_REACH_DAYS,
    COURSE_GAP_DAYS,
    FAILED_TRIALS_OF_RESISTANCE,
    INDUCTION_GAP_DAYS,
    PLANNED_WHEN_UNKNOWN,
)
from models.outcomes.question.words import EXCLUSION_WORDS
from models.scales import Scale, Scales

USUAL_INDUCTION_DAYS: Final = 18  # two infusions a week for three weeks, for the dates of the example
EXAMPLE: Final = (17, 24)


def show_question(question: Estimand, scale: Scale) -> None:
    """What is asked now, and one course counted by it."""
    st.subheader("The question now", anchor=False)
    st.markdown(plain(question.sentence(scale)))
    st.markdown(counted_aloud(question, scale))


def show_of_whom() -> None:
    """Courses, induction, baseline, and the order in which courses are left out."""
    st.subheader("Of whom", anchor=False)
    st.markdown(
        f"A **course** is a run of infusions; where nobody recorded its start, a gap of more than "
        f"{COURSE_GAP_DAYS} days begins a new one. Its **induction** runs from the first infusion until the "
        f"planned number is reached ({PLANNED_WHEN_UNKNOWN} where no plan is recorded) or a gap of more than "
        f"{INDUCTION_GAP_DAYS} days follows. Its **baseline** is the last valid score before the first "
        f"infusion, at most {BASELINE_REACH_DAYS} days old; never the worst one. **Treatment-resistant** is "
        f"a depression with at least {FAILED_TRIALS_OF_RESISTANCE} failed adequate trials in the episode."
    )
    st.markdown("A course that is not counted is left out for the first of these reasons that holds, once:")
    st.markdown("\n".join(f"1. {EXCLUSION_WORDS[reason]}" for reason in Exclusion))


def show_when(today: date) -> None:
    """The windows, with the dates of a course that begins today."""
    last = today + timedelta(days=USUAL_INDUCTION_DAYS)
    st.subheader("When", anchor=False)
    st.markdown(
        "The endpoint is the valid score closest to the day the window aims at; of two equally close ones "
        "the earlier. Never the best. Until the window has closed a course is **pending**, in neither part "
        "of the rate, even if a score is already there. All bounds are inclusive; days are the clinic's own."
    )
    _table(definitions.windows_of(today, last))
    st.caption(f"That course begins {on(today)} and has its last induction infusion on {on(last)}.")


def show_what(scale: Scale) -> None:
    """The outcomes of the scale asked about, each with the source of its figure."""
    st.subheader(f"What counts on the {plain(scale.name)}", anchor=False)
    st.markdown("Whole numbers are compared as whole numbers; nothing is rounded on the way.")
    _table(definitions.outcomes_of(scale, *example_of(scale)))
    if undefined := definitions.not_defined(scale):
        st.caption(undefined)


def show_missing() -> None:
    """The strategies for a score that never came."""
    st.subheader("When no score came", anchor=False)
    st.markdown(
        "A closed window without a score is **missing**, and missing is an outcome too: people who feel no "
        "better come back less. Every rate says how many were not scored in time."
    )
    _table(definitions.strategies())


def show_verdict(claim: Claim) -> None:
    """The rule by which a record supports or contradicts the claim, and the interval it rests on."""
    claimed, interval = Rounding(claim.rate).percent(claim.rate), Rounding(claim.rate)
    st.subheader(f"What it says about {claimed}", anchor=False)
    st.markdown(
        f"The verdict on the advertised {claimed} never depends on how a missing score is displayed.\n\n"
        f"- **Too few**: under {FEWEST_COURSES} courses with a closed window. With fewer, even all of them "
        f"responding would prove little.\n"
        f"- **Supports**: the lower end of the interval reaches {claimed} with every missing score counted "
        f"as not reaching the outcome.\n"
        f"- **Contradicts**: the upper end stays below {claimed} with every missing score counted as "
        f"reaching it; or at least half were scored again and it stays below {claimed} among those.\n"
        f"- **Cannot tell**: anything else, because the people are too few, or too many were never scored "
        f"again.\n\n"
        f"No verdict is given for deterioration, a harm, nor when several courses of one person are counted: "
        f"they are not independent."
    )
    st.markdown(
        f"The interval is Wilson's, at 95{NBSP}%: the true rates from which the one seen lies less than 1.96 "
        f"standard errors away. It holds for small numbers and near 0 and 100{NBSP}%. "
        f"For example {interval.full(wilson(*EXAMPLE))}. (Wilson 1927; Newcombe 1998; Brown, Cai and "
        f"DasGupta 2001.)"
    )


def show_scores(scales: Scales) -> None:
    """How a score comes about, the rights of every scale, whom they belong to, and which cannot be used."""
    st.subheader("Scores, and whose scales they are", anchor=False)
    prorated = ", ".join(
        f"{plain(scale.name)} up to {scale.most_missing} of {len(scale.items)}"
        for scale in scales.values()
        if scale.most_missing
    )
    st.markdown(
        f"A total with few unanswered items is prorated: the mean of the answered ones stands for the rest, "
        f"rounded half up, and the score is shown as prorated ({prorated}). With more missing there is no "
        f"score. The item about suicide is never filled in. A correction never overwrites: the old score, "
        f"who changed it, when and why stay in the record."
    )
    for problem in scales.problems:
        left_out = f"A file of the clinic's own scales is left out. {plain(str(problem))}"
        st.warning(left_out, icon=":material/draft:")
    _table(definitions.known_scales(scales.values()))
    with st.expander("Rights and sources of each scale", icon=":material/copyright:"):
        for scale in scales.values():
            st.markdown(definitions.rights_of(scale))


def show_limits() -> None:
    """What these numbers are not."""
    st.subheader("What this is not", anchor=False)
    st.markdown(
        "**Not a trial.** There is no comparison group. People also get better by themselves, by other "
        "treatment, and because they came at their worst; a rate here can contradict a claim, but it cannot "
        "show what caused a change.\n\n"
        "**Not for hours.** A scale that asks about the last two weeks still looks back to before treatment "
        "when it is answered the next day. Such scores are marked.\n\n"
        "**Not watched.** Nobody monitors these answers in real time. An item about suicide answered with 0 "
        "is “not endorsed”, which is not the same as safe."
    )


def _table(rows: pd.DataFrame) -> None:
    st.table(rows, border="horizontal", hide_index=True)
