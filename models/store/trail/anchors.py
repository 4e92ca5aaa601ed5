"""What was once known of an audit trail, written down outside the database: a tail cut off shows by it.

One JSON object a line, sealed with the key of the trail, in a file beside the clinic's key. A line tells how
many events a trail had and the seal of the last. A backup's manifest tells the same of its own moment.

Where an older copy was put back, the event of the restoring, in the trail itself, names the last seal that
was known before: what is known up to there is gone with consent. So it stands as soon as the copy does.

No line is ever taken out, some 30 MB in a year in which something happens in each five minutes: the folder
may then be one in which nothing can be changed but added to, and several programs add to one file. An older
line also tells since when a trail was rewritten, and which lines a restoring gave up.
"""

import errno
import hmac
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine

from models.access.keys import key_file
from models.store.audit.events import LOST, canonical, told_in, trail_of
from models.store.audit.key import key_of
from models.store.engine.asking import ask, ask_first, damaged
from models.store.engine.database import reading
from models.store.engine.errors import StoreError

NAME: Final = "audit-anchors.jsonl"
OURS_ALONE: Final = 0o600
_LONGEST: Final = 4096
"""Bytes that no line of ours has."""
APART: Final = '"apart":true'
"""What the event of a copy that goes its own way tells: a backup put beside its record, or a record moved."""

REPLACED: Final = "replaced"


class Anchor(NamedTuple):
    """At a moment a trail had so many events, and this was the seal of the last.

    `trail` is the seal of the event it goes its own way from (`began`). `restored` is how
    versions before said that an older copy was put back then.
    """

    trail: str
    events: int
    head: str
    at: datetime
    restored: bool = False


class AnchorError(StoreError):
    """The file of anchors cannot be read or written, or one of its lines was changed."""


def anchor_folder() -> Path:
    """Where anchors lie, away from the data: in the folder `SEVENTY_ANCHORS` names, else beside the key."""
    named = os.environ.get("SEVENTY_ANCHORS")
    return Path(named).expanduser() if named else key_file().parent


def anchor(engine: Engine, folder: Path, at: datetime) -> Anchor | None:
    """Write down the trail as it stands, on the disk when this returns; `None` when there is none yet.

    Raises `AnchorError` when it cannot be written there.
    """
    with reading(engine) as connection:
        found = ask_first(connection, "SELECT id, seal FROM audit_event ORDER BY id DESC LIMIT 1")
        (_, trail), key = began(connection), key_of(connection)
    if found is None or trail is None:
        return None
    made = Anchor(trail, found[0], found[1], at)
    said = made._asdict()
    line = canonical({**said, "seal": _seal(key, said)}) + "\n"
    path = folder / NAME
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _append(path, line.encode())
    except OSError as error:
        raise AnchorError(f"The state of the audit trail could not be written to {path}: {error}.") from None
    return made


def anchors(engine: Engine, folder: Path) -> list[Anchor]:
    """Those of this trail, the oldest first, from the last restoring on; none where no file is.

    What stands behind the last end of a line was broken off as it was written, and says nothing. Lines from
    before the key of the trail was lost are held against it too, though nothing proves them.
    `AnchorError` names a line that is not as it was written.
    """
    path = folder / NAME
    with reading(engine) as connection, damaged(connection):
        (_, trail), key, given_up = began(connection), key_of(connection), _given_up(connection)
        lost = ask_first(connection, "SELECT id FROM audit_event WHERE action = :lost LIMIT 1", lost=LOST)
    try:
        *lines, _ = path.read_text("utf-8").split("\n") if path.exists() else [""]
    except (OSError, UnicodeDecodeError) as error:
        raise AnchorError(f"{path} cannot be read: {error}.") from None
    found: list[Anchor] = []
    proved = not lost
    for number, line in enumerate(lines, start=1):
        try:
            said = json.loads(line)
            if said["trail"] != trail:
                continue
            seal = str(said.pop("seal")).encode()
            one = Anchor(**{**said, "at": datetime.fromisoformat(said["at"])})
            own = _seal(key, one._asdict()).encode()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise AnchorError(f"Line {number} of {path} says nothing of an audit trail.") from None
        fits = hmac.compare_digest(seal, own)
        proved = proved or fits
        if not fits and (proved or type(one.events) is not int):
            raise AnchorError(f"Line {number} of {path} was changed, or written with another key.")
        gone = one.head in given_up
        if one.restored or gone:
            found.clear()
        if one.restored or not gone:
            found.append(one)
    return found


def replaced(engine: Engine, folder: Path) -> dict[str, str]:
    """What the event of a restoring tells: the last seal known of the trail that it takes the place of."""
    known = anchors(engine, folder)
    return {REPLACED: known[-1].head} if known else {}


def began(connection: Connection) -> tuple[int, str | None]:
    """The number and seal of the first event, or of that which tells that this is a copy that was set apart.

    From there on a copy goes its own way, and says nothing of how far the trail of the record has come. There
    is no seal where there is no trail.
    """
    apart = "action IN ('copy', 'restore') AND detail LIKE :apart"
    sql = f"SELECT id, seal FROM audit_event WHERE {apart} ORDER BY id DESC LIMIT 1"  # noqa: S608
    found = ask_first(connection, sql, apart=f"%{APART}%")
    return (1, trail_of(connection)) if found is None else (int(found[0]), str(found[1]))


def _append(path: Path, line: bytes) -> None:
    """Write a whole line or none, behind whole lines; `OSError` says why it cannot be."""
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, OURS_ALONE)
    try:
        _cut_broken_off(descriptor)
        if os.write(descriptor, line) < len(line):  # the disk is full
            _cut_broken_off(descriptor)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _cut_broken_off(descriptor: int) -> None:
    """Take away what a full disk or a loss of power left of a line."""
    size = os.fstat(descriptor).st_size
    end = os.pread(descriptor, _LONGEST, max(size - _LONGEST, 0))
    broken_off = end[end.rfind(b"\n") + 1 :]
    if broken_off:
        os.ftruncate(descriptor, size - len(broken_off))


def _given_up(connection: Connection) -> set[str]:
    """The seals that restorings name. Of an event that was tampered with, none: `verify` finds it."""
    told = ask(connection, "SELECT detail FROM audit_event WHERE action = 'restore'")
    return {str(told_in(detail).get(REPLACED)) for (detail,) in told}


def _seal(key: bytes, said: dict[str, Any]) -> str:
    return hmac.digest(key, b"anchor:" + canonical(said).encode(), "sha256").hex()
