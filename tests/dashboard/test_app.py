"""What stands on every page: the role and its pages, the demo line, the alerts, the question."""

import logging
import re

import pytest
from markdown_it import MarkdownIt
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import door, server
from dashboard.app import ENTRIES, HOMES
from dashboard.components.page.away import KEPT
from dashboard.components.page.pages import Page
from dashboard.components.page.plain import plain
from dashboard.faults import AWAY, UNSURE
from models.access.roles import Role, may
from models.store.engine.database import writing
from models.store.record import read, write
from models.tables.facts import ClinicFacts
from tests.support.builders import BY, NOW, SETTING, phq9_facts, record_patient
from tests.support.pages import (
    APP,
    SLOW,
    errors,
    opened,
    press,
    ran,
    said,
    said_in_dialog,
    turned_to,
    type_in,
)

EXPECTED = {
    Role.CLINICIAN: {Page.RECORD, Page.PATIENT, Page.CLINIC, Page.CLAIM, Page.METHODS, Page.IMPORT},
    Role.MANAGER: {Page.CLINIC, Page.CLAIM, Page.WAYS, Page.WORDS, Page.METHODS, Page.SETTINGS},
    Role.ADMINISTRATOR: {Page.METHODS, Page.SETTINGS, Page.PEOPLE, Page.IMPORT},
    Role.AUDITOR: {Page.CLINIC, Page.CLAIM, Page.METHODS, Page.TRAIL},
}


def entries_of(role: Role) -> set[Page]:
    return {entry.page for entry in ENTRIES if any(may(role, right) for right in entry.rights)}


@pytest.mark.parametrize("role", Role)
def test_each_role_has_its_own_pages_and_its_home_is_one_of_them(role: Role) -> None:
    assert entries_of(role) == EXPECTED[role]
    assert HOMES[role] in entries_of(role)


@pytest.mark.parametrize("page", Page)
@pytest.mark.parametrize("role", Role)
def test_every_page_is_drawn_for_those_whose_it_is_and_for_nobody_else(
    record: Engine, role: Role, page: Page
) -> None:
    drawn = opened(page, role=role)
    title = [each.value for each in drawn.title]
    home = [each.value for each in opened(HOMES[role], role=role).title]
    assert title
    assert "This page is for" not in said(drawn)
    told = [each.value for each in drawn.info if each.value.startswith("The page ")]
    if page in EXPECTED[role]:
        assert not told
    else:
        assert title == home
        theirs = sorted(each.shown.lower() for each in Role if page in EXPECTED[each])
        named, you = page.replace("-", " ").capitalize(), role.shown.lower()
        shown = HOMES[role].replace("-", " ").capitalize()
        assert told == [
            f"The page *{named}* is for: {', '.join(theirs)}. Your role is {you}; this is *{shown}*."
        ]


def test_whose_the_page_is_stands_until_another_page_is_opened(record: Engine) -> None:
    page = opened(Page.PATIENT, role=Role.MANAGER)
    assert "The page *Patient* is for: clinician." in said(ran(page))
    assert "The page *Patient*" not in said(turned_to(Page.CLINIC, page))
    assert "The page *Patient*" not in said(turned_to(Page.CLAIM, page))


def test_a_home_by_its_own_name_is_opened_without_a_word(record: Engine) -> None:
    page = opened(Page.METHODS, role=Role.MANAGER)
    page._page_hash = calc_hash(Page.CLAIM)
    assert "The page " not in said(ran(page))


def test_an_address_without_a_page_opens_the_home_of_the_role(record: Engine) -> None:
    app = AppTest.from_file(str(APP), default_timeout=SLOW)
    assert ran(app).title[0].value == "Add the first patient"


def test_another_role_is_taken_to_its_own_home(record: Engine) -> None:
    write.save_clinic(record, ClinicFacts.check({"demo": True}, SETTING), by=BY, at=NOW)
    page = opened(Page.RECORD)
    page.sidebar.selectbox(key="role").select(Role.MANAGER)
    assert "Add the first patient" not in said(ran(page))


def test_a_page_of_another_role_refuses_in_words_however_it_was_reached(record: Engine) -> None:
    assert "Who is it?" not in said(opened(Page.RECORD, role=Role.MANAGER))


def test_every_page_of_a_demo_says_that_its_patients_are_invented(record: Engine) -> None:
    write.save_clinic(record, ClinicFacts.check({"demo": True}, SETTING), by=BY, at=NOW)
    for entry in ENTRIES:
        role = next(role for role in Role if entry.page in EXPECTED[role])
        page = opened(entry.page, role=role)
        told = f":material/science: Demo clinic, signed in as {role.shown}. Every patient here is invented."
        assert page.caption[0].value == told


def test_a_real_clinic_is_not_called_a_demo(record: Engine) -> None:
    assert "invented" not in said(opened(Page.RECORD))


def test_open_alerts_stand_on_every_page_of_a_clinician_and_on_none_of_a_manager(record: Engine) -> None:
    ruth = record_patient(record, "1043", given_name="Ruth", family_name="Adler")
    write.record_assessment(record, phq9_facts(ruth, item_9=2, day=150), by=BY, at=NOW)
    for page in entries_of(Role.CLINICIAN):
        words = errors(opened(page))[0].replace("\\", "")
        counted, _, newest = words.partition("** ")
        assert counted == "**1 last answer about suicide raised an alert."
        assert newest == "Adler, Ruth, PHQ-9 question 9: 2, more than half the days; yesterday."
    for page in entries_of(Role.MANAGER):
        assert "Adler" not in said(opened(page, role=Role.MANAGER))


