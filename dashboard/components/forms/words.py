"""What the words of the record are called on a page, where the questions have no names for them."""

from collections.abc import Mapping
from typing import Final

SEX_LABELS: Final[Mapping[str, str]] = {
    "female": "Female",
    "male": "Male",
    "other": "Other",
    "unknown": "Unknown",
}
END_REASON_LABELS: Final[Mapping[str, str]] = {
    "completed": "Completed as planned",
    "no_benefit": "No benefit",
    "side_effects": "Side effects",
    "cost": "Cost",
    "moved": "Moved away",
    "own_choice": "Own choice",
    "hospital": "Admitted to hospital",
    "died": "Died",
    "other": "Other",
}
MODE_LABELS: Final[Mapping[str, str]] = {
    "self": "Self",
    "kiosk": "Kiosk",
    "staff": "Staff",
    "phone": "Phone",
    "clinician": "Clinician",
}
TIMING_LABELS: Final[Mapping[str, str]] = {"before": "Before infusion", "after": "After it"}
STATUS_LABELS: Final[Mapping[str, str]] = {
    "complete": "",
    "prorated": "prorated",
    "total_only": "total only",
}
