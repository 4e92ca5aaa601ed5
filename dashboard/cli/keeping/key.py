"""The commands that keep the clinic's key: on paper, back from paper, over a plain record, and changed."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final

import typer
from sqlalchemy import Engine

from dashboard.cli import keyring
from dashboard.cli.answering import UsageError, say
from dashboard.cli.keeping.lost_key import replace_lost
from dashboard.cli.keyring import NEXT, clinic_keys, held_keys, see_kept
from dashboard.cli.opening import now, record_to_read, see_sealed, standing, told
from dashboard.cli.options import COPIES, Database, KeptKey, examples
from models.access.key_sheet import SheetError
from models.access.keys import (
    DATABASE,
    SECRETS,
    UNTIL,
    KeyFileError,
    Keys,
    SealError,
    first_key_file,
    key_file,
    trail_key_file,
)
from models.access.totp import sealed_about
from models.store.accounts.account_events import authenticators_told
from models.store.audit.events import Event
from models.store.backups.backup import folder_of
from models.store.backups.retention import set_apart
from models.store.engine.database import is_sqlite, key_of, open_engine, place_of, reading
from models.store.engine.errors import CannotOpenError, StoreError
from models.store.engine.files import moment_named
from models.store.engine.sqlite import Kind, file_of, kind_of, opens
from models.store.moves import encrypting
from models.store.record import read

EXAMPLES: Final = examples(
    "seventy key show-sheet | lp",
    "seventy key restore < sheet.txt",
    "seventy key encrypt",
    'seventy key replace-lost --reason "the disk with the key burnt, no sheet was printed"',
)
AUTHENTICATORS: Final = (
    " Until the key is changed once more, which tells of them all, `seventy verify` names every account that "
    "has an authenticator."
)
key = typer.Typer(
    name="key",
    no_args_is_help=True,
    help="The clinic's key: print its sheet, bring it back, encrypt a record, change it, replace a lost one.",
    epilog=EXAMPLES,
)
key.command("replace-lost")(replace_lost)


@key.command("show-sheet")
def show_sheet(context: typer.Context, *, db: Database = None) -> None:
    """Print the key as a recovery sheet, to be locked away: whoever has it can read the record."""
    keys, engine = _held(), _record_there(context, db)
    try:
        trail = held_keys(trail_key_file())
    except (KeyFileError, CannotOpenError) as unfit:
        trail = None
        say(f"The sheet bears no key of the audit trail: {unfit}.")
    typer.echo(keys.recovery_sheet((read.record(engine).clinic.name or "") if engine else "", trail))
    if engine:
        told(engine, Event("show sheet", detail={"key": keys.fingerprint()}), "seventy key show-sheet")


@key.command()
def restore(context: typer.Context, *, db: Database = None) -> None:
    """Bring the key back from its sheet: type its lines, or send the sheet to standard input."""
    path, engine = key_file(), open_engine(db or context.find_root().obj)
    try:
        typed = _typed()
        keys, trail = Keys.from_sheet(typed), Keys.trail_from_sheet(typed)
    except SheetError as wrong:
        raise UsageError(f"The sheet cannot be read: {wrong}") from None
    locked = is_sqlite(engine) and kind_of(file_of(engine.url)) is Kind.ENCRYPTED
    if locked and not opens(file_of(engine.url), keys.derive(DATABASE)):
        raise UsageError(
            f"The sheet's key ({keys.fingerprint()}) does not open {place_of(engine)}. Nothing was changed."
        )
    found = [(path, keys), *([(first_key_file(), trail)] if trail else [])]
    for file, on_sheet in found:
        _refuse_another(file, on_sheet)
    for file, on_sheet in found:
        with suppress(FileExistsError):  # the very same
            on_sheet.write(file)
    opened = f" It opens {place_of(engine)}." if locked else ""
    typer.echo(f"{path} holds the key of the sheet ({keys.fingerprint()}).{opened}")
    if trail:
        typer.echo(f"{first_key_file()} holds the key of the audit trail ({trail.fingerprint()}).")


@key.command()
def encrypt(
    context: typer.Context,
    *,
    shred: Annotated[
        bool, typer.Option("--shred", help="Keep no plain copy, and write over the plain file.")
    ] = False,
    kept: KeptKey = False,
    db: Database = None,
) -> None:
    """Encrypt a plain SQLite record that nobody else has open; every row of the copy is compared first."""
    engine = record_to_read(context, db)
    see_sealed(engine)
    keys = clinic_keys()
    see_kept(keys, kept=kept)
    plain = encrypting.encrypt(engine, keys.derive(DATABASE), at=now(), shred=shred)
    sealed = {"key": keys.fingerprint(), "plain copy": str(plain or "none")}
    done = f"{place_of(engine)} is encrypted with the key in {key_file()} ({keys.fingerprint()})"
    record = record_to_read(context, db)
    try:
        with standing(done):
            told(record, Event("encrypt record", detail=sealed), "seventy key encrypt")
    finally:
        typer.echo(f"{done}.")
        if plain is None:
            say("The plain file was written over. A disk that moves what it writes (SSD) may hold traces.")
        else:
            say(f"What it was stands in {plain}, which anybody can read: keep it apart, or delete it.")
        _set_apart(record, "is as plain as it was")


@key.command()
def rotate(context: typer.Context, *, kept: KeptKey = False, db: Database = None) -> None:
    """Change the clinic's key: seal anew the record, which nobody else may have open, and its secrets."""
    engine = record_to_read(context, db)
    old, path = _held(), key_file()
    see_sealed(engine)
    following = path.with_name(path.name + NEXT)
    broke_off = following.exists()
    new = held_keys(following) if broke_off else Keys.create(following)
    with suppress(FileExistsError):  # of an earlier change
        old.write(first_key_file())
    former = path.with_name(f"{path.name}{UNTIL}{moment_named(now())}")
    old.write(former)
    try:
        _seal_anew(engine, new, _resealed(old, new))
    except (StoreError, SealError) as error:
        former.unlink()
        raise StoreError(f"The key was not changed: {error}") from None
    following.replace(path)
    done = f"{path} holds the new key ({new.fingerprint()}) of {place_of(engine)}"
    record = record_to_read(context, db)
    try:
        with standing(done, AUTHENTICATORS):
            with reading(record) as connection:
                authenticators = authenticators_told(connection)
            detail = {"old": old.fingerprint(), "new": new.fingerprint(), **authenticators}
            told(record, Event("change key", detail=detail), "seventy key rotate")
    finally:
        typer.echo(f"{done}.")
        say(
            f"The old one ({old.fingerprint()}) is kept in {former}: backups made before open with nothing "
            "else, when SEVENTY_KEY_FILE names it, and are restored with --to. Everybody signs in again. The "
            "sheet of the new one also bears the audit trail's key, which is not changed."
        )
        if key_of(engine) is not None:
            _set_apart(record, "opens with the old key")
        see_kept(new, kept=kept)


