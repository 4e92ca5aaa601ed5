"""`seventy key replace-lost`: the audit trail goes on under another key, once its own is lost for good."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final

import typer
from sqlalchemy import Connection, Engine, inspect

from dashboard.cli.acting import told_by
from dashboard.cli.answering import UsageError, say
from dashboard.cli.keyring import held_keys
from dashboard.cli.opening import engine_of, holds_record, now, released, write_anchor
from dashboard.cli.options import Database
from dashboard.cli.row_words import counted
from models.access.keys import SECRETS, Keys, SealError
from models.access.totp import sealed_about
from models.store.audit.key import has_trail
from models.store.audit.reasons import reason_of
from models.store.engine.asking import ask
from models.store.engine.database import place_of, reading
from models.store.engine.errors import BackupError, CannotOpenError, EncryptedError, StoreError
from models.store.health.trail_key import way_back
from models.store.moves.lost_key import go_on_with, is_sealed_by, place_for_key, refuse_in_use
from models.tables.facts import FactsError

SHORTEST: Final = 10
"""Characters of a reason."""
FROM_A_BACKUP: Final = (
    "Of a backup whose key is lost, `seventy restore FILE --despite-findings` makes a record under another."
)


def replace_lost(
    context: typer.Context,
    *,
    reason: Annotated[
        str,
        typer.Option(
            metavar="TEXT", help="How it was lost, in ten characters or more. It stays in the trail for ever."
        ),
    ],
    db: Database = None,
) -> None:
    """Go on with the audit trail under another key, once the one that sealed it is lost for good.

    The key that lies there goes on, or a new one is made. The trail tells who did it, when and why; what came
    before is proved by nothing any more, which `seventy verify` says ever after, as a finding. Refused while
    the key fits, and while the dashboard runs. An encrypted record opens with no other key: there is nothing
    to go on with.

    The authenticators of all accounts are lost with the clinic's key. Each comes in by a recovery code and
    brings another under *My account*, or by the link of `seventy user reset NAME`. Who was erased is no
    longer known by number: should an older backup or a file bring them back, nobody is told.
    """
    with released(_opened(context, db)) as engine:
        why = _reason(reason)
        path = place_for_key()
        there = _key_there(path)
        _refuse_unless_lost(engine, path, there)
        try:
            refuse_in_use(engine)
        except BackupError as used:
            raise StoreError(str(used)) from None
        keys = there or Keys.create(path)
        try:
            last = go_on_with(engine, keys, why, by=told_by("seventy key replace-lost"), at=now())
        except BaseException:
            if there is None:
                path.unlink()
            raise
        write_anchor(engine)
        made = "" if there else "A new key was made. "
        typer.echo(
            f"{made}{path} ({keys.fingerprint()}) seals the audit trail of {place_of(engine)} from event "
            f"{last + 1} on."
        )
        say(f"Nothing proves the events up to {last} any more; `seventy verify` says so from now on.")
        with reading(engine) as connection:
            _tell_of_authenticators(connection)
            _tell_of_erased(connection)
        say("Print the sheet of this key now, and lock it away: `seventy key show-sheet`.")


def _opened(context: typer.Context, db: str | None) -> Engine:
    """The record, of whatever version: one of an older can be brought up only with a key."""
    try:
        engine = engine_of(context, db)
    except EncryptedError as locked:
        raise EncryptedError(
            f"{locked} An encrypted record opens with its own key alone: no other can go on with it."
        ) from None
    if not holds_record(engine):
        raise CannotOpenError(f"There is no record at {place_of(engine)}. {FROM_A_BACKUP}")
    return engine


def _reason(given: str) -> str:
    try:
        return reason_of(given, SHORTEST)
    except FactsError as unfit:
        raise UsageError(f"--reason: {unfit}") from None


def _key_there(path: Path) -> Keys | None:
    try:
        return held_keys(path)
    except FileNotFoundError:
        return None


def _refuse_unless_lost(engine: Engine, path: Path, keys: Keys | None) -> None:
    with reading(engine) as connection:
        if not has_trail(connection):
            raise UsageError(
                f"{place_of(engine)} has no audit trail yet, and no key of it that could be lost."
            )
        if keys is not None and is_sealed_by(connection, keys):
            raise UsageError(
                f"Nothing is lost: {path} ({keys.fingerprint()}) seals the audit trail of "
                f"{place_of(engine)}. Nothing was changed."
            )
        kept = way_back(connection)
    if kept is not None:
        raise UsageError(f"Nothing is lost: another file holds the key. {kept} Nothing was changed.")


def _tell_of_authenticators(connection: Connection) -> None:
    """Whose were sealed with a key that is not here any more."""
    keys = None
    with suppress(FileNotFoundError, CannotOpenError):
        keys = held_keys()
    held = ask(connection, "SELECT id, totp_secret FROM account WHERE totp_secret IS NOT NULL AND active")
    lost = sum(not _opens(keys, account, secret) for account, secret in held)
    if lost:
        which = counted(lost, "authenticator opens", "authenticators open")
        say(
            f"{which} nothing any more, and everybody is signed out. Each comes in by a recovery code and "
            "brings another authenticator under My account, or by the link of `seventy user reset NAME`."
        )


def _opens(keys: Keys | None, account: int, secret: str) -> bool:
    try:
        return keys is not None and bool(keys.open(SECRETS, secret, sealed_about(account)))
    except SealError:
        return False


def _tell_of_erased(connection: Connection) -> None:
    if not inspect(connection).has_table("erasure"):
        return
    ((erased,),) = ask(connection, "SELECT count(*) FROM erasure")
    if erased:
        say(
            f"{counted(erased, 'person who was erased is', 'people who were erased are')} no longer known by "
            "number: should a file or an older backup bring somebody back, nobody is told. Look yourselves."
        )
