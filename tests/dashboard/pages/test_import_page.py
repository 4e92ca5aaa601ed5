"""The import page: what files are taken for, what is asked, what is shown first, and what is stored."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard import data, incoming
from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from dashboard.identity import KEY, NotAllowedError
from models.exchange.browser.sending import named
from models.exchange.sheets import opening
from models.exchange.sheets.confined import ConfinedSheet, open_confined
from models.exchange.sheets.limits import Limits
from models.store.record import read
from tests.support import staff
from tests.support.bringing import ROW, SCORES, answer, brought, chosen, counted, plain, questions, refused
from tests.support.builders import NOW, record_patient
from tests.support.pages import opened, press, ran, said, said_in_dialog
from tests.support.tampering import events

TWO = f"{SCORES}{ROW}2,phq9,2026-03-03,8\n"


def title(page: AppTest) -> str:
    return str(page.title[0].value)


@contextmanager
def outside_a_page(role: Role = Role.CLINICIAN) -> Iterator[None]:
    """Looking as that role where no page says so."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(staff, "session_state", {KEY: role})
        yield


def imports(engine: Engine) -> list[dict[str, Any]]:
    """What the events of imports tell."""
    return [json.loads(event.detail) for event in events(engine) if event.action == "import"]


def test_an_empty_page_says_what_is_read_and_in_which_zone(record: Engine) -> None:
    page = opened(Page.IMPORT)
    assert title(page) == "Bring past records in"
    assert page.table[0].value["Table"].to_list() == ["Patients", "Courses", "Infusions", "Assessments"]
    assert "read as the clinic's own, UTC" in plain(said(page))


def test_nothing_is_stored_before_somebody_says_so_and_then_exactly_what_was_seen(record: Engine) -> None:
    page = brought({"scores.csv": TWO})
    assert title(page) == "4 rows to store"
    assert "scores.csv taken for assessments: 2 rows, UTF-8, separated by commas" in plain(said(page))
    assert counted(page) == {"Patients": {"New": "2"}, "Assessments": {"New": "2"}}
    assert read.record(record).assessments.is_empty()
    page = press(page, "Store 4 rows")
    assert title(page) == "4 rows stored"
    assert counted(page) == {"Patients": {"New": "2"}, "Assessments": {"New": "2"}}
    assert read.record(record).assessments["total"].to_list() == [9, 8]
    assert title(press(page, "Bring more in")) == "Bring past records in"


def test_one_import_is_one_event_with_its_files_and_its_counts(record: Engine) -> None:
    press(brought({"scores.csv": TWO, "people.csv": "mrn,family_name\n1,Adler\n"}), "Store 4 rows")
    (told,) = imports(record)
    assert [file["name"] for file in told["files"]] == ["people.csv", "scores.csv"]
    assert told["tables"]["assessments"]["new"] == 2
    assert events(record)[-1].happened_by == "clinician"


def test_a_second_confirmation_of_the_same_stores_nothing_twice(record: Engine) -> None:
    page = brought({"scores.csv": TWO})
    chosen_files, seen = named([("scores.csv", TWO.encode())]), page.session_state["import seen"][1]
    with outside_a_page():
        first, second = (incoming.store(chosen_files, None, {}, seen=seen, key="k") for _ in range(2))
    assert first == second
    assert read.record(record).assessments.height == 2
    assert len(imports(record)) == 1


def test_what_changed_since_it_was_seen_is_shown_anew_and_nothing_is_stored(record: Engine) -> None:
    page = brought({"scores.csv": TWO})
    record_patient(record, "1")
    page = press(page, "Store 4 rows")
    assert "The record changed since you looked, and nothing was stored" in said(page)
    assert title(page) == "3 rows to store"
    assert read.record(record).assessments.is_empty()
    assert imports(record) == []
    assert title(press(page, "Store 3 rows")) == "3 rows stored"


def test_conflicts_are_told_in_the_words_of_the_command_line(record: Engine) -> None:
    record_patient(record, "1", birth_date=date(1980, 5, 4))
    page = brought({"p.csv": "mrn,birth_date\n1,1980-04-05\n"})
    assert (
        "p.csv, line 2: patient 1: birth_date is recorded as 1980-05-04, the file says 1980-04-05"
        in plain(said(page))
    )
    assert title(page) == "Nothing new"
    assert not [button for button in page.button if button.label.startswith("Store")]


