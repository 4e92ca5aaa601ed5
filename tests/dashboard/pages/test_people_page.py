"""People: a link begins with the address of the dashboard, and who reads counts is given the names."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from dashboard import identity
from dashboard.charts.words import on
from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from models.store.accounts.doors import Doors
from models.store.accounts.identities import link
from models.store.accounts.sessions import Limits
from models.store.accounts.staff import account_named, add_account
from models.store.record import write
from models.store.trail.entries import Wanted, entries
from models.tables.facts import ClinicFacts
from tests.support.builders import BY, NOW
from tests.support.pages import choose, opened, press, said, type_in

ISSUER = "https://id.clinic.example"
SERVED_AT = "https://seventy.clinic.example"


@pytest.fixture(autouse=True)
def _served(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("lasting", "doors", "address"):
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


def test_an_administrator_gives_a_practice_manager_the_right_to_names_and_takes_it(record: Engine) -> None:
    for username, role in (("mo", Role.MANAGER), ("cy", Role.CLINICIAN)):
        add_account(record, username, username.title(), role, by=BY, at=NOW)
    page = press(opened(Page.PEOPLE, role=Role.ADMINISTRATOR), "Give the right to names")
    assert account_named(record, "mo").sees_names
    assert "Practice manager, with the right to names" in said(page)
    page = press(page, "Take the right to names")
    assert not account_named(record, "mo").sees_names
    (told, _) = entries(record, Wanted(action="change account"))
    assert told.by == Role.ADMINISTRATOR
    assert [button.label for button in page.button].count("Give the right to names") == 1


def test_an_account_is_as_old_as_the_clinics_own_day_says(record: Engine) -> None:
    write.save_clinic(record, ClinicFacts(time_zone="Pacific/Auckland"), by=BY, at=NOW)
    late = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)  # in Auckland it is the 5th
    add_account(record, "cy", "Cy", Role.CLINICIAN, by=BY, at=late)
    words = said(opened(Page.PEOPLE, role=Role.ADMINISTRATOR))
    assert f"Clinician, since {on(date(2026, 5, 5))}" in words


def test_who_signs_in_through_the_provider_alone_is_not_said_to_have_a_link_to_use(record: Engine) -> None:
    add_account(record, "cy", "Cy", Role.CLINICIAN, by=BY, at=NOW)
    link(record, "cy", ISSUER, "cy's subject", by=BY, at=NOW)
    told = [said(opened(Page.PEOPLE, role=Role.ADMINISTRATOR))]
    identity.serve_with(Limits(), Doors(issuer=ISSUER), SERVED_AT)
    told.append(said(opened(Page.PEOPLE, role=Role.ADMINISTRATOR)))
    ways = ("link not used yet", "signs in through the identity provider")
    assert [[words.count(way) for way in ways] for words in told] == [[2, 0], [1, 1]]


def test_the_demos_visitor_has_no_link_to_use(record: Engine) -> None:
    add_account(record, "cy", "Cy", Role.CLINICIAN, by=BY, at=NOW)
    assert "link not used yet" in said(opened(Page.PEOPLE, role=Role.ADMINISTRATOR))
    write.save_clinic(record, ClinicFacts(demo=True), by=BY, at=NOW)
    assert "link not used yet" not in said(opened(Page.PEOPLE, role=Role.ADMINISTRATOR))
