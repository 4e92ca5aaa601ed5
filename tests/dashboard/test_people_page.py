"""People: the link of somebody new begins with the address at which the dashboard is."""

import pytest
from sqlalchemy import Engine

from dashboard import identity
from dashboard.components.pages import Page
from dashboard.components.role import Role
from models.store.accounts import account_named
from models.store.doors import Doors
from models.store.sessions import Limits
from tests.support.pages import choose, opened, press, type_in

SERVED_AT = "https://seventy.clinic.example"


@pytest.fixture(autouse=True)
def _served(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("limits", "doors", "address"):
        monkeypatch.setattr(identity._Served, name, getattr(identity._Served, name))
    identity.serve_with(Limits(), Doors(), SERVED_AT)


def test_a_link_can_be_passed_on_as_it_stands(record: Engine) -> None:
    page = opened(Page.PEOPLE, role=Role.ADMINISTRATOR)
    for field, typed in (("name", "Bo Brown"), ("username", "bo")):
        page = type_in(page, "text_input", field, typed)
    page = press(choose(page, "role", Role.AUDITOR), "Add")
    (link,) = page.code
    assert link.value.startswith(f"{SERVED_AT}/setup/")
    assert account_named(record, "bo").name == "Bo Brown"
    page = press(press(page, "I have passed it on"), "New link", nth=-1)
    (another,) = page.code
    assert another.value.startswith(f"{SERVED_AT}/setup/")
    assert another.value != link.value
