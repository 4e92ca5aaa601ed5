"""What asks anew who one is does nothing without a proof, on the server; nothing that was typed is lost."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard import data, identity
from dashboard.components.page.pages import HOMES, Page
from dashboard.components.page.role import KEY
from dashboard.identity import NotAllowedError, ProofNeededError, acting
from dashboard.shelf import PATH
from dashboard.signin.places import GLASS
from models.access.roles import RULES, Right, Role, may
from models.store.accounts.sessions import break_glass, prove_again
from models.store.accounts.staff import accounts
from models.store.record import read, write
from models.store.trail.entries import entries
from models.tables.facts import ClinicFacts
from tests.support.builders import BY, NOW, SETTING, phq9_facts, record_patient
from tests.support.clinics import invented
from tests.support.pages import APP, SLOW, opened, press, ran, said, turned_to, type_in, widget
from tests.support.staff import Staff

LATER = NOW + timedelta(minutes=10)
Proves = Callable[[Role], str]


@pytest.fixture(name="proves")
def _proves(record: Engine, monkeypatch: pytest.MonkeyPatch) -> Proves:
    """Everybody signed in ten minutes ago; called for a role, its person proves who they are."""
    staff = Staff(record)
    hashes = {role: staff._signed_in(role) for role in Role}
    staff._sessions = hashes
    monkeypatch.setattr(identity, "session_hash", staff.session_hash)
    monkeypatch.setattr(data, "now", lambda: LATER)

    def proves(role: Role) -> str:
        prove_again(record, hashes[role], "code", address="::1", at=LATER)
        return hashes[role]

    return proves


def tab_left(app: AppTest) -> tuple[str, str]:
    """The page and the tab to which the proof, which is asked for here, leads back."""
    (link,) = [each.proto.url for each in app.get("link_button") if "/account/prove" in each.proto.url]
    back = urlsplit(parse_qs(urlsplit(link).query)["back"][0])
    return back.path, parse_qs(back.query)["tab"][0]


def come_back(page: Page, tab: str, role: Role) -> AppTest:
    """A tab that begins anew at the place somebody left."""
    app = AppTest.from_file(str(APP), default_timeout=SLOW)
    app.query_params["tab"] = tab
    app.session_state[KEY] = role
    return turned_to(page, app)


def asks(app: AppTest) -> bool:
    """Whether the page says that nothing was done."""
    return any("Nothing was done yet" in each.value for each in app.warning)


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("role", Role)
def test_every_right_of_every_role_with_a_proof_and_without(
    proves: Proves, monkeypatch: pytest.MonkeyPatch, role: Role, right: Right
) -> None:
    def used() -> str | type[Exception]:
        try:
            return acting(right)
        except (NotAllowedError, ProofNeededError) as refusal:
            return type(refusal)

    staff = identity.session_hash.__self__  # type: ignore[attr-defined]
    monkeypatch.setattr(identity, "session_hash", lambda: staff._sessions[role])
    allowed = role if may(role, right) else NotAllowedError
    assert used() == (ProofNeededError if may(role, right) and RULES[right].proof else allowed)
    proves(role)
    assert used() == allowed


def test_a_score_is_withdrawn_after_a_proof_and_the_reason_is_still_there(
    record: Engine, proves: Proves
) -> None:
    ruth = record_patient(record, "1043")
    write.record_assessment(record, phq9_facts(ruth, item_9=0), by=BY, at=NOW)
    page = press(opened(Page.PATIENT, patient_id=ruth), "Withdraw")
    page = press(type_in(page, "text_input", "why", "this is somebody else's"), "Withdraw", nth=-1)
    assert asks(page)
    assert read.record(record).assessments.height == 1
    where, tab = tab_left(page)
    assert where == "/patient"
    proves(Role.CLINICIAN)
    page = come_back(Page.PATIENT, tab, Role.CLINICIAN)
    assert widget(page, "text_input", "why").value == "this is somebody else's"
    assert not page.query_params
    page = press(page, "Withdraw", nth=-1)
    assert not asks(page)
    assert read.record(record).assessments.height == 0


def test_what_was_left_is_given_back_once_and_to_nobody_else(record: Engine, proves: Proves) -> None:
    app = opened(Page.PEOPLE, role=Role.ADMINISTRATOR)
    type_in(app, "text_input", "username", "bo")
    _, tab = tab_left(press_add(app))

    def typed(role: Role) -> object:
        page = come_back(HOMES[role], tab, role)
        found = [each for each in page.text_input if str(each.key).endswith(" username")]
        return found[0].value if found else None

    assert typed(Role.CLINICIAN) is None
    assert typed(Role.ADMINISTRATOR) == "bo"
    assert typed(Role.ADMINISTRATOR) == ""


def press_add(app: AppTest) -> AppTest:
    widget(app, "button_group", "role").set_value(Role.AUDITOR)
    type_in(app, "text_input", "name", "Bo Brown")
    return press(app, "Add")


def test_an_account_is_added_and_changed_after_a_proof_alone(record: Engine, proves: Proves) -> None:
    app = opened(Page.PEOPLE, role=Role.ADMINISTRATOR)
    type_in(app, "text_input", "username", "bo")
    app = press_add(app)
    assert asks(app)
    for label in ("New link", "Disable"):
        app = press(app, label)
        assert asks(app), label
    app.selectbox(key="role of clinician").set_value(Role.AUDITOR)
    app = press(ran(app), "Give this role")
    assert asks(app)
    before = {each.username: (each.role, each.active) for each in accounts(record)}
    assert before == {role: (role, True) for role in Role}
    proves(Role.ADMINISTRATOR)
    app = press(ran(app), "Give this role")
    assert not asks(app)
    press(app, "Add")
    after = {each.username: each.role for each in accounts(record)}
    assert (after["clinician"], after["bo"]) == (Role.AUDITOR, Role.AUDITOR)
    told = [(entry.by, entry.action, entry.address) for entry in entries(record)[:3]]
    assert told == [
        ("administrator", "make setup link", "::1"),
        ("administrator", "add account", "::1"),
        ("administrator", "change account", "::1"),
    ]


def test_the_way_to_break_the_glass_leads_back_to_this_tab_with_what_was_typed(record: Engine) -> None:
    app = opened(Page.SETTINGS, role=Role.MANAGER)
    app = type_in(app, "text_input", "name", "North Clinic")
    (way,) = [each.proto.url for each in app.get("link_button") if each.proto.label == "Break the glass"]
    place, tab = way.removeprefix(GLASS).split("?tab=")
    assert place == "/settings"
    session = identity.session_hash.__self__._sessions[Role.MANAGER]  # type: ignore[attr-defined]
    break_glass(record, session, "somebody was taken ill", at=NOW)
    app = come_back(Page.SETTINGS, tab, Role.MANAGER)
    assert widget(app, "text_input", "name").value == "North Clinic"
    assert "The glass is broken: you see names and scores until 13:00." in said(app)
    assert not [each for each in app.get("link_button") if each.proto.label == "Break the glass"]


def test_a_list_of_courses_leads_to_the_proof_first_and_the_question_is_kept(
    record: Engine, proves: Proves
) -> None:
    invented(record, 60)
    app = opened(Page.CLAIM)
    app.session_state["roll"] = True
    app.session_state["question-outcome"] = "remission"
    app = ran(app)
    where, tab = tab_left(app)
    assert where == "/claim"
    proves(Role.CLINICIAN)
    app = come_back(Page.CLAIM, tab, Role.CLINICIAN)
    (link,) = [each.proto for each in app.get("link_button") if each.proto.label == "Download this list"]
    assert link.url.startswith(f"{PATH}/")
    assert "remission" in app.title[0].value


def test_in_the_demo_one_comes_back_as_whom_one_looked(
    record: Engine, proves: Proves, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = identity.session_hash.__self__._sessions[Role.CLINICIAN]  # type: ignore[attr-defined]
    monkeypatch.setattr(identity, "session_hash", lambda: visitor)
    write.save_clinic(record, ClinicFacts.check({"demo": True}, SETTING), by=BY, at=NOW)
    _, tab = tab_left(opened(Page.TRAIL, role=Role.AUDITOR))
    app = AppTest.from_file(str(APP), default_timeout=SLOW)
    app.query_params["tab"] = tab
    assert ran(app).title[0].value == "Who did what"


def test_numbers_without_people_ask_for_none(record: Engine, proves: Proves) -> None:
    invented(record, 60)
    app = opened(Page.CLAIM, role=Role.MANAGER)
    app.session_state["numbers-The numbers behind these charts"] = True
    links = {each.proto.label: each.proto.url for each in ran(app).get("link_button")}
    assert links["Download these numbers"].startswith(f"{PATH}/")


def test_a_proof_of_a_moment_that_is_still_to_come_is_none(
    proves: Proves, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = proves(Role.CLINICIAN)
    assert identity.viewer_of(hashed, None).is_proved
    monkeypatch.setattr(data, "now", lambda: LATER - timedelta(minutes=5))
    assert not identity.viewer_of(hashed, None).is_proved
