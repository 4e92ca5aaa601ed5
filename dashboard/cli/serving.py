"""Commands that show the dashboard: on the clinic's own record, or on an invented one."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import date, datetime, timedelta
from os import environ
from pathlib import Path
from secrets import token_hex
from signal import SIGTERM, signal
from typing import Annotated, Final, NamedTuple, NoReturn

import typer
from platformdirs import user_data_path
from sqlalchemy import Engine

from dashboard.backups import Duty, Rounds, anchoring, backing_up, copying, trying
from dashboard.cli.answering import UsageError, say
from dashboard.cli.keyring import clinic_keys
from dashboard.cli.opening import (
    known_scales,
    now,
    own_scales,
    record_to_write,
    released,
    see_sealed,
    told,
)
from dashboard.cli.options import Copies, Database, KeptKey, examples
from dashboard.cli.people.trusting import (
    ClientId,
    Issuer,
    OnlyProvider,
    SecondFactor,
    SecretFile,
    trusted_provider,
)
from dashboard.cli.people.users import LINKED_ANEW
from dashboard.notice_ways import SettingError, ways_of
from dashboard.signin.address import address_of
from dashboard.signin.oidc.trusted import Trusted
from models.access.keys import Keys, give_name
from models.access.roles import Role
from models.exchange.browser.left_behind import clear_left_behind
from models.store.accounts.doors import Doors
from models.store.accounts.sessions import Limits
from models.store.accounts.staff import StaffAccount, accounts, add_account, administrators_who_enter
from models.store.audit.events import Event
from models.store.backups.backup import folder_of
from models.store.backups.broken_off import LEFT_BEHIND
from models.store.engine.database import open_engine
from models.store.engine.errors import BackupError, StoreError
from models.store.engine.sqlite import holds_bytes
from models.store.health.copies import second_folder
from models.store.health.space import least_free
from models.store.moves.migrate import start
from models.store.moves.restore import alone
from models.store.trail.anchors import anchor_folder
from seed.practice import ZONE

SERVE_EXAMPLES: Final = examples(
    "seventy serve",
    "seventy serve --copies /mnt/second/seventy",
    "seventy serve --port 8600 --db postgresql://clinic@db/seventy",
)
DEMO_EXAMPLES: Final = examples("seventy demo", "seventy demo --patients 1000 --seed 7")

HALF_MADE: Final = ".new"
LOOPBACK: Final = "127.0.0.1"
VISITOR: Final = "demo"
IDLE: Final = "SEVENTY_IDLE"
"""The setting that makes the seconds of doing nothing after which somebody is signed out fewer."""

Port = Annotated[int, typer.Option(min=1, max=65535, help="The port of the address the browser opens.")]
Headless = Annotated[bool, typer.Option("--headless", help="Open no browser.")]


def serve(
    context: typer.Context,
    *,
    host: Annotated[str, typer.Option(help="Where the server listens.")] = LOOPBACK,
    port: Port = 8501,
    behind_proxy: Annotated[
        str | None, typer.Option(help="The https address under which a TLS proxy shows this server.")
    ] = None,
    oidc_issuer: Issuer = None,
    oidc_client_id: ClientId = None,
    oidc_secret_file: SecretFile = None,
    oidc_require_mfa: SecondFactor = None,
    oidc_only: OnlyProvider = False,
    headless: Headless = False,
    backup_every: Annotated[
        int, typer.Option(min=0, max=1440, help="Minutes between verified backups; 0 makes and tries none.")
    ] = 60,
    backups: Annotated[
        Path | None,
        typer.Option(help="Their folder; without it `backups` beside the record.", show_default=False),
    ] = None,
    copies: Copies = None,
    kept: KeptKey = False,
    db: Database = None,
) -> None:
    """Show the dashboard on the clinic's own record, begun at the first start and backed up every hour."""
    trusted = trusted_provider(
        oidc_issuer, oidc_client_id, oidc_secret_file, oidc_require_mfa, only=oidc_only
    )

    try:
        ways_of(environ)
    except SettingError as unfit:
        raise UsageError(str(unfit)) from None

    least_free()

    def opened() -> Opened:
        clear_left_behind(now())
        engine = record_to_write(context, db, kept=kept)
        if not any(account.active for account in accounts(engine)):
            say("Nobody has an account yet: seventy user add NAME --role administrator")
        elif trusted and not administrators_who_enter(engine, Doors(trusted.local, trusted.issuer)):
            say(f"No administrator is linked to {trusted.issuer} yet: {LINKED_ANEW}.")
        where = {"at": f"{host}:{port}", "address": address_of(host, port, behind_proxy)}
        told(engine, Event("serve", detail=where), "seventy serve")
        duties = _duties(engine, timedelta(minutes=backup_every), backups or folder_of(engine), copies)
        return Opened(engine, clinic_keys(), meanwhile=Rounds(duties))

    _show(opened, host, port, behind_proxy, trusted, open_browser=not headless)


def _duties(engine: Engine, every: timedelta, folder: Path, copies: Path | None) -> list[Duty]:
    """What is done for a record while it is served."""
    apart = second_folder(engine, folder, copies)
    if not apart.fine:
        say(f"{apart.says} {apart.do}")
    second = [copying(engine, copies, folder)] if copies else []
    kept = [backing_up(engine, folder, every), *second, trying(engine, folder)] if every else second
    return [anchoring(engine, anchor_folder()), *kept]


