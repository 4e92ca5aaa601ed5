"""The whole proof: the trail, the record beside it, and what was written down outside the database."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from models.store.anchors import AnchorError, anchor, anchor_of_backup, anchors
from models.store.audit_check import Verification, verify
from models.store.backup import read_manifest
from models.store.database import reading
from models.store.errors import BackupError
from models.store.finding_words import Finding
from models.store.session_check import seen_amiss


def prove(engine: Engine, *, folder: Path, at: datetime, backups: Sequence[Path] = ()) -> Verification:
    """Check everything against the anchors of a folder and what is said of backups by their manifests.

    What is well is written down as one more anchor. One that cannot be read or written is a finding as well.
    """
    with reading(engine) as connection:  # before the rest, which takes its time
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
