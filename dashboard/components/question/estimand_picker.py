"""The question in the sidebar: every part of it a widget that remembers itself on all pages.

`app.py` draws it beside the pages that answer; every page reads what was asked with `asked`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from dashboard import data
from dashboard.charts.words import on
from dashboard.components.page.role import Right, allowed
from dashboard.components.question.population_picker import choose, gate_key, key, pick_population
from models.outcomes.question.change import defined_outcomes, is_defined
from models.outcomes.question.estimand import Estimand, QuestionError
from models.outcomes.question.locked import PRIMARY
from models.outcomes.question.vocabulary import Missing, Route, TreatmentResistant, WindowName
from models.outcomes.question.words import MISSING_LABELS, OUTCOME_LABELS, WINDOW_LABELS
from models.scales import Scale

ASKED: Final = "question"


def askable(scales: Mapping[str, Scale]) -> Mapping[str, Scale]:
    """The scales that whoever looks may ask about: those of suicide take the right to read single records."""
    if allowed(Right.PATIENTS):
        return scales
    return {name: scale for name, scale in scales.items() if not scale.is_of_suicide}


def first_question(scales: Mapping[str, Scale]) -> Estimand:
    """The question fixed beforehand; the product's own while none of these scales defines its outcome."""
    locked = data.ledger().question
    return locked if is_defined(locked.scale, locked.outcome, scales) else PRIMARY


def asked(scales: Mapping[str, Scale]) -> Estimand:
    """The question whoever looks asks now."""
    scales = askable(scales)
    question = st.session_state.get(ASKED)
    if isinstance(question, Estimand) and is_defined(question.scale, question.outcome, scales):
        return question
    return first_question(scales)


def pick_question(
    scales: Mapping[str, Scale], clinicians: Sequence[str], sites: Sequence[str], first: Estimand
) -> None:
    """Draw the question and remember what it asks; an outcome the scale does not define is not offered."""
    for part, value in _widgets(first, scales[first.scale]).items():
        st.session_state.setdefault(part, value)  # a widget's own default would not survive a reset
    scale = scales.get(st.session_state[key("scale")], scales[first.scale])
    outcomes = {outcome: OUTCOME_LABELS[outcome] for outcome in defined_outcomes(scale)}
    st.markdown("**The question**")
    what = {
        "outcome": choose("Outcome", "outcome", outcomes),
        "window": choose("When", "window", {each: WINDOW_LABELS[each] for each in WindowName}),
        "missing": choose(
            "A missing score counts as", "missing", {each: MISSING_LABELS[each] for each in Missing}
        ),
    }
    with st.expander("Who is counted"):
        of_whom = pick_population(scales, scale, clinicians, sites)
    if _remember(what | of_whom) != first:
        back = (first, scales[first.scale])
        st.button("Back to the locked question", type="tertiary", on_click=put_question, args=back)


def _remember(parts: Mapping[str, Any]) -> Estimand | None:
    """Ask from now on what these parts say; where they contradict each other say so, and ask as before."""
    try:
        question = Estimand(**parts)
    except QuestionError:
        period = f"from {on(parts['started_from'])} to {on(parts['started_to'])}"
        st.error(f"The period ends before it starts: {period}.", icon=":material/error:")
        return None
    st.session_state[ASKED] = question
    return question


def put_question(question: Estimand, scale: Scale) -> None:
    """Ask this question of its scale from the next run on; only a widget's callback may put widgets so."""
    st.session_state.update(_widgets(question, scale))


def ask_of(scale: Scale) -> None:
    """Ask the scale's own question of everybody from the next run on, also where no question is drawn."""
    question = Estimand.of(
        scale, outcome=defined_outcomes(scale)[0], treatment_resistant=TreatmentResistant.ANY, route=Route.ANY
    )
    put_question(question, scale)
    st.session_state[ASKED] = question


def _widgets(question: Estimand, scale: Scale) -> dict[str, Any]:
    """What stands in each widget when this question is asked; the gate as people read it."""
    parts = [part for part in question.__dataclass_fields__ if part != "baseline_at_least"]
    gate = question.baseline_at_least
    return {key(part): getattr(question, part) for part in parts} | {
        key("indications"): [] if question.any_indication else list(question.indications),
        gate_key(scale.id): None if gate is None else scale.score(gate),
    }
