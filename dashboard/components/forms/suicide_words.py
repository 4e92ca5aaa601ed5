"""What was answered about suicide, in the scale's own words."""

from dashboard.components.page.plain import plain
from models.scales import Scale

LEFT_OUT = "left out"


def said(scale: Scale, answer: int | None) -> str:
    """The question and its answer: "PHQ-9 question 9: 2, more than half the days", or "… left out"."""
    item = scale.suicide_item
    name = plain(scale.name)
    asked = f"{name} question {item.number}" if item else name
    return f"{asked}: {LEFT_OUT if answer is None else _in_words(scale, answer)}"


def _in_words(scale: Scale, answer: int) -> str:
    """The number, and what it is called where the scale's wording may be shown."""
    label = next((each.label for each in scale.answers if each.value == answer), None)
    return str(answer) if label is None else f"{answer}, {plain(label[:1].lower() + label[1:])}"
