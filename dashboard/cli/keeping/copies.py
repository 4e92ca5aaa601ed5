"""Commands that keep the record: its copies, and its way to another database."""

from pathlib import Path
from typing import Annotated, Final

import typer

from dashboard.cli.answering import DATA_SAY_NO, UsageError, say
from dashboard.cli.keyring import record_named
from dashboard.cli.opening import now, record_to_read, released, see_sealed, standing, told
from dashboard.cli.options import AsJson, Database, examples, print_json
from dashboard.cli.row_words import rows_said
from dashboard.cli.tables import table
from models.store.audit.events import Event
from models.store.backups.backup import backup as back_up
from models.store.backups.backup import folder_of
from models.store.backups.retention import Thinned, add_backup, thin_out
from models.store.engine.database import place_of
from models.store.moves.moving import move

BACKUP_EXAMPLES: Final = examples(
    "seventy backup /mnt/copies/clinic-2026-01-31.db",
    "seventy backup --keep                a dated one beside the record; old ones go",
    "seventy backup /mnt/copies --keep    the same on a second disk, as a daily task",
)
COPY_EXAMPLES: Final = examples(
    "seventy copy --from sqlite:///clinic.db --to postgresql://clinic@db/seventy",
    "seventy copy --from postgresql://clinic@db/seventy --to sqlite:///clinic.db --json",
)


def backup(
    context: typer.Context,
    path: Annotated[
        Path | None,
        typer.Argument(
            help="The file to write, which must not be there yet, or a folder for a dated one. "
            "Without it, the folder `backups` beside the record."
        ),
    ] = None,
    *,
    keep: Annotated[
        bool,
        typer.Option(
            "--keep",
            help="PATH is a folder. Afterwards only the newest of each of the last 24 hours, 30 days and "
            "84 months that have one stays in it; none goes before what replaces it was read whole.",
        ),
    ] = False,
    db: Database = None,
) -> None:
    """Copy the record while it is in use, then open the copy and count its rows again."""
    with released(record_to_read(context, db)) as engine:
        folder = folder_of(engine) if path is None else path
        if keep and folder.is_file():
            raise UsageError(f"{folder} is a file; with --keep a folder is named")
        dated = keep or path is None or folder.is_dir()
        made = (add_backup if dated else back_up)(engine, folder, at=now())
        typer.echo(f"{made.path} holds {rows_said(made.counts)}. SHA-256 {made.sha256}")
        with standing(f"{made.path} is whole"):
            detail = {"path": str(made.path), "sha256": made.sha256}
            told(engine, Event("backup", detail=detail), "seventy backup")
        if keep:
            _tell(thin_out(folder, engine))


def copy(
    context: typer.Context,
    *,
    source: Annotated[str, typer.Option("--from", metavar="URL", help="The record, of this version.")],
    target: Annotated[str, typer.Option("--to", metavar="URL", help="A new database, with no tables in it.")],
    as_json: AsJson = False,
) -> None:
    """Move a clinic between SQLite and PostgreSQL: every row with its id, or nothing, then compared.

    What is saved at the old place afterwards is not in the new one: stop the dashboard first. Both trails
    tell of it, and each goes its own way from there.
    """
    with (
        released(record_to_read(context, source)) as there,
        released(record_named(target, begins=True)) as here,
    ):
        see_sealed(there)
        moved = move(there, here)
        with standing(f"Every row is in {place_of(here)}"):
            told(here, Event("copy", detail={"from": place_of(there), "apart": True}), "seventy copy")
            told(there, Event("copy", detail={"to": place_of(here)}), "seventy copy")
    if as_json:
        print_json({name: held._asdict() for name, held in moved.items()})
        return
    typer.echo(table(("table", "rows", "sha256"), [(name, *held) for name, held in moved.items()]))
    say(f"Every row of {place_of(here)} is what it was. From now on name it in SEVENTY_DB or with --db.")


def _tell(thinned: Thinned) -> None:
    """Which old backups went, and which of those that stay are damaged."""
    for old in thinned.deleted:
        say(f"Deleted {old}, which need not stay.")
    for file in thinned.damaged:
        say(f"{file} is damaged: it is not what was written. What it would replace stays.")
    if thinned.damaged:
        raise typer.Exit(DATA_SAY_NO)
