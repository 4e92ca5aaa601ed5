"""What is recorded: the tables, and the facts that may enter them."""

from models.tables.care import Course, Infusion, Patient
from models.tables.ledger import AdvertisedClaim, ClaimLock, ClaimLook
from models.tables.people import Clinic
from models.tables.recorded import Recorded, Table
from models.tables.scores import Assessment, ItemScore, SafetyAlert

__all__ = [
    "AdvertisedClaim",
    "Assessment",
    "ClaimLock",
    "ClaimLook",
    "Clinic",
    "Course",
    "Infusion",
    "ItemScore",
    "Patient",
    "Recorded",
    "SafetyAlert",
    "Table",
]
