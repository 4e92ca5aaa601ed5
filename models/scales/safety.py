"""What the answer to a scale's suicide item calls for (clinical specification §2.1)."""

from enum import StrEnum

from models.scales.scale import Scale


class AlertLevel(StrEnum):
    """What the suicide item says: the scale's own frequencies, not a grade of risk."""

    IDEATION = "ideation"
    FREQUENT = "frequent"
    NEARLY_EVERY_DAY = "nearly_every_day"
    UNANSWERED = "unanswered"


def alert_level(scale: Scale, answer: int | None, *, asked: bool) -> AlertLevel | None:
    """The alert an answer raises; `None` is "not endorsed" or "not asked", never "no risk".

    `asked` says whether the items were taken: an answer left out is then an alert of its own, whereas a total
    recorded alone never asked for it.
    """
    item = scale.suicide_item
    if item is None or (answer is None and not asked):
        return None
    if answer is None:
        return AlertLevel.UNANSWERED
    begins = {
        AlertLevel.NEARLY_EVERY_DAY: item.nearly_every_day,
        AlertLevel.FREQUENT: item.frequent,
        AlertLevel.IDEATION: item.ideation,
    }
    return next((level for level, first in begins.items() if first is not None and answer >= first), None)