def _set_apart(engine: Engine, how: str) -> None:
    """Backups of before no longer count among those of the record, whose key does not open them."""
    second = os.environ.get(COPIES)
    for folder in (folder_of(engine), *([Path(second)] if second else [])):
        apart = set_apart(folder, engine, at=now())
        if apart is not None:
            say(f"Every backup made before {how}; they stand in {apart} now.")
    say("Make a new backup now: `seventy backup --keep`.")


def _seal_anew(engine: Engine, new: Keys, reseal: Callable[[int, str], str]) -> None:
    if key_of(engine) is None:
        encrypting.reseal_secrets(engine, reseal)
    else:
        encrypting.change_key(engine, new.derive(DATABASE), reseal)


def _resealed(old: Keys, new: Keys) -> Callable[[int, str], str]:
    def reseal(account: int, sealed: str) -> str:
        about = sealed_about(account)
        try:
            secret = old.open(SECRETS, sealed, about)
        except SealError:  # by a change that broke off after this record had its part
            secret = new.open(SECRETS, sealed, about)
        return new.seal(SECRETS, secret, about)

    return reseal


def _refuse_another(path: Path, keys: Keys) -> None:
    """A key is never replaced by one from a sheet."""
    try:
        held = held_keys(path)
    except FileNotFoundError:
        return
    except CannotOpenError as unfit:
        raise CannotOpenError(
            f"{unfit}. Nothing was changed: put that right, or move {path} away first, and keep it; then "
            "restore again."
        ) from None
    if held != keys:
        raise UsageError(
            f"{path} holds another key ({held.fingerprint()}, the sheet's is {keys.fingerprint()}). "
            "Nothing was changed: move it away first, and keep it."
        )


def _held() -> Keys:
    try:
        return held_keys()
    except FileNotFoundError:
        raise UsageError(
            f"There is no key at {key_file()}. `seventy key restore` brings one back from its sheet; the "
            "first start of a record makes one."
        ) from None


def _typed() -> str:
    if not keyring.on_terminal():
        return sys.stdin.read(10_000)
    lines = [_line(number) for number in range(1, 5)]
    fifth = typer.prompt("Line 5 (Enter, if the sheet has none)", default="", show_default=False, err=True)
    if fifth:
        lines += [f"5) {fifth}", *(_line(number) for number in range(6, 9))]
    return "\n".join(lines)


def _line(number: int) -> str:
    return f"{number}) {typer.prompt(f'Line {number}', err=True)}"


def _record_there(context: typer.Context, db: str | None) -> Engine | None:
    """The record whose clinic's name the sheet bears, and whose trail tells of it: a sheet needs neither."""
    try:
        return record_to_read(context, db)
    except StoreError as error:
        say(f"The sheet bears no clinic's name: {error}")
        return None
