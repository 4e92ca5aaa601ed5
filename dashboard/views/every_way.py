"""Every way to count: one record, all the honest and less honest questions it can be asked, side by side."""

from dashboard import data
from dashboard.components.claim_empty import nobody_counted
from dashboard.components.curve_card import show_curve
from dashboard.components.empty_state import show_empty
from dashboard.components.estimand_picker import asked
from dashboard.components.forest_card import show_published
from dashboard.components.role import Right, need


def show() -> None:
    """The curve of the people the question counts, whose dots open their questions, and published rates."""
    need(Right.QUESTION)
    question = asked(data.scales())
    found = data.findings(question)
    if not found.answer.counts.counted:
        show_empty(nobody_counted(found))
        return
    scale = data.scales()[question.scale]
    show_curve(data.ways(question), found.answer, scale)
    show_published(found.answer, scale, found.rounding)
