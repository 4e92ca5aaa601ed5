"""The tests' other programs begin whatever a page under test has left behind in this one."""

import os
import sys

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.programs import Program


def _page(words: str) -> None:
    import streamlit as st  # noqa: PLC0415 - a page's script is read apart from its module

    st.write(words)


def test_the_script_of_a_page_is_not_run_by_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    assert not AppTest.from_function(_page, args=("Nothing",)).run().exception
    assert Program(os.getpid).ended() == 0
