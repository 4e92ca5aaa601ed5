"""The command that answers the locked question whole, or another."""

from pathlib import Path
from typing import Annotated, Final

import typer

from dashboard.cli.acting import reads_patients
from dashboard.cli.claim.question import Question, asks, day, locked_scale, takes_question
from dashboard.cli.claim.rates import AsOf, KnownAt
from dashboard.cli.opening import clinic_zone, moment_known, record_to_read, scales_asked
from dashboard.cli.options import AsJson, Database, examples, print_json

EXAMPLES: Final = examples(
    "seventy claim",
    "seventy claim --json",
    "seventy claim --window end_of_induction --missing observed --json",
    "seventy claim --statement statement.html",
    "seventy claim --as-of 2026-01-31 --known-at 2026-02-01T09:00Z --json",
)

EXPLORATORY: Final = "Exploratory: not the locked question."

Statement = Annotated[
    Path | None,
    typer.Option(
        "--statement",
        dir_okay=False,
        metavar="FILE",
        help="Also write the sentence to print, as .txt, .html or .json; the file must not be there yet.",
        show_default=False,
    ),
]


@takes_question
def claim(
    context: typer.Context,
    *,
    question: Question,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    statement: Statement = None,
    as_json: AsJson = False,
    db: Database = None,
) -> None:
    """The locked question answered whole: bounds, intervals, beliefs, every step, and published rates.

    With any option of a question, and only then, it is the one that `check` answers with the same options and
    defaults; it is exploratory where it is not the locked one. A statement is the sentence a clinic may
    print, with its method and a hash of the data; `check --verify` confirms or denies it.
    """
    from dashboard.cli.claim import answers  # noqa: PLC0415 - statistics load slower than --help should
    from dashboard.cli.claim.claim_document import claim_document  # noqa: PLC0415
    from dashboard.cli.claim.stating import write_statement  # noqa: PLC0415
    from dashboard.ledger import read_ledger  # noqa: PLC0415
    from models.store.audit.events import trail_in  # noqa: PLC0415
    from models.store.record import read  # noqa: PLC0415

    engine = record_to_read(context, db)
    moment = moment_known(known_at, clinic_zone(engine))
    ledger = read_ledger(engine, moment)
    scales = scales_asked(engine, known_at)
    if asks(context):
        estimand, scale = question.estimand(scales)
    else:
        estimand, scale = ledger.question, locked_scale(ledger.question, scales)
    asked = answers.ask(engine, scale, day(as_of), known_at)
    question.refuse_unknown(asked.record.courses)
    found = asked.answer(estimand, ledger.claim)
    looks = len(read.looks(engine, ledger.lock.id, moment)) if ledger.lock else 0
    if statement is not None:
        write_statement(statement, found, asked, ledger.locks, trail_in(engine))
    if as_json:
        told = claim_document(found, asked, ledger, looks, scales, one_by_one=reads_patients())
        print_json(told)
    else:
        marked = "" if estimand == ledger.question else f"{EXPLORATORY}\n\n"
        typer.echo(f"{marked}{answers.in_words(found, scale)}")
