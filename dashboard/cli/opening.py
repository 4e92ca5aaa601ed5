"""Opening the record for a command, and what surrounds it: the clock, the clinic's zone, the scales known."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import typer
from platformdirs import user_data_path
from sqlalchemy import Engine

from dashboard.cli.acting import told_by
from dashboard.cli.answering import UsageError, say
from dashboard.cli.keyring import record_named, see_protected
from models.exchange.columns.moments import Calendar, MomentError
from models.scales import Scales, all_scales
from models.store.audit.events import Event, note, refuse_another_key
from models.store.engine.database import is_sqlite, open_engine, place_of, reading
from models.store.engine.errors import CannotOpenError, StoreError, WrongVersionError
from models.store.engine.lookup import clinic, crisis_text
from models.store.engine.sqlite import file_of, holds_bytes
from models.store.moves.migrate import newest, revision, start
from models.store.record.kept_scales import keep_changes, kept_scales
from models.store.trail.anchors import AnchorError, anchor, anchor_folder


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def own_scales() -> Path:
    """The folder of the clinic's own scales."""
    return user_data_path("seventy") / "scales"


def known_scales(engine: Engine | None = None) -> Scales:
    """The scales of the product, the clinic's own and those its record keeps, if there is one.

    A file that cannot be used is said, and left out.
    """
    scales = all_scales(own_scales(), None if engine is None else kept_scales(engine))
    for problem in scales.problems:
        say(str(problem))
    return scales


def scales_asked(engine: Engine, known_at: str | None) -> Scales:
    """The scales of a question: as they stood at the moment it names, or stand now.

    A cut-off that a file changed meanwhile is kept before it is asked with, for whoever asks again what was
    known at this moment.
    """
    scales, moment = known_scales(engine), moment_known(known_at, clinic_zone(engine))
    if moment is not None:
        return Scales({**scales, **kept_scales(engine, known_at=moment)}.values(), scales.problems)
    with suppress(StoreError):
        if keep_changes(engine, scales.values(), by=told_by("seventy"), at=now()):
            write_anchor(engine)
    return scales


def clinic_zone(engine: Engine) -> ZoneInfo:
    """Where the clinic's days begin and end."""
    with reading(engine) as connection:
        return clinic(connection)[1]


def crisis_text_of(engine: Engine) -> str:
    """What the clinic tells somebody who speaks of suicide."""
    with reading(engine) as connection:
        return crisis_text(connection)


def moment_known(text: str | None, zone: ZoneInfo) -> datetime | None:
    """The moment `--known-at` names, in the clinic's zone where it says none; `None` is now."""
    if text is None:
        return None
    try:
        moment = Calendar(zone).moment(text)
    except MomentError as unclear:
        raise UsageError(f"--known-at {text!r} {unclear}") from None
    if not isinstance(moment, datetime):
        raise UsageError(f"--known-at {text!r} has no time; one is written 2026-02-01T09:00Z")
    if moment > now():
        raise UsageError(
            f"--known-at {text!r} lies in the future; nobody knows what will be recorded until then"
        )
    return moment


def record_to_write(context: typer.Context, db: str | None, *, kept: bool = False) -> Engine:
    """The record, begun or brought up to this version if need be; `kept`: its key's sheet is locked away.

    How far its audit trail has come is written down when the command ends. `StoreError` when another key
    seals that.
    """
    engine = engine_of(context, db, begins=True)
    context.call_on_close(engine.dispose)  # when it is refused, too
    see_protected(engine, kept=kept)
    see_sealed(engine)
    started = start(engine, at=now())
    context.call_on_close(partial(_leave_anchored, engine))
    if started.backup:
        say(f"The database was brought up to this version; what it was before stands in {started.backup}")
    return engine


@contextmanager
def record_to_import(
    context: typer.Context, db: str | None, *, dry_run: bool, kept: bool = False
) -> Iterator[Engine]:
    """The record to import into; for a dry run before there is one, an empty one that is thrown away."""
    if not dry_run:
        yield record_to_write(context, db, kept=kept)
    elif holds_record(engine_of(context, db)):
        yield record_to_read(context, db)
    else:
        with TemporaryDirectory() as folder:
            key, audit_key = secrets.token_bytes(32), secrets.token_bytes(32)
            engine = open_engine(f"sqlite:///{folder}/trial.db", key=key, audit_key=audit_key)
            start(engine, at=now())
            yield engine
            engine.dispose()


def record_to_read(context: typer.Context, db: str | None) -> Engine:
    """The record as it is: a question never begins one, or a misspelt name would be answered with nobody."""
    engine = engine_of(context, db)
    context.call_on_close(engine.dispose)
    if not holds_record(engine):
        place = place_of(engine)
        raise CannotOpenError(
            f"There is no record at {place} yet; `seventy import` or `seventy serve` begins one."
        )
    with reading(engine) as connection:
        found = revision(connection)
    if found != newest():
        raise WrongVersionError(
            f"The database is of an older version ({found}, not {newest()}); run `seventy migrate`."
        )
    return engine


def see_sealed(engine: Engine) -> None:
    """`StoreError` when the key that is there does not seal the record's trail: before anything is done."""
    with reading(engine) as connection:
        refuse_another_key(connection)


def told(engine: Engine, event: Event, command: str) -> None:
    """Write down what a command did, and how far the audit trail has come, beside the clinic's key.

    Where that cannot be written it is said, and what was done stands.
    """
    note(engine, event, by=told_by(command), at=now())
    write_anchor(engine)


@contextmanager
def standing(done: str, then: str = "") -> Iterator[None]:
    """Say of what was done that it stands, though the record, which may be on a full disk, cannot be told."""
    try:
        yield
    except StoreError as error:
        untold = "but the audit trail does not tell of it. Of this event alone it was said"
        raise StoreError(f"{done}, {untold}: {error}{then}") from None


def write_anchor(engine: Engine) -> None:
    """Write down how far the audit trail has come, or say why it cannot be."""
    try:
        anchor(engine, anchor_folder(), now())
    except AnchorError as error:
        say(str(error))


@contextmanager
def released(engine: Engine) -> Iterator[Engine]:
    """Let go of a database at the end: of one that is to be replaced, or of two at once."""
    try:
        yield engine
    finally:
        engine.dispose()


def _leave_anchored(engine: Engine) -> None:
    with released(engine):
        write_anchor(engine)


def holds_record(engine: Engine) -> bool:
    """Whether a record stands there, of whatever version; one that is not there is not begun by asking."""
    if is_sqlite(engine) and not holds_bytes(file_of(engine.url)):
        return False
    with reading(engine) as connection:
        return revision(connection) is not None


def url_of(named: str) -> str:
    """The URL of a database that an option names by URL or by path."""
    return named if "://" in named else f"sqlite:///{Path(named).absolute()}"


def engine_of(
    context: typer.Context, db: str | None, *, begins: bool = False, restored: Path | None = None
) -> Engine:
    """What `--db` names, after the command or before it, with its key: see `record_named`."""
    return record_named(db or context.find_root().obj, begins=begins, restored=restored)
