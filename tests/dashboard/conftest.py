"""A record of its own for every test of a page, and a clock that stands still."""

from collections.abc import Iterator

import pytest
import streamlit as st
from sqlalchemy import Engine

from dashboard import data, door, identity
from dashboard.components import drafts
from models.scales import all_scales
from models.store.database import open_engine
from tests.support.builders import NOW
from tests.support.staff import Staff


@pytest.fixture
def record(begun: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An empty record the dashboard shows; it is noon of 1 June 2026."""
    engine = open_engine(begun)
    monkeypatch.setattr(data, "now", lambda: NOW)
    monkeypatch.setattr(door._Door, "engine", None)
    door.open_door(engine, all_scales())
    drafts.forget()
    monkeypatch.setattr(identity, "session_hash", Staff(engine).session_hash)
    yield engine
    st.cache_resource.clear()
    engine.dispose()
