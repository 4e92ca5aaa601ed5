"""The Claim page while no window has closed: who is on the way, and when the first one gets there."""

from collections.abc import Mapping

from dashboard.charts.words import on, whole
from dashboard.components.page.empty_state import Nothing
from dashboard.findings import Findings
from models.outcomes.question.vocabulary import Exclusion
from models.outcomes.question.windows import WINDOWS
from models.outcomes.question.words import EXCLUSION_WORDS


def nobody_counted(found: Findings) -> Nothing:
    """The page in words for one of three reasons: nobody begun, everyone left out, or all windows open."""
    answer, counts = found.answer, found.answer.counts
    anchor = "induction" if WINDOWS[answer.estimand.window].from_induction else "the first infusion"
    counted_once = f"A patient counts once the window after {anchor} has closed."
    if not counts.treated:
        return Nothing(
            "No one can be counted yet",
            f"{counted_once} Record a first infusion and the score before it to begin.",
            "No one begun",
            "Past scores can be brought in as files.",
        )
    if found.closing is None:
        return Nothing(
            "No one can be counted this way",
            f"{_none_of(counts.treated)}: {_left_out(counts.excluded)}.",
            f"{whole(counts.treated)} begun, all left out",
            "Another question may count them: “Who is counted” in the sidebar.",
        )
    return Nothing(
        "No one can be counted yet",
        f"{counted_once} {_first_of(counts.eligible)} gets there on **{on(found.closing.first)}**.",
        f"{whole(counts.treated)} begun, {whole(counts.pending)} still open",
        "Keep recording. Nothing here will be counted before its time.",
    )


def _none_of(treated: int) -> str:
    if treated == 1:
        return "The one course begun is left out"
    return f"Of the {whole(treated)} courses begun none is left"


def _first_of(eligible: int) -> str:
    return "Your one patient" if eligible == 1 else f"The first of your {whole(eligible)} patients"


def _left_out(excluded: Mapping[Exclusion, int]) -> str:
    """Why, the commonest reason first."""
    reasons = sorted((reason for reason in excluded if excluded[reason]), key=lambda each: -excluded[each])
    return ", ".join(f"{whole(excluded[reason])} {EXCLUSION_WORDS[reason]}" for reason in reasons)
