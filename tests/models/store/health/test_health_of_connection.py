"""What the doctor says of the way to a PostgreSQL server, which names and scores take."""

import pytest
from sqlalchemy import Engine

from models.store.engine.database import is_sqlite
from models.store.health.examining import CONNECTION, connection_found, examine
from tests.support.builders import NOW


@pytest.mark.parametrize("mode", ["disable", "prefer", "require", "verify-ca", "verify-full", None])
def test_only_a_server_here_or_one_that_shows_who_it_is_is_fine(mode: str | None) -> None:
    assert connection_found(here=True, encrypted=False, mode=mode).fine
    clear = connection_found(here=False, encrypted=False, mode=mode)
    assert (clear.fine, "whoever is on it reads names and scores" in clear.says) == (False, True)
    assert connection_found(here=False, encrypted=True, mode=mode).fine is (mode == "verify-full")


def test_it_is_asked_of_the_server_and_of_no_file(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    looked = examine(engine, backups=tmp_path_factory.mktemp("backups"), copies=None, at=NOW)
    found = [one for one in looked if one.about == CONNECTION]
    assert [one.says for one in found] == ([] if is_sqlite(engine) else ["The server is on this computer."])
