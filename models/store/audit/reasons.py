"""Why something in the record is replaced, withdrawn or asked otherwise, in words that say something."""

from models.tables.facts import FactsError
from models.tables.facts.problems import refused
from models.tables.facts.texts import clean
from models.tables.plausible import plausible


def reason_of(why: str, shortest: int = 1) -> str:
    """The reason as it is recorded; `FactsError` when it is too short to be one."""
    try:
        reason = clean(why, plausible().text.reason) or ""
    except ValueError as error:
        raise FactsError([refused("why", "The reason", why, str(error))]) from None
    if len(reason) < shortest:
        allowed = f"{shortest} characters or more" if shortest > 1 else "given"
        raise FactsError([refused("why", "The reason", why, allowed)])
    return reason