def test_a_later_answer_takes_the_place_of_an_earlier_alert(record: Engine) -> None:
    ruth = record_patient(record)
    for day, item_9 in ((140, 2), (145, None), (150, 0)):
        write.record_assessment(record, phq9_facts(ruth, item_9=item_9, day=day), by=BY, at=NOW)
    assert not errors(opened(Page.RECORD))


def test_what_is_counted_is_the_last_answer_on_each_scale_and_not_every_alert(record: Engine) -> None:
    ruth = record_patient(record)
    for day in (20, 60, 100):
        write.record_assessment(record, phq9_facts(ruth, item_9=1, day=day), by=BY, at=NOW)
    words = errors(opened(Page.RECORD))[0]
    assert words.startswith("**1 last answer about suicide raised an alert.**")


def test_new_alerts_are_told_apart_from_old_ones_and_each_leads_to_its_patient(record: Engine) -> None:
    for mrn, name, day in (("1", "Adler", 20), ("2", "Bakke", 149), ("3", "Castillo", 150)):
        one = record_patient(record, mrn, family_name=name)
        write.record_assessment(record, phq9_facts(one, item_9=3, day=day), by=BY, at=NOW)
    page = opened(Page.RECORD)
    counted, _, newest = errors(page)[0].replace("\\", "").partition("** ")
    assert counted == "**3 last answers about suicide raised an alert, 2 in the last week."
    assert newest.startswith("Castillo, PHQ-9 question 9: 3, nearly every day; yesterday")
    page = press(page, "See all")
    assert "Each patient's last answer about suicide on each scale" in said_in_dialog(page)
    labels = [button.label for button in page.button if "question 9" in button.label]
    assert [name in label for name, label in zip(("Castillo", "Bakke", "Adler"), labels, strict=True)] == (
        [True] * 3
    )
    page = press(page, labels[1])
    assert page.title[0].value == "Bakke"


def test_the_question_stands_beside_pages_that_answer_and_nowhere_else(record: Engine) -> None:
    answering = opened(Page.METHODS)
    assert any(box.key == "question-outcome" for box in answering.sidebar.selectbox)
    elsewhere = turned_to(Page.RECORD, answering)
    assert not any(box.key == "question-outcome" for box in elsewhere.sidebar.selectbox)


def test_a_page_that_nobody_opened_a_record_for_says_how_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door._Door, "engine", None)
    page = ran(AppTest.from_file(str(APP), default_timeout=SLOW))
    assert page.title[0].value == "Seventy was not started this way"
    assert "seventy serve" in page.markdown[0].value


def test_what_another_process_stored_is_on_the_next_page(record: Engine) -> None:
    page = opened(Page.PATIENT)
    assert page.title[0].value == "No patients yet"
    record_patient(record)
    assert ran(page).title[0].value == "Whose course?"


def test_a_fault_gives_a_reference_and_tells_the_log_where_but_not_of_whom(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.ERROR, logger="seventy")
    with pytest.raises(ValueError, match="Ruth Adler") as fault:
        int("Ruth Adler")
    assert server.show_fault(fault.value) is True
    assert "ValueError at test_app.py" in caplog.text
    assert "Adler" not in caplog.text


@pytest.mark.parametrize(
    ("kind", "words"),
    [("UnsureError", UNSURE), ("StoreError", AWAY), ("WrongVersionError", "no such table: item_score.")],
)
def test_a_record_that_cannot_be_reached_is_said_in_our_words_and_what_was_typed_is_kept(
    kind: str, words: str
) -> None:
    def fails(kind: str) -> None:
        from dashboard.server import show_fault  # noqa: PLC0415 - a script of its own
        from models.store.engine import errors  # noqa: PLC0415

        fault = getattr(errors, kind)
        assert show_fault(fault() if kind == "UnsureError" else fault("no such table: item_score."))

    page = ran(AppTest.from_function(fails, kwargs={"kind": kind}))
    assert re.fullmatch(rf"{re.escape(words)} Reference [0-9A-F]{{4}}\.", page.error[0].value)
    assert page.caption[0].value == KEPT
    assert not ran(page).exception


def test_a_record_that_another_version_took_over_is_shown_and_changed_no_more(record: Engine) -> None:
    page = type_in(press(opened(Page.RECORD), "New patient"), "text_input", "mrn", "1043")
    with writing(record) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(AssertionError, match="Another version of Seventy has taken this record over"):
        press(page, "Add")
    assert read.record(record).everyone.is_empty()


SAID_AS_IT_IS = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@pytest.mark.parametrize(
    "text",
    [
        *("![](http://a.b/c.png)", "[x](javascript:alert)", "**b** _i_ `c`", "~~x~~", "<b>&amp;", "<i>"),
        *("# x", "> x", "- x", "+ x", "12. x", "3) x", "===", "---", "|x|", "\\", "Dr. O'Roe (a+b)!"),
        *(":red[x] :material/home:", ":wave:", "a -> b", "--", "www.e.example", "a@e.example", "$x$"),
    ],
)
def test_stored_text_is_said_as_it_is_alone_in_a_line_and_under_another(text: str) -> None:
    for before in ("", "x  \n", "x\n\n"):
        (paragraph,) = [part for part in SAID_AS_IT_IS.parse(before + plain(text)) if part.children][-1:]
        said = "".join(part.content or "\n" for part in paragraph.children or ())
        assert paragraph.level == 1
        assert said.replace("\u2060", "").removeprefix("x\n") == text


def test_stored_text_keeps_its_dashes_points_and_brackets_for_whoever_hears_them_read() -> None:
    for text in ("PHQ-9 (14 days), Dr. O'Roe!", "1980-05-04", "50\u00a0%"):
        assert plain(text) == text
