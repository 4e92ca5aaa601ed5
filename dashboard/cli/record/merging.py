"""The command that says that two numbers are one person's, or that they are not."""

from typing import Annotated, Final

import typer

from dashboard.cli.acting import told_by
from dashboard.cli.answering import DATA_SAY_NO, UsageError, say, shown
from dashboard.cli.numbers import patient_of
from dashboard.cli.opening import now, record_to_read, write_anchor
from dashboard.cli.options import AsJson, Database, examples, print_json
from models.store.record import write
from models.store.record.history import link_of
from models.store.record.merging import conflicts
from models.store.record.saving import Saved
from models.tables.facts import FactsError, Problem

EXAMPLES: Final = examples(
    "seventy merge 1043 2077 --reason 'registered twice, same birth date'",
    "seventy merge 1043 2077 --reason 'registered twice, same birth date' --confirm",
    "seventy merge 1043 2077 --undo --reason 'they are two sisters' --json",
)


def merge(
    context: typer.Context,
    keep: Annotated[str, typer.Argument(metavar="KEEP", help="The number that stays.", show_default=False)],
    retire: Annotated[
        str, typer.Argument(metavar="RETIRE", help="The same person's other number.", show_default=False)
    ],
    *,
    reason: Annotated[str, typer.Option(metavar="WORDS", help="Why, in ten characters or more.")],
    undo: Annotated[bool, typer.Option("--undo", help="They are two people after all.")] = False,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="What does not agree in the two was looked at: merge them.")
    ] = False,
    as_json: AsJson = False,
    db: Database = None,
) -> None:
    """Read what is recorded under two numbers as one person's record, from now on.

    Nothing is moved: every score keeps the number it was recorded under, --known-at a moment before answers
    as it did then, and --undo parts the two again. What does not agree in them is said first; exit status 1,
    and nothing is merged, until it is confirmed.
    """
    engine = record_to_read(context, db)
    kept, retired = patient_of(engine, "KEEP", keep), patient_of(engine, "RETIRE", retire)
    told = {"by": told_by("seventy merge"), "at": now(), "why": reason}
    found: tuple[Problem, ...] = ()
    saved: Saved | None = None
    try:
        if undo:
            link = link_of(engine, kept, retired)
            if link is None:
                raise UsageError(f"{retire} is not merged with {keep}")
            saved = write.undo_merge(engine, link, **told)  # type: ignore[arg-type]
        else:
            found = conflicts(engine, kept, retired)
            confirmed = [each for each in found if each.confirm and confirm]
            saved = write.merge_patients(engine, kept, retired, **told, confirmed=confirmed)  # type: ignore[arg-type]
    except FactsError as refusal:
        if any(problem.field == "why" for problem in refusal.problems):
            raise UsageError(f"--reason: {refusal}") from None
        found = refusal.problems
    if as_json:
        print_json(_document(keep, retire, saved, found, undo=undo))
    for problem in found:
        say(problem.message)
    if saved is None:
        only_to_confirm = all(problem.confirm for problem in found)
        say("Nothing was merged." + (" Give --confirm if it is one person." if only_to_confirm else ""))
        raise typer.Exit(DATA_SAY_NO)
    write_anchor(engine)
    if not as_json:
        typer.echo(shown(_sentence(keep, retire, undo=undo)))


def _sentence(keep: str, retire: str, *, undo: bool) -> str:
    if undo:
        return f"{keep} and {retire} are two people again; each has what was recorded under its number."
    return f"{retire} is read as {keep}'s from now on; nothing was moved."


def _document(
    keep: str, retire: str, saved: Saved | None, found: tuple[Problem, ...], *, undo: bool
) -> dict[str, object]:
    return {
        "keep": keep,
        "retire": retire,
        "merged": saved is not None and not undo,
        "already": saved is not None and saved.already,
        "conflicts": [
            {"about": problem.field, "words": problem.message, "may_be_confirmed": problem.confirm}
            for problem in found
        ],
    }
