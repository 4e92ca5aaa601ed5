"""A scale of a clinic's own, as a file and as a value."""

from datetime import UTC, date
from typing import Final

from models.scales import Scales
from models.scales.reading import read_scale
from models.tables.facts import AssessmentFacts, Setting
from tests.support.builders import moment

PAIN: Final = """
id = "pain"
name = "Pain 0-10"
version = "1"
measures = "pain"
rater = "self"
low = 0
high = 10
recall_choices = [1]
scoring = "total_only"
rights = "Free"
source = "The clinic's own"
reviewed_on = 2026-01-01
next_review_on = 2027-01-01
"""

TENTHS: Final = (
    PAIN.replace("high = 10", "high = 100\ndecimals = 1")
    + """
response_percent = { value = 50, source = "Ours" }
baseline_at_least = { value = 55, source = "Ours" }
bands = { value = [
  { name = "some", low = 0, high = 54 }, { name = "much", low = 55, high = 100 }
], source = "Ours" }
"""
)
"""The same written in tenths, asked of whoever begins at 5.5 or more."""


def pain_facts(patient_id: int, total: int, day: int = 0, file: str = PAIN) -> AssessmentFacts:
    """A total on the scale that the file describes, at nine in the morning."""
    scales = Scales([read_scale("pain.toml", file.encode())])
    values = {"patient_id": patient_id, "scale": "pain", "assessed_at": moment(day), "total": total}
    return AssessmentFacts.check(values, Setting(today=date(2026, 6, 30), zone=UTC, scales=scales))
