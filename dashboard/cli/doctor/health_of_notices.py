"""What the doctor says of notices: whether anybody is told when the glass is broken, and last was."""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final

from sqlalchemy import Engine

from dashboard.cli.opening import holds_record
from dashboard.notice_ways import SMTP_URL, TO, WEBHOOK, SettingError, ways_of
from dashboard.notices import FAILED, last_told
from models.store.audit.events import told_in
from models.store.engine.clocks import minute, zone_of
from models.store.engine.database import reading
from models.store.engine.errors import StoreError
from models.store.engine.found import Examined
from models.store.trail.entries import Entry

ABOUT: Final = "notices"
LATELY: Final = timedelta(days=7)
NOBODY: Final = (
    "Nobody is told when the glass is broken, by the settings here: "
    f"{SMTP_URL} with {TO}, or {WEBHOOK}, names whom."
)
MEND: Final = "Look at the mail server or webhook, and at the settings `seventy serve` was started with."


def notices(engine: Engine, at: datetime) -> Examined:
    """By the settings of whoever asks, and by what the audit trail tells of the last week."""
    try:
        ways = ways_of(os.environ)
    except SettingError as unfit:
        return Examined(ABOUT, False, f"{unfit}.", "Set it so, and start `seventy serve` again.")
    set_to = f"A broken glass is told by {' and '.join(way.name for way in ways)}." if ways else NOBODY
    last = _last_told(engine)
    if last is None or last[0].at < at - LATELY:
        return Examined(ABOUT, True, set_to)
    broken, came = last
    when = f"The glass was broken at {minute(broken.at, _zone(engine))}"
    failed = [each for each in came if each.action == FAILED]
    if failed or (ways and not came):
        told = f"{_ways(failed)} did not tell" if failed else "nobody is known to have been told"
        return Examined(ABOUT, False, f"{when}, and {told}.", MEND)
    told = f"; {_ways(came)} told of it" if came else ""
    return Examined(ABOUT, True, f"{set_to} {when}{told}.")


def _last_told(engine: Engine) -> tuple[Entry, list[Entry]] | None:
    try:
        return last_told(engine) if holds_record(engine) else None
    except StoreError:  # a record that cannot be read is a finding of its own
        return None


def _zone(engine: Engine) -> tzinfo:
    with reading(engine) as connection:
        return zone_of(connection)


def _ways(came: Sequence[Entry]) -> str:
    told = [told_in(each.detail) for each in came]
    return " and ".join(f"{one.get('by')}{f' ({why})' if (why := one.get('why')) else ''}" for one in told)
