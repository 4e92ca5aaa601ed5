"""`seventy restore`: a backup in the place of the record, and what of that record is done to it again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from sqlalchemy import Engine

from dashboard.cli.acting import told_by
from dashboard.cli.answering import say
from dashboard.cli.erased_words import tell_of_backups, tell_of_erased
from dashboard.cli.keeping.last_known import NOTHING, Last, known_last, tell_of_erased_in
from dashboard.cli.keyring import refuse_another_key
from dashboard.cli.opening import clinic_zone, engine_of, now, released, url_of, write_anchor
from dashboard.cli.options import AsJson, Copies, Database, examples, print_json
from dashboard.cli.people.users import LINKED_ANEW
from dashboard.cli.row_words import rows_said
from models.store.accounts.account_events import doors_shut
from models.store.accounts.doors import lock_every_door
from models.store.audit.events import Event, append
from models.store.backups.backup import row_counts
from models.store.backups.holding import held_in
from models.store.backups.proving import anchor_of_backup
from models.store.backups.unfinished import Left, unmark
from models.store.engine.clocks import minute
from models.store.engine.database import is_sqlite, place_of, reading, writing
from models.store.engine.errors import BackupError, StoreError
from models.store.erasure.erasing import erase_again
from models.store.erasure.wiping import wipe
from models.store.moves.held_back import HeldBack, hold_back
from models.store.moves.held_consents import mark_again
from models.store.moves.lost_key import adopt, is_under_another
from models.store.moves.migrate import start
from models.store.moves.restore import Restored, put_back, undo
from models.store.moves.restore import restore as put_in_place
from models.store.trail.anchors import AnchorError, anchor_folder, replaced
from models.store.trail.audit_check import verify
from models.store.trail.finding_words import Finding, unsettled

SESSIONS: Final = "auth_session"
"""The table that versions before there was sign-in have not."""
UNDER_ANOTHER: Final = (
    "does not fit the key that is there. Nothing was restored; mount or name the right one "
    "(SEVENTY_KEY_FILE). If that is lost for good, --despite-findings restores it all the same, and its "
    "trail goes on under this one."
)
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
    despite_findings: Annotated[
        bool,
        typer.Option("--despite-findings", help="Also a backup that was changed behind the program's back."),
    ] = False,
    copies: Copies = None,
    as_json: AsJson = False,
    db: Database = None,
) -> None:
    """Put a backup in the place of the record, once it was read whole and what stands there is backed up.

    It is checked as `seventy verify` checks a record, and not put in place when something was found; one
    whose key is lost neither. With --despite-findings its trail goes on under the key that is there, and
    tells so; where no record stands and no key lies, one is made.

    Stop the dashboard first: a record that is in use is left alone. Whoever was erased from what stands there
    (`seventy erase`) is erased from the backup that takes its place, and whoever was disabled there, or had
    the right to names taken away, is so again; a patient under 42 CFR Part 2 is so again, and a consent taken
    back or shortened there is so too. A backup of an older version is brought up to this one, as
    when the dashboard starts. On PostgreSQL, what was broken off before that was done is opened by nothing
    until it is restored again; what stood there is then put back first. Nobody is erased again from what
    `--to` puts beside the record; how many of them are in it is said.
    """
    with released(engine_of(context, url_of(to) if to else db, restored=file)) as engine:
        refuse_another_key(file, engine)
        _tell_of_undone(undo(engine))
        event = Event("restore", detail={"from": str(file), **_apart(to)})
        finish = _Finish(
            known_last(engine), event, replaces=replace_clinic, copies=copies, despite=despite_findings
        )
        done = put_in_place(file, engine, at=now(), replace_clinic=replace_clinic, finish=finish)
        if is_sqlite(engine):
            _tell_of_kept(done)
        if done.kept:
            say("What was kept stays until somebody deletes it.")
        if to is None:  # what was put beside the record is not how far its trail has come
            write_anchor(engine)
        else:
            tell_of_erased_in(engine, done.backup, context, db)
        with reading(engine) as connection:
            holds = row_counts(connection)  # without who was erased since, and with what was told since
        if not as_json:
            typer.echo(f"{place_of(engine)} is as of {_since(done, engine)}: it holds {rows_said(holds)}.")
        else:
            print_json(
                {
                    "record": place_of(engine),
                    "as_of": done.backup.made_at.isoformat(),
                    "rows": holds,
                    "kept": None if done.kept is None else str(done.kept),
                    **finish.came,
                }
            )


class _Finish:
    """Brings a restored record to this version, checks it, shuts its doors, holds back, erases again."""

    def __init__(
        self, last: Last, event: Event, *, replaces: bool, copies: Path | None, despite: bool
    ) -> None:
        self._last, self._event, self._replaces, self._copies = last, event, replaces, copies
        self._despite = despite
        self.came: dict[str, Any] = {}
        """What came of it, as JSON."""

    def __call__(self, done: Restored, engine: Engine) -> None:
        """Once what stood there is kept: on SQLite before the swap, on PostgreSQL after it."""
        if not is_sqlite(engine):
            _tell_of_kept(done)
        with _whole_or_not(done, engine):
            self._finish(done, engine)

    def _finish(self, done: Restored, engine: Engine) -> None:
        another = self._replaces and self._last.trail != done.backup.trail
        last = NOTHING if another else self._last  # another clinic's are others
        by, had_doors = told_by("seventy restore"), SESSIONS in done.backup.counts
        lost = is_under_another(engine, make=self._despite and done.kept is None)
        _bring_up(engine)
        found = self._checked(done, engine)
        if lost:
            adopt(engine, f"restored from {done.backup.path.name} with --despite-findings", by=by, at=now())
        unlinked = lock_every_door(engine, at=now()) if had_doors else []
        held = hold_back(engine, last.accounts, by=by, at=now())
        if had_doors:
            _tell_of_accounts(_since(done, engine), unlinked, held)
        again = erase_again(engine, last.erased, by=by, at=now())
        tell_of_erased(again, len(last.erased), wipe(engine) if again else None)
        marks = mark_again(engine, last.marked, by=by, at=now())
        _tell_of_marks(marks)
        gone = [one.erasure for one in again]
        zone = clinic_zone(engine)
        backups = held_in(engine, gone, at=now(), copies=self._copies) if gone else []
        if gone:
            tell_of_backups(backups, len(gone), self._copies, zone)
        with reading(engine) as connection:
            shut = doors_shut(connection)
        told = {**self._event.detail, **({"findings": len(found)} if found else {})}
        event = self._event._replace(detail={**told, **_known_before(engine), **shut})
        with writing(engine) as connection:
            append(connection, [event], by=by, at=now())
            unmark(connection)
        self.came = {
            "unlinked": unlinked,
            "accounts": held.described() if last.accounts else None,
            "erased_again": len(again),
            "part2_again": marks,
            "backups": [one.described(zone) for one in backups],
            "findings": [one._asdict() for one in found],
        }

    def _checked(self, done: Restored, engine: Engine) -> list[Finding]:
        """What was changed behind the program's back, which somebody has to have agreed to."""
        said = anchor_of_backup(done.backup)
        every = verify(engine, [said] if said else []).findings
        for finding in every:
            say(finding.words)
        found = unsettled(every)
        if found and not self._despite:
            if {finding.kind for finding in found} == {"key"}:
                raise BackupError(f"{done.backup.path} {UNDER_ANOTHER}")
            raise BackupError(
                f"{done.backup.path} was changed behind the program's back. Nothing was restored; take "
                "another backup, or --despite-findings to restore it all the same."
            )
        return found


