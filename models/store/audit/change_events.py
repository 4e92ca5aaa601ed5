"""The event a change leaves: what it was done to, and its columns before and after."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self

from models.store.audit.events import Event
from models.store.rows.kinds import ASSESSMENT, PATIENT, Kind, Row

Columns = Mapping[str, Any]
Held = tuple[Row, Mapping[int, int]]
"""A row, and the answers of an assessment that has some."""


class Change(NamedTuple):
    """A version written: `before` is `None` for something new, `after` for something withdrawn."""

    subject: str
    patient_id: int | None
    before: Columns | None
    after: Columns | None
    reason: str | None = None

    @classmethod
    def of(
        cls,
        kind: Kind,
        row_id: int,
        entity_id: int,
        before: Held | None = None,
        after: Held | None = None,
        reason: str | None = None,
    ) -> Self:
        """The change of one of the things recorded of care, or of a claim."""
        whose = entity_id if kind is PATIENT else None
        held = after or before
        if held is not None and kind.columns[0] in {"patient_id", "survivor_id"}:
            whose = held[0][0]
        return cls(f"{kind.name} {row_id}", whose, _told(kind, before), _told(kind, after), reason)


def changed(action: str, changes: Sequence[Change]) -> Event:
    """One event of changes made together: its subject is the first, its detail holds each by its subject."""
    first = changes[0]
    sides = {
        side: {
            change.subject: columns for change in changes if (columns := getattr(change, side)) is not None
        }
        for side in ("before", "after")
    }
    reason = {} if first.reason is None else {"reason": first.reason}
    detail = {**{side: told or None for side, told in sides.items()}, **reason}
    return Event(action, first.subject, first.patient_id, detail=detail)


def _told(kind: Kind, held: Held | None) -> Columns | None:
    if held is None:
        return None
    row, items = held
    told = kind.told(row)
    return {**told, "items": dict(items)} if kind is ASSESSMENT and items else told