def demo(
    *,
    patients: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many patients to invent.")] = 240,
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same patients.")] = 70,
    port: Port = 8501,
    headless: Headless = False,
) -> None:
    """Show the dashboard on an invented clinic, in a file of its own that is made anew each day."""

    def opened() -> Opened:
        engine = invented_record(patients, seed)
        return Opened(engine, clinic_keys(), demo_account(engine).id)

    _show(opened, LOOPBACK, port, None, None, open_browser=not headless)


def invented_record(patients: int, seed: int) -> Engine:
    """Today's invented clinic: the file made before for the same patients and seed, or a new one."""
    at = now()
    today = at.astimezone(ZONE).date()
    file = demo_file(patients, seed, today)
    _clear_of_another_key(file)
    if not holds_bytes(file):
        _invent(file, patients, seed, at)
    engine = open_engine(f"sqlite:///{file}")
    start(engine, at=at)
    return engine


def _invent(file: Path, patients: int, seed: int, at: datetime) -> None:
    """A clinic made aside and named once it is whole: of two begun at once, the first is both's."""
    from seed.clinic import invent, write  # noqa: PLC0415 - numpy, which no other command waits for

    today = at.astimezone(ZONE).date()
    _clear(file.parent, today, at)
    half_made = file.with_suffix(f".{token_hex(4)}{HALF_MADE}")
    try:
        with released(open_engine(f"sqlite:///{half_made}")) as engine:
            start(engine, at=at)
            clinic = invent(patients, seed, today)
            with typer.progressbar(length=clinic.rows, label="Inventing a clinic", file=sys.stderr) as bar:
                write(engine, clinic, at, bar.update)
            demo_account(engine)
        with suppress(FileExistsError):
            give_name(half_made, file)
    finally:
        for left in file.parent.glob(f"{half_made.name}*"):
            left.unlink(missing_ok=True)


def demo_file(patients: int, seed: int, today: date) -> Path:
    """Where an invented clinic is kept."""
    return user_data_path("seventy") / f"demo-{today}-{patients}-{seed}.db"


def _clear(folder: Path, today: date, at: datetime) -> None:
    """The demos of other days, and what a killed start left half made a day ago, are nobody's record."""
    for file in folder.glob("demo-*"):
        with suppress(OSError, BackupError):  # another was first, or somebody still looks around in it
            if HALF_MADE in file.name:
                if at.timestamp() - file.stat().st_mtime > LEFT_BEHIND.total_seconds():
                    file.unlink()
            elif file.suffix == ".db" and not file.name.startswith(f"demo-{today}-"):
                _delete(file)


def _clear_of_another_key(file: Path) -> None:
    """Today's demo, when its trail was begun with a key that is away or another since: it holds nobody."""
    if not file.exists():
        return
    try:
        with released(open_engine(f"sqlite:///{file}")) as engine:
            see_sealed(engine)
    except StoreError:
        _delete(file)


def _delete(file: Path) -> None:
    """Delete a demo; `BackupError` while one that is still running has it open."""
    with alone(file, {}, None):
        pass
    for left in file.parent.glob(f"{file.name}*"):
        left.unlink(missing_ok=True)


def demo_account(engine: Engine) -> StaffAccount:
    """The account with which the demo signs everybody in: it may look as anyone, at invented patients."""
    found = [account for account in accounts(engine) if account.username == VISITOR]
    return (
        found[0]
        if found
        else add_account(engine, VISITOR, "Visitor", Role.CLINICIAN, by="seventy demo", at=now())
    )


class Opened(NamedTuple):
    """A record, the keys of its clinic, the account a visitor of the demo gets, and what runs beside it."""

    engine: Engine
    keys: Keys
    visitor: int | None = None
    meanwhile: AbstractContextManager[object] = nullcontext()


def _show(
    opened: Callable[[], Opened],
    host: str,
    port: int,
    origin: str | None,
    trusted: Trusted | None,
    *,
    open_browser: bool,
) -> None:
    """Serve a record, which is opened only if the address can be."""
    from dashboard import server  # noqa: PLC0415  (Streamlit takes a second no other command waits for)

    limits = limits_said()
    try:
        server.check_address(host, port, origin)
        record = opened()
        serving = server.Serving(host, port, record.keys, origin, record.visitor, limits, trusted)
        say(f"Seventy is at {address_of(host, port, origin)} (Ctrl+C ends it).")
        with released(record.engine), record.meanwhile, ending_in_order():
            scales, own = known_scales(record.engine), own_scales()
            server.serve(record.engine, scales, serving, own_scales=own, open_browser=open_browser)
    except server.CannotServeError as refusal:
        raise UsageError(str(refusal)) from None


def limits_said() -> Limits:
    """How long sessions last; `UsageError` when the setting is no time, or a longer one."""
    usual = Limits()
    said, most = environ.get(IDLE), int(usual.idle.total_seconds())
    if said is None:
        return usual
    if not re.fullmatch("[1-9][0-9]{0,3}", said) or int(said) > most:
        raise UsageError(f"{IDLE} is a whole number of seconds from 1 to {most}; got {said!r}")
    return usual._replace(idle=timedelta(seconds=int(said)))


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Asked to end, as systemd and containers ask, what has begun ends first, as it does after Ctrl+C."""

    def end(*_: object) -> NoReturn:
        raise SystemExit(0)

    before = signal(SIGTERM, end)
    try:
        yield
    finally:
        signal(SIGTERM, before)
