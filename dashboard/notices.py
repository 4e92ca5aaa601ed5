"""The clinic's administrators are told that somebody broke the glass, beside the banner and the audit trail.

A notice says who, when and until when. It names no patient and gives no reason, which may name one and is
read in the audit trail. It is sent once the glass is broken, from a thread of its own: nobody in an
emergency waits for a mail server. Whether it was sent is an event, which `seventy doctor` reads.
"""

import logging
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from threading import Thread
from typing import Final, NamedTuple

from sqlalchemy import Engine

from dashboard.notice_ways import SettingError, Way, ways_of
from models.store.accounts.account_events import subject_of
from models.store.audit.events import Event, note, told_in
from models.store.engine.clocks import minute
from models.store.engine.errors import StoreError
from models.store.trail.entries import Entry, Wanted, entries

LOG: Final = logging.getLogger("seventy")
BY: Final = "seventy"
BROKEN, SENT, FAILED = "break glass", "send notice", "fail notice"
LONGEST_NAME: Final = 200


class Notice(NamedTuple):
    """Somebody broke the glass, at a moment and until one, told in the clinic's zone."""

    clinic: str
    account_id: int
    username: str
    name: str
    at: datetime
    until: datetime
    zone: tzinfo = UTC

    @property
    def subject(self) -> str:
        """In a line."""
        return f"Seventy: {_line(self.username)} broke the glass at {_line(self.clinic) or 'the clinic'}"

    @property
    def document(self) -> dict[str, str]:
        """What a notice tells, and nothing else."""
        return {
            "event": BROKEN,
            "clinic": _line(self.clinic),
            "who": f"{_line(self.name)} ({_line(self.username)})",
            "at": minute(self.at, self.zone),
            "until": minute(self.until, self.zone),
            "why": "The reason stands in the audit trail.",
        }


def tell(
    engine: Engine,
    notice: Notice,
    *,
    now: Callable[[], datetime],
    environment: Mapping[str, str] = os.environ,
) -> Thread | None:
    """Send a notice by every way there is, in a thread of its own; `None` when there is none."""
    try:
        ways = ways_of(environment)
    except SettingError as unfit:
        _told(engine, notice, "settings", str(unfit), now)
        return None
    if not ways:
        return None
    thread = Thread(target=_send, args=(engine, notice, ways, now), name="notice", daemon=True)
    thread.start()
    return thread


def last_told(engine: Engine) -> tuple[Entry, list[Entry]] | None:
    """The last time the glass was broken, and what came of its notices; `None` if it never was."""
    broken = entries(engine, Wanted(action=BROKEN), newest=1)
    if not broken:
        return None
    about = _about(broken[0])
    came = [*entries(engine, Wanted(action=SENT)), *entries(engine, Wanted(action=FAILED))]
    return broken[0], [each for each in came if _about(each) == about]


def _send(engine: Engine, notice: Notice, ways: tuple[Way, ...], now: Callable[[], datetime]) -> None:
    for way in ways:
        try:
            way.send(notice.subject, notice.document)
        except Exception as error:  # noqa: BLE001  (whatever it was, the other way is still tried)
            _told(engine, notice, way.name, type(error).__name__, now)
        else:
            _told(engine, notice, way.name, None, now)


def _told(engine: Engine, notice: Notice, by: str, why: str | None, now: Callable[[], datetime]) -> None:
    """Write down whether somebody was told; what the servers said may hold anything, and is left out."""
    detail = {"by": by, "until": notice.until, **({"why": why} if why else {})}
    if why:
        LOG.error("Nobody was told by %s that the glass was broken: %s", by, why)
    event = Event(FAILED if why else SENT, subject_of(notice.account_id), detail=detail)
    try:
        note(engine, event, by=BY, at=now())
    except StoreError as error:
        LOG.error("The audit trail was not told of a notice: %s", error)  # noqa: TRY400  (no traces)


def _about(entry: Entry) -> tuple[str | None, str]:
    return entry.subject, str(told_in(entry.detail).get("until"))


def _line(text: str) -> str:
    """Words that are one line of a message, and no more than a line."""
    return " ".join(text.split())[:LONGEST_NAME]
