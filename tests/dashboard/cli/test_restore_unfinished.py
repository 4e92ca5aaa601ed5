"""`seventy restore` on PostgreSQL killed once it has filled the record, before it has ended: marked."""

import shutil
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from models.access.keys import key_file
from models.store.backups.backup import backup
from models.store.backups.unfinished import TABLE, left_in, marking
from models.store.engine.database import reading
from models.store.engine.errors import UnfinishedError
from models.store.moves.migrate import newest, revision
from models.store.moves.restore import restore
from tests.dashboard.cli.test_restore_killed import STEPS, assert_held_back, killed, went_on_since
from tests.support.builders import NOW
from tests.support.command import seventy
from tests.support.databases import Databases, connected, connected_own
from tests.support.filled import filled, rows_of

pytestmark = pytest.mark.postgres
BROKEN_OFF = "A restore of this record was broken off: whoever was erased or disabled"


@pytest.fixture(name="went_on", scope="module")
def _went_on(postgres: Databases, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A record to copy, and the folder of its backup, its key and its anchors: it is made once."""
    folder = tmp_path_factory.mktemp("went-on")
    (folder / "key").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEVENTY_KEY_FILE", str(folder / "key" / "seventy.key"))
        return went_on_since(postgres.new(), folder / "then.dump"), folder


@pytest.fixture(name="then")
def _then(went_on: tuple[str, Path], tmp_path: Path) -> Path:
    for file in went_on[1].glob("then.dump*"):
        shutil.copy(file, tmp_path)
    return tmp_path / "then.dump"


@pytest.fixture(name="url")
def _url(postgres: Databases, went_on: tuple[str, Path]) -> str:
    """In its backup `then` are a patient who is erased by now, and bob, who is disabled, signed in."""
    url, folder = went_on
    shutil.copytree(folder / "key", key_file().parent, dirs_exist_ok=True)
    return postgres.copied(url)


def assert_refused(url: str) -> None:
    """As by every command (`test_rights`), and the doctor says it in words."""
    with connected_own(url) as engine, reading(engine) as connection, pytest.raises(UnfinishedError):
        revision(connection)
    run = seventy("doctor", "--json", db=url)
    (found,) = (one for one in run.document["findings"] if one["about"] == "record")
    assert (run.status, found["fine"], found["says"].startswith(BROKEN_OFF)) == (1, False, True)
    assert "Run `seventy restore FILE` again" in found["do"]


def assert_restores(url: str, then: Path) -> str:
    """What it says."""
    run = seventy("restore", then, db=url)
    assert run.status == 0
    assert "Disabled since then, and again now: bob." in run.err
    assert "1 of 1 people erased here were in it, and are erased again" in run.err
    assert_held_back(url)
    assert seventy("verify", db=url).status == 0
    return run.err


def test_killed_before_it_has_filled_the_record_it_leaves_the_old_one(url: str, then: Path) -> None:
    with connected_own(url) as engine:
        before = rows_of(engine)
    killed(url, then, "refill", "before")
    with connected_own(url) as engine:
        assert rows_of(engine) == before
    assert "broken off" not in assert_restores(url, then)


@pytest.mark.parametrize(
    ("step", "when"),
    [
        ("refill", "after"),
        *(pytest.param(step, "before", marks=pytest.mark.thorough) for step in STEPS[:-1]),
        (STEPS[-1], "before"),
    ],
)
def test_killed_before_it_has_ended_nobody_opens_it_and_the_next_restore_knows_all(
    url: str, then: Path, step: str, when: str
) -> None:
    killed(url, then, step, when)
    assert_refused(url)
    said = assert_restores(url, then)
    assert "The restore before this one was broken off. What " in said
    assert "before-restore" in said.partition(" kept stands there again.")[0]


def test_killed_in_its_last_transaction_it_has_not_ended_and_after_it_it_has(url: str, then: Path) -> None:
    killed(url, then, "unmark", "after")
    assert_refused(url)
    killed(url, then, "write_anchor", "before")
    assert_held_back(url)
    assert seventy("verify", db=url).status == 0


def test_what_stood_there_is_there_again_before_another_backup_fails(url: str, then: Path) -> None:
    with connected_own(url) as engine:
        before = rows_of(engine)
    killed(url, then, "lock_every_door", "before")
    run = seventy("restore", then.with_name("mistyped.dump"), db=url)
    assert run.status == 1
    assert "kept stands there again" in run.err
    with connected_own(url) as engine:
        assert rows_of(engine) == before


def test_where_nothing_stood_before_the_next_restore_begins_anew(
    postgres: Databases, url: str, then: Path
) -> None:
    new = postgres.new()
    killed(new, then, "hold_back", "before")
    assert_refused(new)
    run = seventy("restore", then, db=new)
    assert (run.status, "was broken off. It is empty again." in run.err) == (0, True)
    assert "is kept in" not in run.err
    assert seventy("verify", db=new).status == 0


def test_without_what_was_kept_it_stays_refused_and_says_how_to_go_on(url: str, then: Path) -> None:
    killed(url, then, "erase_again", "before")
    with connected_own(url) as engine:
        left = left_in(engine)
    assert left is not None
    assert left.kept is not None
    away = left.kept.rename(then.with_name("away"))
    run = seventy("restore", then, db=url)
    assert (run.status, run.out) == (1, "")
    assert f"{left.kept} cannot be read" in run.err
    assert "put it and its manifest back there" in run.err
    assert "restore into a new, empty database" in run.err
    assert_refused(url)
    away.rename(left.kept)
    assert_restores(url, then)


def test_nobody_restores_as_an_account_that_may_have_been_disabled_since(url: str, then: Path) -> None:
    killed(url, then, "start", "before")
    run = seventy("--as", "ada", "restore", then, db=url)
    assert (run.status, "as the operator (without --as)" in run.err) == (3, True)


def test_a_copy_that_is_kept_while_a_restore_ends_is_not_refused_for_ever(
    postgres: Databases, tmp_path: Path
) -> None:
    """As before a migration; and a name is taken as it is written."""
    kept = Path("/it's here/before\\n.dump")
    with connected(postgres.its_own()) as engine, connected(postgres.new()) as other:
        filled(engine)
        before = rows_of(engine)
        with closing(psycopg.connect(engine.url.set(drivername="postgresql").render_as_string())) as psql:
            psql.execute(marking(kept).encode())
            psql.commit()
        left = left_in(engine)
        assert (left.kept if left else None) == kept
        with pytest.raises(UnfinishedError), reading(engine) as connection:
            revision(connection)
        made = backup(engine, tmp_path / "copy", at=NOW)
        assert TABLE not in made.counts
        restore(made.path, other, at=NOW)
        with reading(other) as connection:
            assert revision(connection) == newest()
        assert rows_of(other) == before
