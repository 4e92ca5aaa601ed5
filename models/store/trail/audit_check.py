"""Whether the audit trail is whole, and whether the record is what the trail says was written.

Every seal is made again. A changed event fails its own; of a missing one the number is missing; one that
was moved still fits the place it was written for; a tail that was cut off fails nothing here, and is found by
what was written down outside the database (`models.store.trail.anchors`).

What was erased with a person is missing with a trace: an event whose details are gone is checked against the
erasure that took them, and so are the rows that stand where others went (`models.store.trail.erased_events`).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine

from models.store.audit.events import BEFORE_THE_FIRST, COLUMNS, LOST, sealed
from models.store.audit.key import key_of
from models.store.engine.asking import ask, damaged
from models.store.engine.database import reading
from models.store.rows.digests import TABLES
from models.store.trail.account_check import AccountsTold
from models.store.trail.anchors import Anchor
from models.store.trail.erased_events import is_sound, vouched
from models.store.trail.erasures import Erasure, erasures_in
from models.store.trail.finding_words import (
    Finding,
    about_anchor,
    about_event,
    about_gap,
    about_lost,
    about_rows,
    about_run,
)
from models.store.trail.glass_check import untold_glass
from models.store.trail.record_check import LOWEST, Told, differing, told_by
from models.store.trail.session_check import SessionsTold

_AT_ONCE: Final = 20_000
_NAMED: Final = 1_000
"""From so many findings on, more of them tell nobody anything."""
_TRIED: Final = 40
"""So many events are tried at one another's places, of more it is only said that they do not fit."""

NO_EVENT_FITS: Final = (
    "No event fits this key: either the trail was sealed with another one, or all of it was written anew."
)

LEFT_OPEN: Final = "Rows can vanish unseen: a row stands in `erasing`, which no erasure leaves behind."

EventRow = tuple[Any, ...]


