"""Commands that keep the record: its copies, and its way to another database."""

from pathlib import Path
from typing import Annotated, Final

import typer

from dashboard.cli.acting import told_by
from dashboard.cli.answering import DATA_SAY_NO, UsageError, say
from dashboard.cli.erased_words import erasures_known, tell_of_erased
from dashboard.cli.keyring import record_named
from dashboard.cli.opening import engine_of, now, record_to_read, released, told, url_of
from dashboard.cli.options import AsJson, Database, examples, print_json
from dashboard.cli.row_words import rows_said
from dashboard.cli.tables import table
from dashboard.cli.users import LINKED_ANEW
from models.store.account_events import doors_shut
from models.store.audit import Event
from models.store.backup import backup as back_up
from models.store.backup import folder_of
from models.store.database import place_of, reading
from models.store.doors import lock_every_door
from models.store.erasing import erase_again
from models.store.migrate import newest, start
from models.store.moving import move
from models.store.restore import restore as put_back
from models.store.retention import Thinned, add_backup, thin_out
from models.store.wiping import wipe

BACKUP_EXAMPLES: Final = examples(
    "seventy backup /mnt/copies/clinic-2026-01-31.db",
    "seventy backup --keep                a dated one beside the record; old ones go",
    "seventy backup /mnt/copies --keep    the same on a second disk, as a daily task",
)
SESSIONS: Final = "auth_session"
"""The table that versions before there was sign-in have not."""
RESTORE_EXAMPLES: Final = examples(
    "seventy restore /mnt/copies/clinic.20260131T090000Z.db",
    "seventy restore /mnt/copies/clinic.20260131T090000Z.db --to trial.db    to see whether it can be",
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
        told(
            engine, Event("backup", detail={"path": str(made.path), "sha256": made.sha256}), "seventy backup"
        )
        typer.echo(f"{made.path} holds {rows_said(made.counts)}. SHA-256 {made.sha256}")
        if keep:
            _tell(thin_out(folder, engine))


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The backup; its manifest (FILE.json) lies beside it.")],
    *,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="URL|PATH",
            help="Where to; without it, the record that --db or SEVENTY_DB names.",
            show_default=False,
        ),
    ] = None,
    replace_clinic: Annotated[
        bool,
        typer.Option(
            "--replace-clinic", help="Also replace a record that holds another clinic's patients or accounts."
        ),
    ] = False,
    db: Database = None,
) -> None:
    """Put a backup in the place of the record, once it was read whole and what stands there is backed up.

    Stop the dashboard first: a record that is in use is left alone. Whoever was erased from what stands there
    (`seventy erase`) is erased from the backup that takes its place.
    """
    with released(engine_of(context, url_of(to) if to else db, restored=file)) as engine:
        erased = [] if replace_clinic else erasures_known(engine)  # another clinic's numbers are others'
        done = put_back(file, engine, at=now(), replace_clinic=replace_clinic)
        since = f"{done.backup.made_at:%Y-%m-%d %H:%M} UTC"
        typer.echo(f"{place_of(engine)} is as of {since}: it holds {rows_said(done.backup.counts)}.")
        if done.kept:
            say(f"What stood there before is kept in {done.kept}")
        if SESSIONS in done.backup.counts:
            unlinked = lock_every_door(engine, at=now())
            say(f"Accounts and roles are as of {since} too: look at them, then let everybody sign in again.")
            if unlinked:
                say(f"Nobody is linked to {', '.join(unlinked)} any more: {LINKED_ANEW}.")
        if erased and done.backup.revision != newest():
            start(engine, at=now())
        if erased or done.backup.revision == newest():
            again = erase_again(engine, erased, by=told_by("seventy restore"), at=now())
            tell_of_erased(again, len(erased), wipe(engine) if again else None)
            with reading(engine) as connection:
                shut = doors_shut(connection)
            apart = {"apart": True} if to else {}
            event = Event("restore", detail={"from": str(file), **apart, **shut})
            told(engine, event, "seventy restore", restored=True, anchored=to is None)
        else:
            say("It is of an older version; `seventy migrate` brings it up to this one.")


def copy(
    context: typer.Context,
    *,
    source: Annotated[str, typer.Option("--from", metavar="URL", help="The record, of this version.")],
    target: Annotated[str, typer.Option("--to", metavar="URL", help="A new database, with no tables in it.")],
    as_json: AsJson = False,
) -> None:
    """Move a clinic between SQLite and PostgreSQL: every row with its id, or nothing, then compared.

    What is saved at the old place afterwards is not in the new one: stop the dashboard first.
    """
    with (
        released(record_to_read(context, source)) as there,
        released(record_named(target, begins=True)) as here,
    ):
        moved = move(there, here)
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
