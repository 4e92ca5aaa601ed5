"""A record of its own for every test of a page, and a clock that stands still."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
import streamlit as st
from sqlalchemy import Engine

from dashboard import data, door, identity
from dashboard.components.forms import drafts
from models.scales import all_scales
from models.store.engine.database import open_engine
from tests.support.builders import NOW
from tests.support.clinics import invented
from tests.support.command import seventy
from tests.support.staff import Staff

TIMELINE: Final = Path(__file__).parents[1] / "spec" / "golden_timeline"


@contextmanager
def shown(url: str) -> Iterator[Engine]:
    """The record the dashboard shows for a while; it is noon of 1 June 2026."""
    engine = open_engine(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "now", lambda: NOW)
        patch.setattr(door._Door, "engine", None)
        door.open_door(engine, all_scales())
        drafts.forget()
        patch.setattr(identity, "session_hash", Staff(engine).session_hash)
        yield engine
    st.cache_resource.clear()
    engine.dispose()


@pytest.fixture
def record(begun: str) -> Iterator[Engine]:
    """An empty record the dashboard shows."""
    with shown(begun) as engine:
        yield engine


@pytest.fixture(scope="session")
def _golden(_begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A begun record of the golden cohort, and its key: it is imported once."""
    folder = shutil.copytree(_begun, tmp_path_factory.mktemp("golden"), dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEVENTY_KEY_FILE", str(folder / "seventy.key"))
        assert seventy("import", TIMELINE, db=f"sqlite:///{folder}/record.db").status == 0
    return folder


@pytest.fixture
def golden(_golden: Path, take: Callable[[Path], str]) -> str:
    """A record of the golden cohort."""
    return take(_golden)


@pytest.fixture(scope="session")
def _demo(_begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A begun record with 240 invented patients, and its key: they are invented once."""
    folder = shutil.copytree(_begun, tmp_path_factory.mktemp("demo"), dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEVENTY_KEY_FILE", str(folder / "seventy.key"))
        invented(open_engine(f"sqlite:///{folder}/record.db"), 240).dispose()
    return folder


@pytest.fixture
def demo(_demo: Path, take: Callable[[Path], str]) -> Iterator[Engine]:
    """The invented clinic as `seventy demo` makes it, which the dashboard shows."""
    with shown(take(_demo)) as engine:
        yield engine
