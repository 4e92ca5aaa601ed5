"""`seventy restore`: a backup in the place of the record."""

from pathlib import Path
from typing import Annotated, Final

import typer
from sqlalchemy import Engine

from dashboard.cli.acting import told_by
from dashboard.cli.answering import say
from dashboard.cli.erased_words import erasures_known, tell_of_erased
from dashboard.cli.opening import engine_of, now, released, told, url_of
from dashboard.cli.options import Database, examples
from dashboard.cli.row_words import rows_said
from dashboard.cli.users import LINKED_ANEW
from models.store.account_events import doors_shut
from models.store.audit import Event
from models.store.database import place_of, reading
from models.store.doors import lock_every_door
from models.store.erasing import erase_again
from models.store.migrate import start
from models.store.restore import restore as put_back
from models.store.wiping import wipe

SESSIONS: Final = "auth_session"
"""The table that versions before there was sign-in have not."""
EXAMPLES: Final = examples(
    "seventy restore /mnt/copies/clinic.20260131T090000Z.db",
    "seventy restore /mnt/copies/clinic.20260131T090000Z.db --to trial.db    to see whether it can be",
)


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
            "--replace-clinic",
            help="Also replace a record that holds another clinic's patients or accounts.",
        ),
    ] = False,
    db: Database = None,
) -> None:
    """Put a backup in the place of the record, once it was read whole and what stands there is backed up.

    Stop the dashboard first: a record that is in use is left alone. Whoever was erased from what stands there
    (`seventy erase`) is erased from the backup that takes its place. One of an older version is brought up to
    this one, as it is when the dashboard starts.
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
        _bring_up(engine)
        again = erase_again(engine, erased, by=told_by("seventy restore"), at=now())
        tell_of_erased(again, len(erased), wipe(engine) if again else None)
        with reading(engine) as connection:
            shut = doors_shut(connection)
        apart = {"apart": True} if to else {}
        event = Event("restore", detail={"from": str(file), **apart, **shut})
        told(engine, event, "seventy restore", restored=True, anchored=to is None)


def _bring_up(engine: Engine) -> None:
    """Bring the record to this version, whose trail then tells that it was restored."""
    migrated = start(engine, at=now())
    if migrated.before != migrated.after:
        say(
            f"It was of an older version ({migrated.before}) and is brought up to this one "
            f"({migrated.after}); as it was it is kept in {migrated.backup}"
        )