class Verification(NamedTuple):
    """What a check found: how many events there are, the first and the newest seal, and what is wrong.

    `trail` is the seal of the first event, by which a trail is told from another. `erasures` are no findings:
    they say which rows are not there, and why. `anchors` is how often somebody had written down, outside the
    database, how far the trail had come: without any, a part cut off its end does not show.
    """

    events: int
    trail: str
    head: str
    findings: list[Finding]
    erasures: list[Erasure]
    anchors: int

    @property
    def is_well(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


class _Chain:
    """The events read so far."""

    def __init__(
        self, key: bytes, anchored: set[int], vouched: Mapping[int, str], sessions: SessionsTold
    ) -> None:
        self._key, self._anchored, self._vouched = key, anchored, vouched
        self.events = 0
        self.last: EventRow | None = None
        self.first = ""
        self.gaps: list[tuple[int, int]] = []
        self.failing: list[tuple[EventRow, str]] = []
        self.runs: list[tuple[int, int]] = []
        self.fitting = 0
        self.lost: EventRow | None = None
        self.seals: dict[int, str] = {}
        self.told: dict[str, list[Told]] = {table: [] for table in TABLES}
        self.accounts = AccountsTold(sessions)

    def take(self, row: EventRow) -> None:
        """One more event, in the order of their ids; checked against the one before where that stands."""
        number, seal = row[0], row[-1]
        before, previous = 0, BEFORE_THE_FIRST
        if self.last is not None and self.last[0] > 0:  # nothing of ours stands before the first
            before, previous = self.last[0], self.last[-1]
        if number > before + 1:
            self.gaps.append((before + 1, number - 1))
        elif not is_sound(self._key, row, previous, self._vouched):
            run_on = bool(self.runs) and self.runs[-1][1] == number - 1
            first = self.runs.pop()[0] if run_on else number
            self.runs.append((first, number))
            if len(self.failing) <= _TRIED:
                self.failing.append((row, previous))
        elif row[COLUMNS.index("action")] == LOST and number not in self._vouched:
            self.lost, self.runs, self.failing = row, [], []  # nothing tells which of them were changed
            self.fitting += 1
        else:
            self.fitting += number not in self._vouched
        if number in self._anchored:
            self.seals[number] = seal
        self.first = self.first or seal
        self.events, self.last = self.events + 1, row
        detail = row[COLUMNS.index("detail")]
        self.accounts.take(number, detail)
        for told in told_by(number, detail):
            self.told[told.span.table].append(told)

    @property
    def is_foreign(self) -> bool:
        """Whether nothing fits: then the key is another one, and no event can be told from a changed one."""
        return bool(self.runs) and not self.fitting

    @property
    def unknown_until(self) -> int:
        """The last event whose key nobody has here; 0 where all fit."""
        if self.is_foreign:
            return self.last[0] if self.last else 0
        return self.lost[0] - 1 if self.lost else 0


def verify(engine: Engine, anchors: Sequence[Anchor] = ()) -> Verification:
    """Check everything, as of one moment; `anchors` are those of this trail, the oldest first."""
    with reading(engine) as connection, damaged(connection):
        anchored, sessions = {anchor.events for anchor in anchors}, SessionsTold(connection)
        chain = _Chain(key_of(connection), anchored, vouched(connection), sessions)
        for row in _events(connection):
            chain.take(row)
        findings = list(islice(_findings(connection, chain, anchors), _NAMED))
        erased = erasures_in(connection)
    last = (0, BEFORE_THE_FIRST) if chain.last is None else (chain.last[0], chain.last[-1])
    return Verification(chain.events, chain.first, last[1], findings, erased, len(anchors))


def _findings(connection: Connection, chain: _Chain, anchors: Sequence[Anchor]) -> Iterator[Finding]:
    if chain.last is None:
        yield Finding("missing", None, "The audit trail is empty, and every record begins one.")
    if chain.is_foreign:
        yield Finding("key", None, NO_EVENT_FITS)
    else:
        for first, last in chain.gaps:
            yield about_gap(first, last)
        if chain.lost is not None:
            yield about_lost(chain.lost)
        yield from _failing(chain, key_of(connection))
    if ask(connection, "SELECT 1 FROM erasing"):
        yield Finding("record", None, LEFT_OPEN)
    yield from _against(chain, anchors)
    for table in TABLES:
        for found in differing(connection, table, chain.told[table], chain.unknown_until):
            yield about_rows(connection, found)
    yield from chain.accounts.differing(connection)
    yield from untold_glass(connection)


def _failing(chain: _Chain, key: bytes) -> Iterator[Finding]:
    """The events that fail one by one, or, if there are many, from which to which."""
    if len(chain.failing) > _TRIED:
        yield from (about_run(first, last) for first, last in chain.runs)
        return
    came_from = _moved(chain.failing, key)
    for row, _ in chain.failing:
        origin = came_from.get(row[0])
        if origin != row[0]:
            yield about_event(row, origin)


def _against(chain: _Chain, anchors: Sequence[Anchor]) -> Iterator[Finding]:
    """What anchors say otherwise: of a cut tail only the latest, which knew most of it."""
    number = 0 if chain.last is None else chain.last[0]
    beyond = [anchor for anchor in anchors if anchor.events > number]
    for anchor in anchors:
        if anchor.events <= number and chain.seals.get(anchor.events, anchor.head) != anchor.head:
            yield about_anchor(anchor, number)
    if beyond:
        yield about_anchor(max(beyond, key=lambda anchor: anchor.events), number)


def _events(connection: Connection) -> Iterator[EventRow]:
    listed, after = ", ".join(COLUMNS), LOWEST
    while True:
        sql = f"SELECT {listed} FROM audit_event WHERE id > {after} ORDER BY id LIMIT {_AT_ONCE}"  # noqa: S608
        rows = connection.exec_driver_sql(sql).all()
        if not rows:
            return
        yield from (tuple(row) for row in rows)
        after = rows[-1][0]


def _moved(failing: Sequence[tuple[EventRow, str]], key: bytes) -> dict[int, int]:
    """By its number, the number under which a failing event was sealed, where that can be found.

    Each comes with the seal that stands before it. One that fits its own number behind another's seal was
    left where it is: only what stands before it was moved.
    """
    seals = {previous for _, previous in failing} | {row[-1] for row, _ in failing}
    numbers = [row[0] for row, _ in failing]
    return {
        row[0]: origin
        for row, _ in failing
        for origin in numbers
        if any(sealed(key, (origin, *row[1:-1]), before) == row[-1] for before in seals)
    }
