"""What a check of the audit trail found, in words for the person who has to find out how it came to that."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import Connection

from models.store.audit.events import COLUMNS, told_in
from models.store.engine.asking import ask_first
from models.store.engine.clocks import when
from models.store.trail.anchors import Anchor
from models.store.trail.record_check import Differing

Kind = Literal["changed", "missing", "moved", "cut", "key", "lost", "anchor", "record"]

_NAMES: Final = {
    "item_score": ("the answers of assessment", "the answers of assessments"),
    "safety_alert": ("the alert of assessment", "the alerts of assessments"),
    "claim_lock": ("locked question", "locked questions"),
    "claim_look": ("look", "looks"),
    "merged_patient": ("link of two patients", "links of two patients"),
    "kept_scale": ("scale of the clinic's own", "scales of the clinic's own"),
}


MANY: Final = 100
"""Of more rows than these, told of together, it is said how to find the one that was changed."""
COMPARE: Final = "to find it, compare these with a backup from before (`seventy restore FILE --to trial.db`)"
GAPS: Final = 10
"""How many gaps are named, one by one."""


class Finding(NamedTuple):
    """Something that is not as it was written: what kind of thing, the event it is about, and a sentence."""

    kind: Kind
    event: int | None
    words: str


def unsettled(findings: Sequence[Finding]) -> list[Finding]:
    """Those that keep a backup from being restored: not that a key was lost, which is so of every other."""
    return [one for one in findings if one.kind != "lost"]


def about_gap(first: int, last: int) -> Finding:
    """Events that are not there."""
    which = f"Event {first} is" if first == last else f"Events {first} to {last} are"
    return Finding("missing", first, f"{which} missing; what event {last + 1} followed on cannot be checked.")


def about_event(row: Sequence[Any], origin: int | None) -> Finding:
    """An event that does not fit its seal, or was sealed for another place."""
    told = dict(zip(COLUMNS, row, strict=True))
    what = f"Event {row[0]} ({told['action']}{_of(told['subject'])} by {told['happened_by']})"
    if origin is not None:
        return Finding("moved", row[0], f"{what} was moved: it was written as event {origin}.")
    return Finding(
        "changed", row[0], f"{what} is not as it was written, or not what followed on the one before."
    )


def about_run(first: int, last: int) -> Finding:
    """Of many events that do not fit their seals, those with neighbouring numbers."""
    which = f"Event {first} is" if first == last else f"Events {first} to {last} are"
    return Finding("changed", first, f"{which} not as written, or sealed with another key.")


def about_lost(row: Sequence[Any]) -> Finding:
    """Events that were sealed with a key which was lost, as the event says that came next."""
    told = dict(zip(COLUMNS, row, strict=True))
    before = told["id"] - 1
    which, what = (f"Events 1 to {before} were", "they tell") if before > 1 else ("Event 1 was", "it tells")
    why = told_in(told["detail"]).get("reason")
    says = f"event {told['id']} says ({told['happened_by']}, on {_moment(when(told['happened_at']))}: {why})"
    words = f"{which} sealed with a key that was lost, as {says}, and nothing proves what {what}."
    return Finding("lost", told["id"], words)


def about_anchor(anchor: Anchor, events: int) -> Finding:
    """What was written down outside the database, and is not so."""
    seen = f"On {_moment(anchor.at)} there were {anchor.events} events"
    if anchor.events > events:
        lost = f"event {anchor.events} is" if anchor.events == events + 1 else "the events after it are"
        return Finding("cut", events + 1, f"{seen}; the trail now ends with event {events}: {lost} cut off.")
    return Finding("changed", anchor.events, f"{seen}, and event {anchor.events} was another one then.")


def about_rows(connection: Connection, found: Differing) -> Finding:
    """Rows that are not what the trail says."""
    which = _named(found.table, found.first, found.last)
    which = which[0].upper() + which[1:]
    one = found.first == found.last and found.table != "item_score"
    if found.told is None:
        return Finding(
            "record", None, f"{which}: {'stands' if one else 'stand'} here, and no event tells of it."
        )
    recorded = f"recorded {told_on(connection, found.told.event)}"
    if found.changed and found.rows:
        fate = _changed(found)
    elif found.rows == found.told.span.rows:
        fate = "was changed" if one else "were changed"
        if found.rows > MANY:
            fate = f"at least one of {found.rows:,} rows was changed; {COMPARE}"
    elif found.rows:
        stand = "1 row" if found.rows == 1 else f"{found.rows:,} rows"
        of = f"of {found.told.span.rows:,} stand{'s' if found.rows == 1 else ''}"
        fate = f"{stand} {of}{_lacking(found)}"
    else:
        fate = "is gone" if one else "are gone"
    return Finding("record", found.told.event, f"{which}: {recorded}, {fate}.")


def _changed(found: Differing) -> str:
    """Which rows were changed, by the first runs of ids."""
    ids = sorted(set(found.changed))
    likely = "" if found.proven else "most likely "
    if not found.exactly:
        return f"{likely}some of {_named(found.table, ids[0], ids[-1])} were changed"
    runs = [[each, each] for each in ids[:1]]
    for each in ids[1:]:
        if each == runs[-1][1] + 1:
            runs[-1][1] = each
        else:
            runs.append([each, each])
    named = ", ".join(_named(found.table, *run) for run in runs[:GAPS])
    more = len(ids) - sum(last - first + 1 for first, last in runs[:GAPS])
    one = len(ids) == 1 and found.table != "item_score"
    return f"{likely}{named} {'was' if one else 'were'} changed{f', and {more} more' if more else ''}"


def _lacking(found: Differing) -> str:
    """Which rows are missing, by the first gaps."""
    if not found.missing:
        return ""
    named = [_named(found.table, *gap) for gap in found.missing[:GAPS]]
    one = len(found.missing) == 1 and found.missing[0][0] == found.missing[0][1]
    more = len(found.missing) - GAPS
    rest = f"; {more} more gaps follow" if more > 0 else ""
    return f": {', '.join(named)} {'is' if one else 'are'} missing{rest}"


def told_on(connection: Connection, event: int) -> str:
    """By whom an event was told, and when; one that is named and not there is itself a finding."""
    sql = "SELECT happened_by, happened_at FROM audit_event WHERE id = :event"
    found = ask_first(connection, sql, event=event)
    if found is None:
        return f"by event {event}, which is not there"
    by, at = found
    return f"by {by} on {_moment(when(at))} (event {event})"


def _named(table: str, first: int, last: int) -> str:
    one, many = _NAMES.get(table, (table, f"{table}s"))
    return f"{one} {first}" if first == last else f"{many} {first} to {last}"


def _of(subject: str | None) -> str:
    return f", {subject}," if subject else ""


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
