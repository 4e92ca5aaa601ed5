"""What stood on a page that was cut off is given back to it, to the same person, once."""

from typing import Final

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.components.forms import drafts
from dashboard.components.forms.begun_anew import GONE
from dashboard.components.forms.form import SAVE_KEY
from dashboard.components.page.pages import Page
from dashboard.components.page.role import KEY, Role
from dashboard.components.page.tab import CHOSEN
from tests.support.builders import record_patient
from tests.support.pages import APP, SLOW, opened, press, ran

LOST: Final = "a page's state"


@pytest.fixture
def cut_off(record: Engine, monkeypatch: pytest.MonkeyPatch) -> str:
    """The key of a half-filled form of a page that is cut off; every page says it was there before."""
    one = record_patient(record, "1043", given_name="Ruth", family_name="Adler")
    monkeypatch.setattr(drafts, "_page", lambda: LOST)
    page = opened(Page.RECORD, patient_id=one)
    page.text_input(key=f"{sheet_of(page, one)} digits").set_value("213210210")
    ran(page)
    monkeypatch.setattr(drafts, "_page", lambda: "another page's state")
    monkeypatch.setattr(drafts, "page_before", lambda: LOST)
    return sheet_of(page, one)


def sheet_of(page: AppTest, patient_id: int) -> str:
    return str(page.session_state[f"{SAVE_KEY}phq9 of {patient_id}"])


def come_back(role: Role = Role.CLINICIAN) -> AppTest:
    """A page's first run; it was open before."""
    app = AppTest.from_file(str(APP), default_timeout=SLOW)
    app.session_state[KEY] = role
    return ran(app)


def told(page: AppTest) -> bool:
    return GONE in [each.value for each in page.warning]


def test_a_page_that_was_cut_off_stands_as_it_stood_and_saves_under_the_same_key(cut_off: str) -> None:
    page = come_back()
    one = page.session_state[CHOSEN]
    assert sheet_of(page, one) == cut_off
    assert page.metric[0].value == "12"
    assert not told(page)


def test_it_is_given_back_once_and_another_is_told_that_nothing_is_left(cut_off: str) -> None:
    come_back()
    page = come_back()
    assert CHOSEN not in page.session_state or page.session_state[CHOSEN] is None
    assert told(page)
    assert not told(press(page, "I have read this"))


def test_it_is_given_to_nobody_else(cut_off: str) -> None:
    page = come_back(Role.MANAGER)
    assert f"{cut_off} digits" not in page.session_state
    assert CHOSEN not in page.session_state or page.session_state[CHOSEN] is None


def test_a_page_that_was_just_opened_is_told_nothing(cut_off: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "page_before", lambda: None)
    assert not told(come_back())
