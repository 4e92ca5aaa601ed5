"""What the doctor says of the locked question: whether a file here describes the scale it is asked on."""

from typing import Final

from sqlalchemy import Engine

from dashboard.cli.opening import holds_record, known_scales, own_scales
from dashboard.ledger import read_ledger
from models.outcomes.question.change import is_defined
from models.outcomes.question.words import OUTCOME_NOUNS
from models.store.engine.errors import StoreError
from models.store.engine.found import Examined

ABOUT: Final = "locked question"


def locked_question(engine: Engine) -> Examined | None:
    """Nothing of a record that is not there or cannot be read, which is a finding of its own."""
    try:
        if not holds_record(engine):
            return None
        question, scales = read_ledger(engine).question, known_scales(engine)
    except StoreError:
        return None
    if is_defined(question.scale, question.outcome, scales):
        return Examined(ABOUT, True, f"It is asked on {scales[question.scale].name}, which is known here.")
    return Examined(
        ABOUT,
        False,
        f"It cannot be answered: no file here describes its scale, {question.scale}, with "
        f"{OUTCOME_NOUNS[question.outcome]}.",
        f"Put the file of the scale back into {own_scales()}, or mend it.",
    )
