"""Which key a record is opened with, and whether somebody keeps it on paper: decided here for all commands.

A record in PostgreSQL, and an SQLite file that is plain, are opened without one; an encrypted file with the
clinic's key, and so is a new one begun, unless SEVENTY_PLAIN=1 says it is to be plain.
"""

import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from shlex import quote
from typing import Final

import typer
from sqlalchemy import Engine

from dashboard.cli.answering import UsageError, say
from models.access.keys import DATABASE, KeyFileError, Keys, former_key_files, key_file
from models.store.engine.database import is_sqlite, key_of, open_engine, place_of
from models.store.engine.errors import BackupError, CannotOpenError, EncryptedError
from models.store.engine.sqlite import Kind, file_of, kind_of, opens
from models.store.moves.encrypting import protection

NEXT: Final = ".new"
"""Ends the name of the key that is about to take the place of the clinic's."""
KEPT: Final = ".kept"
"""Ends the name of the note that somebody showed to have the key's sheet at hand."""
TRIES: Final = 3
NAME: Final = "SEVENTY_KEY_FILE"
BESIDE: Final = "Restore it beside the record:"


def clinic_keys() -> Keys:
    """The keys of the clinic, made at the first use and kept outside the data folder."""
    try:
        return held_keys()
    except FileNotFoundError:
        path = key_file()
        try:
            made = Keys.create(path)
        except FileExistsError:  # another program was first
            return held_keys()
        say(f"The clinic's key was made: {path}. Keep a copy of it apart from the record.")
        return made


def held_keys(path: Path | None = None) -> Keys:
    """The keys in the clinic's file or another, `CannotOpenError` when it is unfit; `FileNotFoundError`."""
    try:
        return Keys.read(path or key_file())
    except FileNotFoundError:
        raise
    except (KeyFileError, OSError) as unfit:
        raise CannotOpenError(f"The clinic's key cannot be used: {unfit}") from None


def record_named(url: str | None, *, begins: bool = False, restored: Path | None = None) -> Engine:
    """The engine of a record, with the key its file needs.

    One that is not there is opened with the clinic's key when this command `begins` it, and with the key of
    the copy that is `restored` to it when that is encrypted.
    """
    engine = open_engine(url)
    if not is_sqlite(engine):
        return engine
    file = file_of(engine.url)
    kind = kind_of(file)
    if kind is Kind.ENCRYPTED:
        return open_engine(url, key=_key_to(file).derive(DATABASE))
    if kind is Kind.NOTHING and restored is not None and kind_of(restored) is Kind.ENCRYPTED:
        return open_engine(url, key=_key_to(restored).derive(DATABASE))
    if kind is Kind.NOTHING and begins and not wanted_plain():
        return open_engine(url, key=clinic_keys().derive(DATABASE))
    return engine


def see_protected(engine: Engine, *, kept: bool) -> None:
    """Say that a record is plain, or see to it that somebody can bring its key back."""
    if key_of(engine) is not None:
        see_kept(clinic_keys(), kept=kept)
    elif is_sqlite(engine) and not wanted_plain():
        found = protection(engine)
        say(f"{found.says} {found.do}")


def see_kept(keys: Keys, *, kept: bool) -> None:
    """On a terminal, go on only when eight digits of the key's sheet were typed back, once for each key."""
    path, fingerprint = key_file(), keys.fingerprint()
    note = path.with_name(path.name + KEPT)
    with suppress(FileNotFoundError):
        if note.read_bytes() == fingerprint.encode():
            return
    say(
        f"The record is encrypted with the key in {path} ({fingerprint}). Whoever loses the key loses the "
        "record and its backups. Print its recovery sheet with `seventy key show-sheet`, and lock it away."
    )
    if not kept:
        if not on_terminal():
            say("Nobody has shown yet to have it; --yes-i-kept-the-key says so, or the next start asks.")
            return
        _ask_for_sheet(keys)
    try:
        note.write_bytes(fingerprint.encode())
    except OSError as error:
        say(f"It will be asked again: {error}.")


def on_terminal() -> bool:
    """Whether somebody is there to type."""
    return sys.stdin.isatty()


def _ask_for_sheet(keys: Keys) -> None:
    line = secrets.randbelow(4) + 1
    for _ in range(TRIES):
        typed = typer.prompt(f"The first eight digits of line {line} of the sheet", err=True)
        if keys.begins_line(line, typed):
            return
        say(f"Line {line} of the sheet of key {keys.fingerprint()} begins otherwise.")
    raise UsageError("Nothing was begun: print the sheet in another window, and type from it.")


def _key_to(file: Path) -> Keys:
    """The keys that open an encrypted file; a change of keys that was interrupted is brought to its end."""
    path = key_file()
    following = path.with_name(path.name + NEXT)
    try:
        keys = held_keys()
        if opens(file, keys.derive(DATABASE)):
            return keys
        tried = f"does not open with the key in {path} ({keys.fingerprint()})"
    except FileNotFoundError:
        tried = f"is encrypted, and its key is not at {path}"
    if following.is_file():
        keys = held_keys(following)
        if opens(file, keys.derive(DATABASE)):
            following.replace(path)
            say(f"The change of the clinic's key was interrupted; {path} now holds the new one.")
            return keys
    former = former_key_to(file)
    if former is not None:
        raise EncryptedError(
            f"{file} {tried}, but with a former one. Nothing was changed: {NAME}={former} opens it."
        )
    raise EncryptedError(
        f"{file} {tried}. Nothing was changed. `seventy key restore` brings a key back from its sheet; "
        f"{NAME} names another file."
    )


def former_key_to(file: Path) -> Path | None:
    """The key that an encrypted file opens with and a change of keys has replaced, if it is still there."""
    for former in former_key_files():
        with suppress(FileNotFoundError, CannotOpenError):
            if opens(file, held_keys(former).derive(DATABASE), unchanging=True):
                return former
    return None


def refuse_another_key(copy: Path, engine: Engine) -> None:
    """`BackupError` for a copy that is under another key than the record it is to replace, or under none.

    It says how it becomes a record nonetheless. A copy that opens with no key known here is left to whoever
    reads it.
    """
    if not is_sqlite(engine) or key_of(engine) is None:
        return
    place, kind = place_of(engine), kind_of(copy)
    if kind is Kind.PLAIN:
        raise BackupError(
            f"{copy} was made before {place} was encrypted, and cannot take its place. Nothing was changed. "
            f"{BESIDE} `seventy restore {quote(str(copy))} --to NEW.db`, then `seventy key encrypt --db "
            "sqlite:///NEW.db`. To go on from it, name it in SEVENTY_DB."
        )
    if kind is not Kind.ENCRYPTED or opens(copy, key_of(engine), unchanging=True):
        return
    former = former_key_to(copy)
    if former is not None:
        raise BackupError(
            f"{copy} was made before the clinic's key was changed, and cannot take the place of {place}: it "
            f"opens with the former key, {former}, and the record with {key_file()}. Nothing was changed. "
            f"{BESIDE} `{NAME}={quote(str(former))} seventy restore {quote(str(copy))} --to NEW.db`. Every "
            f"command on NEW.db needs the same {NAME}. To go on from it, name it in SEVENTY_DB and start the "
            "dashboard with both."
        )


def wanted_plain() -> bool:
    """Whether records may be plain here, by SEVENTY_PLAIN=1."""
    return os.environ.get("SEVENTY_PLAIN") == "1"
