"""What is recorded: the tables, and the facts that may enter them."""

from models.tables.accounts import (
    Account,
    AuthSession,
    Elevation,
    Identity,
    RecoveryCode,
    SetupLink,
    SignInFailure,
)
from models.tables.audit import AuditEvent
from models.tables.care import Course, Infusion, MergedPatient, Patient
from models.tables.erasure import Erasing, Erasure
from models.tables.ledger import AdvertisedClaim, ClaimLock, ClaimLook
from models.tables.people import Clinic
from models.tables.recorded import Recorded, Table
from models.tables.scores import Assessment, ItemScore, KeptScale, SafetyAlert

__all__ = [
    "Account",
    "AdvertisedClaim",
    "Assessment",
    "AuditEvent",
    "AuthSession",
    "ClaimLock",
    "ClaimLook",
    "Clinic",
    "Course",
    "Elevation",
    "Erasing",
    "Erasure",
    "Identity",
    "Infusion",
    "ItemScore",
    "KeptScale",
    "MergedPatient",
    "Patient",
    "Recorded",
    "RecoveryCode",
    "SafetyAlert",
    "SetupLink",
    "SignInFailure",
    "Table",
]
