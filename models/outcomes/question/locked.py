"""A question written down beforehand, so that anyone can see later that it is the same one (§3.7, §5.14)."""

import hashlib
import json
from typing import Final

from models.outcomes.question.estimand import (
    Estimand,
    Indication,
    Missing,
    Outcome,
    Route,
    TreatmentResistant,
)
from models.outcomes.question.vocabulary import WindowName

PRIMARY: Final = Estimand(
    scale="phq9",
    outcome=Outcome.RESPONSE,
    window=WindowName.P14_31,
    missing=Missing.NON_RESPONDER,
    baseline_at_least=10,
    treatment_resistant=TreatmentResistant.YES,
    first_course=True,
    indications=(Indication.DEPRESSION, Indication.BIPOLAR_DEPRESSION),
    route=Route.IV,
)
"""The primary question, fixed before anyone has looked: every record starts with it locked.

§3.7's primary specification, asked of intravenous treatment, which is what the claim is about. Everything is
said, also where it is the default: a default that changes must not change what was locked.
"""


def canonical(estimand: Estimand) -> str:
    """The question as one text: JSON with sorted keys, without spaces, letters as they are."""
    return json.dumps(estimand.question(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def hash_of(text: str) -> str:
    """SHA-256 of a text's UTF-8 bytes, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def question_hash(estimand: Estimand) -> str:
    """What tells a question from every other: the SHA-256 of its canonical text."""
    return hash_of(canonical(estimand))
