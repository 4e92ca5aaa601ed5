"""The audit trail as it is written: who did what, when and from where, in the transaction of what was done.

Each event carries a seal: HMAC-SHA256, with a key that is not in the database, over the canonical JSON of all
its columns and the seal of the event before. Whoever has the file alone can change an event, but not so that
it does not show (`models.store.audit_check`).

`detail` holds what was before and after, by subject, and as `rows` a digest of every row that was written.
Passwords, codes and tokens are never among it.
"""

import hmac
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from pydantic_core import to_json
from sqlalchemy import Connection, Engine

from models.store.asking import ask_first
from models.store.audit_key import key_of
from models.store.database import WRITTEN, reading, writing
from models.store.digests import Span
from models.store.inserting import insert
from models.tables import AuditEvent
from models.tables.columns import moment_number

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
COLUMNS: Final = tuple(AuditEvent.model_fields)
SECRET: Final = frozenset(
    {"password", "password_hash", "totp_secret", "token", "token_hash", "code", "code_hash"}
)
"""What no detail may hold, by name."""

BEFORE_THE_FIRST: Final = "0" * 64

_AS_THEY_ARE: Final = frozenset({str, int, bool, type(None)})

_address: Final[ContextVar[str | None]] = ContextVar("address", default=None)


class Event(NamedTuple):
    """Something done: the action in a word, to what (`assessment 17`), whose, from where, and the rest.

    Without `address` it is the one of `coming_from`. `detail` holds texts, numbers, days, moments and
    mappings and lists of them.
    """

    action: str
    subject: str | None = None
    patient_id: int | None = None
    address: str | None = None
    detail: Mapping[str, Any] = NOTHING


@contextmanager
def coming_from(address: str | None) -> Iterator[None]:
    """Everything done inside, in this thread, was asked for from this address."""
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


def append(connection: Connection, events: Sequence[Event], *, by: str, at: datetime) -> None:
    """Seal events onto the trail, inside a writer's transaction; the first also tells what was written in it.

    `at` gives way to the moment of the newest event when a clock went back.
    """
    if not events:
        return
    key = key_of(connection)
    sql = "SELECT id, happened_at, seal FROM audit_event ORDER BY id DESC LIMIT 1"
    number, newest, seal = ask_first(connection, sql) or (0, 0, BEFORE_THE_FIRST)
    moment = max(moment_number(at), newest)
    rows = []
    for number, event in enumerate(_told(connection, events), start=number + 1):  # noqa: B020
        where = event.address or _address.get()
        detail = canonical(event.detail)
        row = (number, moment, by, event.action, event.subject, event.patient_id, where, detail)
        seal = sealed(key, row, seal)
        rows.append((*row, seal))
    insert(connection, "audit_event", COLUMNS, rows)


def note(engine: Engine, event: Event, *, by: str, at: datetime) -> None:
    """Write down what changed nothing: a reading, a sign-in, an export."""
    with writing(engine) as connection:
        append(connection, [event], by=by, at=at)


def begin(connection: Connection, *, by: str, at: datetime, rows: Sequence[Span] = ()) -> None:
    """Write the first event: a number that makes this trail another than any, and digests of what stood."""
    detail = {"trail": secrets.token_hex(16), **({"rows": [span.told() for span in rows]} if rows else {})}
    append(connection, [Event("begin", detail=detail)], by=by, at=at)


def carried(connection: Connection) -> None:
    """What was written in this transaction is told by events that were copied with it."""
    connection.get_execution_options()[WRITTEN].drain()


def sealed(key: bytes, row: Sequence[Any], previous: str) -> str:
    """The seal of an event (its columns before `seal`, as stored), which also seals the one before."""
    number, moment, by, action, subject, patient_id, address, detail = row
    told = {  # in the order of the keys: this is canonical JSON
        "action": action,
        "address": address,
        "detail": detail,
        "happened_at": moment,
        "happened_by": by,
        "id": number,
        "patient_id": patient_id,
        "previous": previous,
        "subject": subject,
    }
    return hmac.digest(key, to_json(told), "sha256").hex()


def canonical(detail: Mapping[str, Any]) -> str:
    """A detail as canonical JSON: keys sorted, UTF-8, days and moments as ISO texts, no floats.

    `ValueError` names a secret that somebody meant to tell.
    """
    return to_json(_plain(detail)).decode()


def told_in(detail: str) -> dict[str, Any]:
    """What a detail says; nothing where it was tampered with and is no JSON object any more."""
    with suppress(ValueError, RecursionError):
        told = json.loads(detail, parse_float=str, parse_constant=str)  # it holds no floats
        if isinstance(told, dict):
            return told
    return {}


def head_of(connection: Connection) -> str:
    """The seal of the newest event, which seals all of them: for a backup's manifest."""
    found = ask_first(connection, "SELECT seal FROM audit_event ORDER BY id DESC LIMIT 1")
    return BEFORE_THE_FIRST if found is None else str(found[0])


def trail_of(connection: Connection) -> str | None:
    """The seal of the first event, by which a record is told from every other; `None` before there is one."""
    found = ask_first(connection, "SELECT seal FROM audit_event ORDER BY id LIMIT 1")
    return None if found is None else str(found[0])


def trail_in(engine: Engine) -> str | None:
    """The same of a record that is not open yet."""
    with reading(engine) as connection:
        return trail_of(connection)


def _told(connection: Connection, events: Sequence[Event]) -> Sequence[Event]:
    spans = connection.get_execution_options()[WRITTEN].drain()
    if not spans:
        return events
    first = events[0]
    rows = [span.told() for span in spans]
    return [first._replace(detail={**first.detail, "rows": rows}), *events[1:]]


def _plain(value: Any) -> Any:
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, Mapping):
        if SECRET & value.keys():
            raise ValueError(f"A secret is never told to the audit trail: {sorted(SECRET & value.keys())}")
        return dict(sorted((str(name), _plain(inner)) for name, inner in value.items()))
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return repr(value) if isinstance(value, float) else value