def _tell_of_kept(done: Restored) -> None:
    """Once something was replaced; before that, what is kept may go again."""
    if done.kept:
        say(f"What stood there before is kept in {done.kept}")


def _since(done: Restored, engine: Engine) -> str:
    return minute(done.backup.made_at, clinic_zone(engine))


def _apart(to: str | None) -> dict[str, bool]:
    """What an event tells of a backup that was put beside the record: it goes its own way."""
    return {"apart": True} if to else {}


@contextmanager
def _whole_or_not(done: Restored, engine: Engine) -> Iterator[None]:
    """What stood there stands, on PostgreSQL again, if the restored record cannot be told what it has to be.

    Otherwise it would let in who was disabled since, and hold who was erased, and the next restore would not
    know.
    """
    try:
        yield
    except BaseException:
        if done.kept is not None:
            try:
                if not is_sqlite(engine):
                    put_back(done.kept, engine)
            except (StoreError, OSError) as error:
                say(f"What stood there before is not back in its place yet. {error}")
            else:
                say("The restore could not be ended: what stood there before stands there again.")
                if not done.kept.exists():
                    say("It is all there, and the backup of it is taken away again.")
        raise


def _known_before(engine: Engine) -> dict[str, str]:
    """How far the trail had come, as written down outside: its end is gone with consent from now on."""
    try:
        return replaced(engine, anchor_folder())
    except AnchorError as error:
        say(str(error))
        return {}


def _tell_of_undone(left: Left | None) -> None:
    """What became of a restore before this one that was broken off."""
    if left is not None:
        what = "It is empty again." if left.kept is None else f"What {left.kept} kept stands there again."
        say(f"The restore before this one was broken off. {what} This one goes on from there.")


def _tell_of_accounts(since: str, unlinked: list[str], held: HeldBack) -> None:
    """Who is held back by name; what may let somebody in again in a sentence, for all."""
    say(
        f"Accounts, roles and passwords are as of {since} too: look at them, then let everybody sign in "
        "again."
    )
    if held.disabled:
        say(f"Disabled since then, and again now: {', '.join(held.disabled)}.")
        if not held.administrators:
            say("No administrator is active any more: `seventy user add` makes one.")
    if held.without_names:
        say(f"Without the right to names since then, and again now: {', '.join(held.without_names)}.")
    for one in held.roles:
        say(
            f"{one.username} is {one.role.shown.lower()} again, as then; last it was {one.was.shown.lower()}."
        )
    if unlinked:
        say(f"Nobody is linked to {', '.join(unlinked)} any more: {LINKED_ANEW}.")


def _tell_of_marks(changed: int) -> None:
    if changed:
        many = "1 patient is" if changed == 1 else f"{changed} patients are"
        say(f"{many} under 42 CFR Part 2 again as last known, and without a consent taken back since then.")


def _bring_up(engine: Engine) -> None:
    """Bring the record to this version, whose trail then tells that it was restored."""
    migrated = start(engine, at=now())
    if migrated.before != migrated.after:
        say(
            f"It was of an older version ({migrated.before}) and is brought up to this one "
            f"({migrated.after}); as it was it is kept in {migrated.backup}"
        )
