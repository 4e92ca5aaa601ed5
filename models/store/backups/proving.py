"""The whole proof: the trail, the record beside it, and what was written down outside the database."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from models.store.backups.backup import Backup, read_manifest
from models.store.engine.asking import damaged
from models.store.engine.database import reading
from models.store.engine.errors import BackupError
from models.store.trail.anchors import Anchor, AnchorError, anchor, anchors
from models.store.trail.audit_check import Verification, verify
from models.store.trail.finding_words import Finding
from models.store.trail.session_check import seen_amiss


def prove(engine: Engine, *, folder: Path, at: datetime, backups: Sequence[Path] = ()) -> Verification:
    """Check everything against the anchors of a folder and what is said of backups by their manifests.

    What is well is written down as one more anchor. One that cannot be read or written is a finding as well.
    """
    with reading(engine) as connection, damaged(connection):  # before the rest, which takes its time
        amiss = list(seen_amiss(connection, at=at))
    known, unreadable = [], []
    try:
        known += anchors(engine, folder)
    except AnchorError as error:
        unreadable.append(Finding("anchor", None, str(error)))
    for copy in backups:
        try:
            said = anchor_of_backup(read_manifest(copy))
        except BackupError as error:
            unreadable.append(Finding("anchor", None, str(error)))
        else:
            known += [said] if said else []
    found = verify(engine, known)
    found = found._replace(findings=[*found.findings, *amiss, *unreadable])
    if found.is_well:
        try:
            anchor(engine, folder, at)
        except AnchorError as error:
            return found._replace(findings=[Finding("anchor", None, str(error))])
    return found


def anchor_of_backup(made: Backup) -> Anchor | None:
    """What a backup knows of the trail; `None` when it was made without."""
    if not made.audit_head:
        return None
    return Anchor("", made.counts.get("audit_event", 0), made.audit_head, made.made_at)
