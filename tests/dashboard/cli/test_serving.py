"""`seventy serve` and `seventy demo`: what is refused before anything is opened, and the demo's own file."""

import asyncio
import gc
import os
import socket
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from platformdirs import user_data_path
from sqlalchemy import Engine
from streamlit import config
from typer.testing import CliRunner, Result

from dashboard import data, door, server
from dashboard.cli import app, serving
from dashboard.cli.keyring import clinic_keys
from dashboard.cli.serving import demo_account, demo_file, invented_record, limits_said
from models.access.keys import Keys, key_file
from models.exchange.browser.left_behind import SENT
from models.store.accounts.sessions import Limits
from models.store.accounts.staff import accounts
from models.store.engine.errors import StoreError
from models.store.record import read
from models.store.trail.anchors import anchor_folder, anchors
from models.store.trail.audit_check import verify
from seed import clinic
from tests.support.builders import NOW
from tests.support.tampering import events


def seventy(*words: str) -> Result:
    return CliRunner().invoke(app, words)


@pytest.mark.parametrize("host", ["192.168.0.4", "clinic.example", "::", ".".join("0000")])
def test_a_host_others_can_reach_is_refused_before_anything_is_opened(host: str, tmp_path: Path) -> None:
    file = tmp_path / "clinic.db"
    answered = seventy("serve", "--host", host, "--db", f"sqlite:///{file}")
    assert answered.exit_code == 2
    assert "would send names over the network unencrypted" in answered.stderr
    assert "--behind-proxy https://" in answered.stderr
    assert not file.exists()


def test_a_port_somebody_holds_is_refused_in_words(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        answered = seventy("serve", "--port", str(port), "--db", f"sqlite:///{tmp_path}/clinic.db")
    assert answered.exit_code == 2
    assert f"Port {port} of 127.0.0.1 cannot be used. Choose another with --port." in answered.stderr


@pytest.mark.parametrize(
    "said", ["", "soon", "0", "-5", "12.5", "nan", "901", "0000000901", "1e9", "9" * 5000, "\u0663"]
)
def test_a_time_of_doing_nothing_that_is_none_is_refused_before_anything_is_opened(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEVENTY_IDLE", said)
    monkeypatch.setattr(server, "serve", lambda *_, **__: None)
    answered = seventy("serve", "--port", str(free_port()), "--db", f"sqlite:///{tmp_path}/clinic.db")
    assert answered.exit_code == 2
    assert "SEVENTY_IDLE is a whole number of seconds from 1 to 900; got" in answered.stderr
    assert not (tmp_path / "clinic.db").exists()


def test_a_time_of_doing_nothing_is_taken_as_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits_said() == Limits()
    monkeypatch.setenv("SEVENTY_IDLE", "90")
    assert limits_said() == Limits(idle=timedelta(seconds=90))


def test_a_database_that_cannot_be_opened_ends_with_its_own_status(tmp_path: Path) -> None:
    file = tmp_path / "clinic.db"
    file.write_text("not a database, but long enough to be taken for one" * 20)
    answered = seventy("serve", "--port", str(free_port()), "--db", f"sqlite:///{file}")
    assert answered.exit_code == 3
    assert str(file) in answered.stderr


def test_serving_opens_the_door_and_starts_streamlit_as_it_must_be(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started: list[dict[str, object]] = []
    monkeypatch.setattr(door._Door, "engine", None)
    monkeypatch.setattr(server.st.App, "run", lambda _self, config: started.append(config))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = tmp_path / f"{SENT}by-a-killed-one"
    left.mkdir()
    os.utime(left, (0, 0))
    port = free_port()
    answered = seventy("serve", "--port", str(port), "--headless", "--db", f"sqlite:///{tmp_path}/clinic.db")
    assert answered.exit_code == 0, answered.output
    assert f"http://127.0.0.1:{port}" in answered.stderr
    assert door.door_is_open()
    assert not left.exists()
    (began,) = (event for event in events(data.engine()) if event.action == "serve")
    assert began.detail == f'{{"address":"http://127.0.0.1:{port}","at":"127.0.0.1:{port}"}}'
    noted = [anchor.events for anchor in anchors(data.engine(), anchor_folder())]
    assert (noted[0], noted[-1]) == (began.id, events(data.engine())[-1].id)
    (settings,) = started
    assert settings["client.showErrorDetails"] == "none"
    assert settings["client.disableDataExport"] is True
    assert settings["server.address"] == "127.0.0.1"
    assert settings["theme.light.primaryColor"] == "#1F5FA8"
    assert set(settings) <= set(config.get_config_options())


def test_a_setting_overridden_elsewhere_keeps_the_server_from_starting() -> None:
    async def start(settings: dict[str, object]) -> None:
        async with server.started(settings, None)(server.st.App(server.APP)):
            pass

    asyncio.run(start({"client.toolbarMode": config.get_option("client.toolbarMode")}))
    with pytest.raises(server.CannotServeError, match=r"client\.toolbarMode"):
        asyncio.run(start({"client.toolbarMode": "something else"}))


def test_what_stays_for_good_is_not_looked_through_after_every_run_of_a_page() -> None:
    async def start() -> int:
        async with server.started({}, None)(server.st.App(server.APP)):
            return gc.get_freeze_count()

    try:
        assert asyncio.run(start()) > 100_000
    finally:
        gc.unfreeze()


def test_the_invented_clinic_of_a_day_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "now", lambda: NOW)
    first = invented_record(6, 70)
    patients = read.record(first).patients
    assert patients.height == 6
    assert read.record(first).clinic.demo
    file = made_in(first)
    made_at = file.stat().st_mtime_ns
    first.dispose()
    again = invented_record(6, 70)
    assert made_in(again) == file
    assert read.record(again).patients.equals(patients)
    assert file.stat().st_mtime_ns == made_at
    again.dispose()


def test_the_invented_clinic_is_made_anew_under_another_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "now", lambda: NOW)
    first = invented_record(6, 73)
    first.dispose()
    monkeypatch.setenv("SEVENTY_KEY_FILE", f"{tmp_path}/other/seventy.key")
    again = invented_record(6, 73)
    demo_account(again)
    assert verify(again).is_well
    again.dispose()


def test_another_seed_makes_other_patients_and_another_day_clears_the_old_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(serving, "now", lambda: NOW)
    folder = user_data_path("seventy")
    folder.mkdir(parents=True, exist_ok=True)
    yesterdays = demo_file(6, 70, date(2020, 1, 1))
    yesterdays.touch()
    half_made = yesterdays.with_suffix(".new")
    half_made.touch()
    os.utime(half_made, (0, 0))
    mine = folder / "seventy.db"
    mine.touch()
    one, other = invented_record(6, 71), invented_record(6, 72)
    assert not read.record(one).patients.equals(read.record(other).patients)
    assert not yesterdays.exists()
    assert not half_made.exists()
    assert mine.exists()
    one.dispose()
    other.dispose()


def test_a_demo_that_still_runs_keeps_its_file_on_another_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "now", lambda: NOW)
    running = invented_record(3, 75)
    monkeypatch.setattr(serving, "now", lambda: NOW + timedelta(days=1))
    invented_record(3, 76).dispose()
    assert read.record(running).patients.height == 3
    assert made_in(running).exists()
    running.dispose()
    invented_record(3, 77).dispose()
    assert not made_in(running).exists()


