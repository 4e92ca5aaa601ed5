"""The words a record may hold, each list once: columns, forms, files and filters read them from here."""

from typing import Final, Literal, get_args

WeightUnit = Literal["kg", "lb"]
Sex = Literal["female", "male", "other", "unknown"]
Route = Literal["iv", "im", "sc", "intranasal", "oral"]
Indication = Literal["depression", "bipolar_depression", "ptsd", "suicidality", "anxiety", "pain", "other"]
EndReason = Literal[
    "completed", "no_benefit", "side_effects", "cost", "moved", "own_choice", "hospital", "died", "other"
]
Timing = Literal["before", "after"]
Mode = Literal["self", "kiosk", "staff", "phone", "clinician"]
Status = Literal["complete", "prorated", "total_only"]
Role = Literal["clinician", "manager", "administrator", "auditor"]
Level = Literal["ideation", "frequent", "nearly_every_day", "unanswered"]

WEIGHT_UNITS: Final[tuple[str, ...]] = get_args(WeightUnit)
SEXES: Final[tuple[str, ...]] = get_args(Sex)
ROUTES: Final[tuple[str, ...]] = get_args(Route)
INDICATIONS: Final[tuple[str, ...]] = get_args(Indication)
END_REASONS: Final[tuple[str, ...]] = get_args(EndReason)
TIMINGS: Final[tuple[str, ...]] = get_args(Timing)
MODES: Final[tuple[str, ...]] = get_args(Mode)
STATUSES: Final[tuple[str, ...]] = get_args(Status)
ROLES: Final[tuple[str, ...]] = get_args(Role)
LEVELS: Final[tuple[str, ...]] = get_args(Level)