def test_files_that_disagree_are_a_conflict_of_the_later_row(record: Engine) -> None:
    page = brought({"a.csv": f"{SCORES}{ROW}", "b.csv": f"{SCORES}1,phq9,2026-03-03,12\n"})
    assert counted(page)["Assessments"] == {"New": "1", "Conflicting": "1"}
    assert "b.csv, line 2: patient 1: total is recorded as 9, the file says 12" in plain(said(page))


def test_an_administrator_is_told_that_it_differs_and_never_what_is_recorded(record: Engine) -> None:
    record_patient(record, "1", family_name="Adler", birth_date=date(2005, 5, 4))
    files = {
        "p.csv": "mrn,family_name,birth_date\n1,Bakke,2005-04-05\n",
        "s.csv": f"{SCORES}1,phq9,2001-01-01,9\n1,phq9,2002-01-01,9\n",
        "d.csv": "mrn,started_on\n1,2005-02-02\n",
    }
    page = brought(files, role=Role.ADMINISTRATOR)
    words = plain(said(page)) + repr(refused(page))
    assert "patient 1: family_name is recorded as another value, the file says Bakke" in words
    assert "This cannot be, by what is recorded of this patient." in words
    assert "Adler" not in words
    assert "2005-05-04" not in words
    seen = page.session_state["import seen"][1]
    assert b"2005-05-04" not in b"".join(content for _, content in seen.refused)
    assert "2005-05-04" in plain(said(brought(files))) + repr(refused(brought(files)))


def test_an_administrator_imports_and_a_manager_may_not(record: Engine) -> None:
    assert title(press(brought({"s.csv": TWO}, role=Role.ADMINISTRATOR), "Store 4 rows")) == "4 rows stored"
    assert not opened(Page.IMPORT, role=Role.MANAGER).file_uploader
    with outside_a_page(Role.MANAGER), pytest.raises(NotAllowedError, match="may import files"):
        incoming.look(named([("s.csv", b"")]), None, {})


def test_alerts_are_told_before_and_after_with_the_crisis_text_first(record: Engine) -> None:
    page = brought({"s.csv": "mrn,scale,assessed_at,total,suicide_item\n1,phq9,2026-03-03,9,2\n"})
    assert "1 answer about suicide will raise an alert" in said(page)
    page = press(page, "Store 2 rows")
    assert any("1 answer about suicide raised an alert" in error.value for error in page.error)
    assert "1 answer about suicide raised an alert" in said_in_dialog(page)
    assert "988" in said_in_dialog(page)
    assert "Nobody watches this in real time." in said_in_dialog(page)
    page = press(page, "I have read this")
    assert "988" not in said_in_dialog(page)
    assert any("1 answer about suicide raised an alert" in error.value for error in page.error)
    assert read.record(record).assessments["suicide_item"].to_list() == [2]


