"""Commands that answer: one rate with its interval and its verdict, and every way to count it."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from dashboard.cli.answering import say
from dashboard.cli.claim.question import DAY, Question, day, takes_question
from dashboard.cli.opening import record_to_read, scales_asked
from dashboard.cli.options import AsJson, Database, examples, print_json

ClaimedRate = Annotated[float, typer.Option("--claim", metavar="RATE", help="The advertised rate.")]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=DAY,
        metavar="DATE",
        help="The day the question is asked. Default: the clinic's today.",
        show_default=False,
    ),
]
KnownAt = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        metavar="TIME",
        help="Ask the record as it stood then, as in 2026-02-01T09:00Z. Default: now.",
        show_default=False,
    ),
]
Verify = Annotated[
    Path | None,
    typer.Option(
        "--verify",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="Confirm or deny an exported statement; the file itself says question, day and moment.",
        show_default=False,
    ),
]


CHECK_EXAMPLES: Final = examples(
    "seventy check",
    "seventy check --window end_of_induction --missing observed --json",
    "seventy check --scale madrs --as-of 2026-01-31 --known-at 2026-02-01T09:00Z",
    "seventy check --verify statement.html",
)
GRID_EXAMPLES: Final = examples("seventy grid", "seventy grid --scale gad7 --as-of 2026-01-31 --json")


@takes_question
def check(
    context: typer.Context,
    *,
    question: Question,
    claim: ClaimedRate = 0.70,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    verify: Verify = None,
    as_json: AsJson = False,
    db: Database = None,
) -> None:
    """One rate of the clinic's own, its interval, who was counted, and what it says of the claim."""
    from dashboard.cli.claim import answers, verifying  # noqa: PLC0415 - statistics load slower than --help should

    engine = record_to_read(context, db)
    if verify is not None:
        verifying.verify(verify, engine)
        return
    estimand, scale = question.estimand(scales_asked(engine, known_at))
    advertised = answers.claimed(claim)
    asked = answers.ask(engine, scale, day(as_of), known_at)
    question.refuse_unknown(asked.record.courses)
    found = asked.answer(estimand, advertised)
    if as_json:
        print_json(found.as_json(asked.known_at))
    else:
        typer.echo(answers.in_words(found, scale))


@takes_question
def grid(
    context: typer.Context,
    *,
    question: Question,
    claim: ClaimedRate = 0.70,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
    db: Database = None,
) -> None:
    """The same for every outcome, window, missing strategy, and with and without the baseline gate.

    The rest of the question stays as given. Outcomes the scale does not define are left out and named.
    """
    from dashboard.cli.claim import answers  # noqa: PLC0415 - statistics load slower than --help should

    engine = record_to_read(context, db)
    estimand, scale = question.estimand(scales_asked(engine, known_at))
    advertised = answers.claimed(claim)
    asked = answers.ask(engine, scale, day(as_of), known_at)
    question.refuse_unknown(asked.record.courses)
    every = asked.grid(estimand, advertised)
    if every.undefined:
        say(f"{scale.name} does not define {', '.join(every.undefined)}.")
    if as_json:
        print_json([found.as_json(asked.known_at) for found in every.answers])
    else:
        typer.echo(answers.grid_in_words(every.answers, scale))
