"""A clinic's own scales, kept in the record with the scores that rest on them.

A TOML file may be edited, lost, or left behind by a backup; what a stored total means may not. The scales
that come with the product need no keeping.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine

from models.scales import Scale, all_scales, other_basis
from models.store.audit.change_events import Change, changed
from models.store.audit.events import append
from models.store.audit.inserting import Stamp, insert
from models.store.engine.asking import ask
from models.store.engine.database import reading, writing
from models.store.engine.lookup import next_id, next_moment
from models.tables import KeptScale
from models.tables.columns import moment_number
from models.tables.facts import Problem
from models.tables.facts.problems import refused

_KEPT: Final = "SELECT k.scale, k.definition, k.kept_at FROM kept_scale k ORDER BY k.id"


def kept_scales(engine: Engine, *, known_at: datetime | None = None) -> dict[str, Scale]:
    """Every scale of the clinic's own that scores were stored on, by id: as it last was, or was at a moment.

    At a moment before it was kept, it is as it was kept first.
    """
    with reading(engine) as connection:
        return _kept(connection, known_at)


def newest_kept(connection: Connection) -> int:
    """The row in which a scale of the clinic's own was kept last; 0 where none is."""
    ((newest,),) = ask(connection, "SELECT coalesce(max(k.id), 0) FROM kept_scale k")
    return int(newest)


def unlike_kept(connection: Connection, scales: Iterable[Scale]) -> dict[str, Problem]:
    """By id, why scores on a scale cannot stand beside those stored: it is no longer the same scale."""
    own = _own(scales)
    kept = _kept(connection) if own else {}
    return {
        scale.id: _other(scale, kept[scale.id], changed)
        for scale in own
        if scale.id in kept and (changed := other_basis(scale, kept[scale.id]))
    }


def keep(connection: Connection, scales: Iterable[Scale], stamp: Stamp) -> None:
    """Keep each scale of the clinic's own that is not kept as it is."""
    own = _own(scales)
    kept = _kept(connection) if own else {}
    for scale in own:
        if kept.get(scale.id) != scale:
            definition = scale.model_dump_json(exclude_defaults=True)
            row = (next_id(connection, "kept_scale"), scale.id, definition, stamp.moment, stamp.by)
            insert(connection, "kept_scale", tuple(KeptScale.model_fields), [row])


def keep_changes(engine: Engine, scales: Iterable[Scale], *, by: str, at: datetime) -> bool:
    """Keep the scales that scores were stored on as they are now, and tell the trail what is other.

    Only a cut-off can be: it moves rates of the past, too, and so it is told, and goes into backups. What was
    known before is asked with what it was before. `True` if one was kept.
    """
    own = _own(scales)
    if not _other_than(kept_scales(engine), own):
        return False
    with writing(engine) as connection:
        before = _kept(connection)
        now = _other_than(before, own)
        if not now:  # another program has kept them meanwhile
            return False
        keep(connection, now.values(), Stamp(by, next_moment(connection, at)))
        changes = [_told(before[scale_id], scale) for scale_id, scale in now.items()]
        append(connection, [changed("settings", changes)], by=by, at=at)
    return True


def _told(before: Scale, now: Scale) -> Change:
    old, new = (scale.model_dump(mode="json", exclude={"sources"}) for scale in (before, now))
    other = [name for name in new if old[name] != new[name]]
    return Change(
        f"scale {now.id}", None, {name: old[name] for name in other}, {name: new[name] for name in other}
    )


def _other_than(kept: Mapping[str, Scale], scales: Iterable[Scale]) -> dict[str, Scale]:
    return {scale.id: scale for scale in scales if kept.get(scale.id, scale) != scale}


def _own(scales: Iterable[Scale]) -> list[Scale]:
    shipped = all_scales()
    return [scale for scale in scales if scale.id not in shipped]


def _kept(connection: Connection, known_at: datetime | None = None) -> dict[str, Scale]:
    known: dict[str, str] = {}
    for scale, definition, kept_at in ask(connection, _KEPT):
        if known_at is None or kept_at <= moment_number(known_at) or scale not in known:
            known[scale] = definition
    return {scale: Scale.model_validate_json(definition) for scale, definition in known.items()}


def _other(scale: Scale, kept: Scale, changed: Sequence[str]) -> Problem:
    allowed = (
        f"as in the record, where {kept.name}, version {kept.version}, runs from {kept.shown(kept.low)} to "
        f"{kept.shown(kept.high)} ({', '.join(changed)} changed since); another version needs another id"
    )
    return refused("scale", "Scale", scale.id, allowed)
