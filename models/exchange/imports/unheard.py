"""Whether a refused row speaks of suicide: nothing of it is stored, so it raises no alert and has to be said.

What else is wrong with it does not matter: the answer is read without trusting anything else, and without
asking whether the scale could give it.
"""

import re
from decimal import Decimal
from typing import Final

from models.scales import Scale
from models.tables.facts import AssessmentFacts, Facts

BEGINS: Final = re.compile(r"\+?\d{1,3}([.,]\d{1,3})?(?![\w/.,:-])")
"""A number that words may follow: `2`, `2,0`, `2 (more than half the days)`; no date and no dose."""


def speaks(facts: Facts) -> bool:
    """Whether facts hold an answer about suicide above 0."""
    return isinstance(facts, AssessmentFacts) and facts.suicide_answer is not None and facts.alert is not None


def is_above_0(text: str, scale: Scale | None) -> bool:
    """Whether a cell holds such an answer, on a scale that may be unknown."""
    begins = BEGINS.match(text)
    least = scale.suicide_item.ideation if scale and scale.suicide_item else 1
    return begins is not None and Decimal(begins[0].replace(",", ".")) > least - 1
