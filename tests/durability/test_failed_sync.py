"""A disk that fails while a save is committed: SQLite has written it, and it may stand after a crash."""

import subprocess
from pathlib import Path

import pytest

from models.store.record import write
from tests.support.builders import BY, NOW
from tests.support.databases import connected
from tests.support.power import NoTraceError, tracing
from tests.support.saving import heard, lost, nth_facts, program, standing, started


def test_a_save_whose_sync_failed_is_said_to_be_unsure_and_saving_again_is_safe(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/record.db"
    started(url)
    try:
        failing = tracing("-o", "/dev/null", "-e", "trace=fsync", "-e", "inject=fsync:error=EIO:when=20")
    except NoTraceError as error:
        pytest.skip(f"no failing disk can be had: {error}")
    done = subprocess.run([*failing, *program(url, saves=100)], stdout=subprocess.PIPE, text=True, check=True)

    said = heard(done.stdout.splitlines(keepends=True))
    ((number, words),) = said.refused.items()
    assert 10 < number < 20
    assert "it may be saved or not" in words
    with connected(url) as engine:
        assert lost(said, standing(engine)) == []
        saved = write.record_assessment(engine, nth_facts(number), by=BY, at=NOW)
        assert standing(engine).ids == {**said.saved, number: saved.id}
        assert standing(engine).damage == []
