"""Validated input not yet stored: what is wrong with it is said by field, value and what is allowed."""

from models.tables.facts.base import Facts
from models.tables.facts.care import PART2, PART2_CONSENT, CourseFacts, InfusionFacts, PatientFacts
from models.tables.facts.ledger import ClaimFacts
from models.tables.facts.people import CRISIS_TEXT, ClinicFacts, is_time_zone
from models.tables.facts.problems import FactsError, Problem
from models.tables.facts.scores import AssessmentFacts
from models.tables.facts.setting import Setting
from models.tables.facts.texts import match_key

__all__ = [
    "CRISIS_TEXT",
    "PART2",
    "PART2_CONSENT",
    "AssessmentFacts",
    "ClaimFacts",
    "ClinicFacts",
    "CourseFacts",
    "Facts",
    "FactsError",
    "InfusionFacts",
    "PatientFacts",
    "Problem",
    "Setting",
    "is_time_zone",
    "match_key",
]
