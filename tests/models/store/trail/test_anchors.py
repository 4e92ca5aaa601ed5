"""What was written down of a trail outside the database: what holds, what is given up, what was changed."""

import json
import os
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.store.audit.events import Event, canonical, note
from models.store.audit.key import key_of
from models.store.backups.backup import backup
from models.store.backups.proving import prove
from models.store.engine.database import reading
from models.store.record import write
from models.store.trail.anchors import NAME, AnchorError, _seal, anchor, anchors, replaced
from tests.models.store.trail.test_audit_check import words
from tests.support.builders import BY, NOW, after, record_patient, score_facts
from tests.support.tampering import tamper


@pytest.fixture(name="recorded")
def _recorded(sqlite_engine: Engine) -> Engine:
    """Three events of the start, then one each for a patient and six scores: 4 to 10."""
    record_patient(sqlite_engine)
    for day in range(6):
        write.record_assessment(sqlite_engine, score_facts(1, 20 - day, day=day), by=BY, at=after(day))
    return sqlite_engine


def test_what_was_put_back_with_consent_is_no_cut_tail(recorded: Engine, tmp_path: Path) -> None:
    anchor(recorded, tmp_path, NOW)
    tamper(recorded, "DELETE FROM audit_event WHERE id > 8", "DELETE FROM assessment WHERE id > 4")
    event = Event("restore", detail=replaced(recorded, tmp_path))
    assert not prove(recorded, folder=tmp_path, at=after(1)).is_well
    note(recorded, event, by=BY, at=after(1))
    assert anchors(recorded, tmp_path) == []
    assert prove(recorded, folder=tmp_path, at=after(2)).is_well
    assert [known.events for known in anchors(recorded, tmp_path)] == [9]
    tamper(recorded, "DELETE FROM audit_event WHERE id > 8")
    assert "the trail now ends with event 8" in words(prove(recorded, folder=tmp_path, at=after(3)))[0]


def test_the_line_by_which_versions_before_gave_that_consent_still_does(
    recorded: Engine, tmp_path: Path
) -> None:
    anchor(recorded, tmp_path, NOW)
    tamper(recorded, "DELETE FROM audit_event WHERE id > 8", "DELETE FROM assessment WHERE id > 4")
    cut = anchor(recorded, tmp_path, after(1))
    assert cut
    said = cut._replace(restored=True)._asdict()
    with reading(recorded) as connection:
        line = {**said, "seal": _seal(key_of(connection), said)}
    with (tmp_path / NAME).open("a") as file:
        file.write(canonical(line) + "\n")
    assert prove(recorded, folder=tmp_path, at=after(2)).is_well
    assert [known.events for known in anchors(recorded, tmp_path)] == [8, 8]


@pytest.mark.parametrize("line", ["nonsense", '{"trail": 1}', "changed"])
def test_an_anchor_that_was_changed_is_found(recorded: Engine, tmp_path: Path, line: str) -> None:
    anchor(recorded, tmp_path, NOW)
    file = tmp_path / NAME
    assert file.stat().st_mode & 0o777 == 0o600
    if line == "changed":
        file.write_text(file.read_text().replace('"events":10', '"events":8'))
        with pytest.raises(AnchorError, match=r"Line 1 of .* was changed"):
            anchors(recorded, tmp_path)
    elif line == "nonsense":
        file.write_text(line + "\n")
        assert [finding.kind for finding in prove(recorded, folder=tmp_path, at=NOW).findings] == ["anchor"]
    else:  # of another trail
        file.write_text(file.read_text() + line + "\n")
        assert prove(recorded, folder=tmp_path, at=NOW).is_well


@pytest.mark.parametrize("seal", ["7", '"\u00e9"', '"\\ud800"', "[" * 100_000])
def test_a_seal_that_makes_no_sense_is_a_finding(recorded: Engine, tmp_path: Path, seal: str) -> None:
    anchor(recorded, tmp_path, NOW)
    file = tmp_path / NAME
    line = json.loads(file.read_text())
    file.write_text(file.read_text().replace(f'"{line["seal"]}"', seal))
    assert [finding.kind for finding in prove(recorded, folder=tmp_path, at=NOW).findings] == ["anchor"]


@pytest.mark.parametrize(
    "said",
    [
        *("nonsense", "[" * 100_000, '{"counts": {"audit_event": "many"}}', '{"counts": 7}'),
        '{"counts": {"audit_event": Infinity}}',
        '{"made_at": "0001-01-01T00:00:00+14:00"}',
    ],
)
def test_a_manifest_that_makes_no_sense_is_a_finding(recorded: Engine, tmp_path: Path, said: str) -> None:
    made = backup(recorded, tmp_path / "copy", at=NOW)
    kept = json.loads(made.manifest.read_text())
    made.manifest.write_text(json.dumps(kept | json.loads(said)) if said.startswith("{") else said)
    found = prove(recorded, folder=tmp_path, at=NOW, backups=[made.path]).findings
    assert [finding.kind for finding in found] == ["anchor"]


def test_a_restoring_that_makes_no_sense_gives_nothing_up(recorded: Engine, tmp_path: Path) -> None:
    anchor(recorded, tmp_path, NOW)
    note(recorded, Event("restore"), by=BY, at=after(1))
    tamper(recorded, "UPDATE audit_event SET detail = '" + "[" * 100_000 + "' WHERE action = 'restore'")
    assert len(anchors(recorded, tmp_path)) == 1


@pytest.mark.parametrize("left", ['{"at":"2026-06', "\0" * 300], ids=["half a line", "a length alone"])
def test_what_a_loss_of_power_left_of_a_line_hides_none_before_and_none_after_it(
    recorded: Engine, tmp_path: Path, left: str
) -> None:
    anchor(recorded, tmp_path, NOW)
    with (tmp_path / NAME).open("a") as file:
        file.write(left)
    assert [known.at for known in anchors(recorded, tmp_path)] == [NOW]
    anchor(recorded, tmp_path, after(1))
    assert [known.at for known in anchors(recorded, tmp_path)] == [NOW, after(1)]


def test_a_full_disk_leaves_no_part_of_a_line(
    recorded: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anchor(recorded, tmp_path, NOW)
    before, write_all = (tmp_path / NAME).read_bytes(), os.write
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda descriptor, line: write_all(descriptor, line[:100]))
        with pytest.raises(AnchorError, match="No space left on device"):
            anchor(recorded, tmp_path, after(1))
    assert (tmp_path / NAME).read_bytes() == before