def test_the_same_file_again_says_when_and_by_whom_it_was_imported(
    record: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(brought({"scores.csv": TWO}), "Store 4 rows")
    monkeypatch.setattr(data, "now", lambda: NOW + timedelta(days=2))
    page = brought({"again.csv": TWO}, role=Role.ADMINISTRATOR)
    assert title(page) == "Nothing new"
    assert "again.csv: this file was imported on 2026-06-01 at 12:00 by clinician: 0 new" in plain(said(page))
    other = brought({"other.csv": TWO + "3,phq9,2026-03-03,8\n"}, role=Role.ADMINISTRATOR)
    assert "imported on" not in said(other)


def test_foreign_headers_are_explained_and_read_with_a_mapping_file(record: Engine) -> None:
    wide = "Patient No,PHQ start,First infusion\n7,21,2026-01-05\n"
    page = brought({"registry.csv": wide})
    assert "registry.csv is not read: it has no header that an import knows: Patient No" in plain(said(page))
    assert "a mapping file says which is which" in said(page)
    assert 'columns = { mrn = "Patient No"' in page.code[0].value
    assert page.code[0].language == "plaintext"  # coloured, half of it could not be read on the light page
    mapping = (
        '[[table]]\nreads = "assessments"\ncolumns = { mrn = "Patient No" }\nconstants = { scale = "phq9" }\n'
        'day_0_column = "First infusion"\ntime_points = [{ day = 0, columns = { total = "PHQ start" } }]\n'
    )
    page = chosen(page, {"registry.csv": wide}, mapping=mapping)
    press(page, "Store 2 rows")
    assert read.record(record).assessments["total"].to_list() == [21]


@pytest.mark.parametrize(
    ("mapping", "why"),
    [
        ("[[table", "is not TOML in UTF-8"),
        ("x = " + "[" * 5_000, "is not TOML in UTF-8"),
        (f"x = {'9' * 5_000}", "is not TOML in UTF-8"),
        ('[[table]]\nreads = "doses"\n', "'patients', 'courses', 'infusions' or 'assessments'"),
        ('[[table]]\nreads = "patients"\ncolumns = { mrn = "No" }\n', "fits no file: s.csv has no No"),
    ],
)
def test_a_mapping_file_that_cannot_be_used_is_refused_in_words(
    record: Engine, mapping: str, why: str
) -> None:
    page = brought({"s.csv": TWO}, mapping=mapping)
    assert why in plain(said(page))
    assert title(page) == "Nothing could be read"
    assert not [button for button in page.button if button.label.startswith("Store")]


def test_a_question_is_asked_with_no_answer_chosen_and_stays_when_it_is_answered(record: Engine) -> None:
    page = brought({"p.csv": "mrn,birth_date\n1,03/04/1980\n2,13/04/1990\n"})
    assert title(page) == "A question first"
    assert [radio.value for radio in page.radio] == [None]
    assert not page.table
    page = answer(page, "p.csv has dates such as 03/04/1980", "Day first")
    assert title(page) == "2 rows to store"
    assert len(page.radio) == 1
    page = answer(page, "p.csv has dates", "None of these")
    assert counted(page) == {"Patients": {"Refused": "2"}}


def test_another_choice_of_files_asks_anew(record: Engine) -> None:
    page = answer(brought({"p.csv": "mrn,birth_date\n1,03/04/1980\n"}), "p.csv has dates", "Day first")
    page = chosen(page, {"s.csv": TWO})
    assert questions(page) == {}


def test_too_many_files_at_once_are_refused_in_words(record: Engine) -> None:
    page = brought({f"{number}.csv": TWO for number in range(21)})
    assert "21 files at once; at most 20 are taken." in said(page)


def test_a_reader_that_is_stopped_is_answered_in_words(
    record: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hurried(path: Path, limits: Limits, encoding: str | None) -> list[ConfinedSheet]:
        return open_confined(path, limits._replace(seconds=0.001), encoding)

    monkeypatch.setattr(opening, "open_confined", hurried)
    page = brought({"scores.csv": TWO})
    assert "scores.csv is not read: it takes more than 0.001 seconds or 1,000 MB of memory" in plain(
        said(page)
    )
    assert title(page) == "Nothing could be read"


def test_a_header_too_long_is_refused_in_a_sentence(record: Engine) -> None:
    page = brought({"scores.csv": f"{SCORES.strip()},{'x' * 2_000_000}\n"})
    assert "scores.csv is not read: the first line " in plain(said(page))


def test_nothing_of_a_file_is_left_on_the_disk(
    record: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, seen = tmp_path / "temporary", []
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    store = incoming.import_plan

    def watched(*arguments: Any, **options: Any) -> Any:
        seen.extend(folder.rglob("scores.csv"))
        return store(*arguments, **options)

    monkeypatch.setattr(incoming, "import_plan", watched)
    press(brought({"scores.csv": TWO}), "Store 4 rows")
    assert len(seen) == 2
    assert list(folder.iterdir()) == []


def test_a_names_markdown_is_text(record: Engine) -> None:
    page = brought(
        {"![x](http://a.b).csv": "a,b\n![y](http://a.b),1\n", "<b>.csv": f"{SCORES}<i>,phq9,x,1\n"}
    )
    for words in (*(each.value for each in page.markdown), *(each.value for each in page.warning)):
        assert "![" not in words


def test_it_is_led_to_from_an_empty_page(record: Engine) -> None:
    page = opened(Page.CLAIM)
    assert title(press(page, "Import past scores")) == "Bring past records in"
    assert ran(opened(Page.CLAIM, role=Role.MANAGER)).title
