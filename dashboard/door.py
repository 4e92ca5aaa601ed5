"""Which record this process shows, and which scales it knows.

A clinic's own scales are known to a running server as soon as their files are there, or a score on one came
into the record by another way: an import may have read its file in another folder.
"""

from contextlib import suppress
from datetime import UTC, datetime
from os import scandir
from pathlib import Path
from typing import Final, NamedTuple

import streamlit as st
from sqlalchemy import Engine

from models.scales import Scales, all_scales
from models.store.engine.database import reading
from models.store.engine.errors import StoreError
from models.store.moves.migrate import newest, refuse_another
from models.store.record.kept_scales import keep_changes, kept_scales, newest_kept

BY: Final = "seventy serve"


class _File(NamedTuple):
    name: str
    bytes: int
    changed_ns: int


class _Door:
    """Opened once, by the server."""

    engine: Engine | None = None
    scales: Scales = all_scales()
    own_scales: Path | None = None
    files: frozenset[_File] = frozenset()
    kept: int = 0
    revision: str = ""


def open_door(engine: Engine, scales: Scales, own_scales: Path | None = None) -> None:
    """Show the record behind this engine from now on; the scales are the shipped and the clinic's own.

    The folder of these, and what the record keeps of them, are looked at before every run (`keep_up`).
    """
    _Door.engine, _Door.scales, _Door.own_scales = engine, scales, own_scales
    _Door.revision = newest()
    _Door.files, _Door.kept = _files(own_scales), _newest_kept(engine)
    st.cache_resource.clear()
    _keep(scales)


def door_is_open() -> bool:
    """Whether this process was started in a way that opened a record."""
    return _Door.engine is not None


def engine() -> Engine:
    """The engine of the record shown."""
    if _Door.engine is None:
        raise RuntimeError("No record is open")
    return _Door.engine


def scales() -> Scales:
    """The scales known."""
    return _Door.scales


def keep_up() -> None:
    """Read the scales anew once a file of the clinic's own came, went or was changed, or one was kept.

    `WrongVersionError` once another version of Seventy has changed the shape of the record.
    """
    files, kept = _files(_Door.own_scales), _newest_kept(engine())
    if (files, kept) == (_Door.files, _Door.kept):
        return
    scales, before = all_scales(_Door.own_scales, kept_scales(engine())), _Door.scales
    _Door.files, _Door.kept, _Door.scales = files, kept, scales
    if scales != before:
        st.cache_resource.clear()
        _keep(scales)


def _newest_kept(engine: Engine) -> int:
    with reading(engine) as connection:
        refuse_another(connection, _Door.revision)
        return newest_kept(connection)


def _keep(scales: Scales) -> None:
    """A cut-off that was changed is kept and told; where that fails now, the next score on it does both."""
    with suppress(StoreError):
        keep_changes(engine(), scales.values(), by=BY, at=datetime.now(UTC))


def _files(folder: Path | None) -> frozenset[_File]:
    if folder is None:
        return frozenset()
    try:
        with scandir(folder) as entries:
            seen = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".toml")]
    except OSError:  # there is none, or one goes while it is looked at
        return frozenset()
    return frozenset(_File(name, stat.st_size, stat.st_mtime_ns) for name, stat in seen)