def test_a_demo_that_still_runs_keeps_its_file_under_another_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "now", lambda: NOW)
    running = invented_record(3, 78)
    monkeypatch.setenv("SEVENTY_KEY_FILE", f"{tmp_path}/other/seventy.key")
    with pytest.raises(StoreError, match="is in use"):
        invented_record(3, 78)
    assert made_in(running).exists()
    running.dispose()


def test_of_two_demos_begun_at_once_each_opens_a_whole_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "now", lambda: NOW)
    write, began = clinic.write, list[Engine]()

    def while_another_begins(engine: Engine, *rest: Any) -> None:
        """The second begins while the first is half made, and is ready before it."""
        if not began:
            began.append(engine)
            began.append(invented_record(5, 73))
        write(engine, *rest)

    monkeypatch.setattr(clinic, "write", while_another_begins)
    first = invented_record(5, 73)
    second = began[1]
    assert made_in(first) == made_in(second)
    for engine in (first, second):
        assert read.record(engine).patients.height == 5
        assert [account.username for account in accounts(engine)] == ["demo"]
        assert demo_account(engine).username == "demo"
        engine.dispose()
    assert list(made_in(first).parent.glob("demo-*.new*")) == []


def test_a_demo_that_could_not_be_made_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "now", lambda: NOW)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(clinic, "write", fail)
    with pytest.raises(KeyboardInterrupt):
        invented_record(5, 74)
    file = demo_file(5, 74, NOW.date())
    assert list(file.parent.glob(f"{file.stem}*")) == []


def test_of_two_that_make_the_clinics_key_at_once_both_have_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    create = Keys.create

    def second(path: Path) -> Keys:
        create(path)
        return create(path)

    monkeypatch.setattr(Keys, "create", second)
    assert clinic_keys() == Keys.read(key_file())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def made_in(engine: Engine) -> Path:
    return Path(str(engine.url.database))
