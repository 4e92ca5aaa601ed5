"""An extract made of the record as it stands, and written with the summary of the locked question."""

from datetime import date
from pathlib import Path
from random import SystemRandom
from typing import Any

from sqlalchemy import Engine

from dashboard.cli.answering import UsageError
from dashboard.cli.opening import clinic_zone, now
from dashboard.ledger import read_ledger
from models.exchange.deidentified.products import extract
from models.exchange.deidentified.request import FolderError, Request
from models.exchange.deidentified.scores import may_give
from models.exchange.deidentified.summary import Summary, summary
from models.exchange.deidentified.writing import write_extract
from models.exchange.leaving.part2 import permitted
from models.outcomes.derivation.derive import derive_outcomes
from models.outcomes.question.estimand import Estimand
from models.scales import all_scales
from models.store.record.read import Record, record


def write(folder: Path, request: Request, engine: Engine) -> dict[str, Any]:
    """Write it; the manifest. The operating system's dice make the codes and offsets.

    Whoever is under 42 CFR Part 2 and does not consent on the clinic's day is in none of it.
    """
    today = now().astimezone(clinic_zone(engine)).date()
    frames, question = record(engine), read_ledger(engine).question
    may_leave = permitted(frames, today)
    made = extract(may_leave, request, SystemRandom())
    table = _summary(may_leave.record, request, question, today)
    try:
        return write_extract(folder, made, frames, table, year=today.year)
    except FolderError as refused:
        raise UsageError(f"--to {refused}") from None


def _summary(frames: Record, request: Request, question: Estimand, today: date) -> Summary | None:
    """The locked question by indication; none where its scale is not in the extract.

    The scale is the one shipped: a clinic's own may have been given any name.
    """
    scale = all_scales().get(question.scale)
    if scale is None or not may_give(scale, request):
        return None
    return summary(derive_outcomes(frames, scale, today), question, scale, as_of=today)
