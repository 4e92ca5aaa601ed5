"""Every way to count: one record, all the honest and less honest questions it can be asked, side by side."""

from dashboard import data
from dashboard.components.claim.claim_empty import nobody_counted
from dashboard.components.claim.curve_card import show_curve
from dashboard.components.claim.forest_card import show_published
from dashboard.components.page.empty_state import show_empty
from dashboard.components.page.role import Right, need
from dashboard.components.question.estimand_picker import asked


def show() -> None:
    """The curve of the people the question counts, whose dots open their questions, and published rates."""
    need(Right.QUESTION)
    question = asked(data.scales())
    found = data.findings(question, one_by_one=False)
    if not found.answer.counts.counted:
        show_empty(nobody_counted(found))
        return
    scale = data.scales()[question.scale]
    show_curve(data.ways(question), found.answer, scale)
    show_published(found.answer, scale, found.rounding)
