"""The audit trail as it is written: who did what, when and from where, in the transaction of what was done.

Each event carries a seal: HMAC-SHA256, with a key that is not in the database, over the canonical JSON of all
its columns and the seal of the event before. Whoever has the file alone can change an event, but not so that
it does not show (`models.store.trail.audit_check`).

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
from weakref import WeakSet

from pydantic_core import to_json
from sqlalchemy import Connection, Engine

from models.store.audit.inserting import insert
from models.store.audit.key import another_key, has_trail, key_of
from models.store.engine.asking import ask_first, damaged
from models.store.engine.database import AUDIT_KEY, WRITTEN, reading, writing
from models.store.rows.digests import Span
from models.tables import AuditEvent
from models.tables.columns import moment_number

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
COLUMNS: Final = tuple(AuditEvent.model_fields)
SECRET: Final = frozenset(
    {"password", "password_hash", "totp_secret", "token", "token_hash", "code", "code_hash"}
)
"""What no detail may hold, by name."""

BEFORE_THE_FIRST: Final = "0" * 64
LOST: Final = "replace lost key"
"""The action of the event from which on another key seals the trail, since the one before was lost."""
_BEGAN: Final = f"coalesce((SELECT max(id) FROM audit_event WHERE action = '{LOST}'), min(id))"  # noqa: S608
_NEWEST: Final = "max(id)"

_AS_THEY_ARE: Final = frozenset({str, int, bool, type(None)})

_fitting: Final[WeakSet[Engine]] = WeakSet()
"""The engines of records whose trail the present key is known to seal."""
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

    `at` gives way to the moment of the newest event when a clock went back. `StoreError` when another key
    seals the trail.
    """
    if not events:
        return
    key = key_of(connection)
    refuse_another_key(connection)
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


def refuse_another_key(connection: Connection) -> None:
    """`StoreError` when the key that is there is not the one that seals the trail; seen once an engine."""
    if connection.engine in _fitting or connection.get_execution_options().get(AUDIT_KEY) is not None:
        return
    if not has_trail(connection):  # whoever begins it seals it
        return
    if not fits(connection, key_of(connection)):
        raise another_key()
    _fitting.add(connection.engine)


def agree(engine: Engine) -> None:
    """Let the key that is there go on with a trail that another one sealed: an event tells of it."""
    _fitting.add(engine)


def fits(connection: Connection, key: bytes) -> bool:
    """Whether a key sealed the newest event, or that with which its part of the trail began.

    One of them somebody may have changed, which is to be found and to stop nobody from saving.
    """
    return _sealed_at(connection, key, _NEWEST) or sealed_the_beginning(connection, key)


def sealed_the_beginning(connection: Connection, key: bytes) -> bool:
    """Whether a key sealed the first event, or the newest that tells that the key before it was lost."""
    return _sealed_at(connection, key, _BEGAN)


def began_with(connection: Connection) -> int | None:
    """The number of that event; `None` where there is no trail."""
    (number,) = ask_first(connection, f"SELECT {_BEGAN} FROM audit_event") or (None,)  # noqa: S608
    return None if number is None else int(number)


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


def _sealed_at(connection: Connection, key: bytes, number: str) -> bool:
    wanted = f"(SELECT {number} FROM audit_event)"  # noqa: S608
    listed = ", ".join(COLUMNS)
    with damaged(connection):  # what is no text is sealed by nobody
        row = ask_first(connection, f"SELECT {listed} FROM audit_event WHERE id = {wanted}")  # noqa: S608
    before = f"SELECT seal FROM audit_event WHERE id < {wanted} ORDER BY id DESC LIMIT 1"  # noqa: S608
    (previous,) = ask_first(connection, before) or (BEFORE_THE_FIRST,)
    return row is not None and sealed(key, row[:-1], previous) == row[-1]


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
