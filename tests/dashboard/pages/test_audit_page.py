"""The auditor's page, by itself: the verdict, the filters, the lines, and the file."""

import csv
import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard import data, trail
from dashboard.charts.words import on
from dashboard.components.administration import trail_card
from dashboard.components.page.role import Right
from dashboard.views import audit
from models.store.accounts.account_events import credentials_told
from models.store.audit.events import Event, note
from models.store.record import write
from models.store.trail.entries import Wanted, entries
from tests.support.builders import BY, NOW, after, patient_facts, phq9_facts
from tests.support.pages import SLOW, said
from tests.support.tampering import events, tamper

NOON = f"{on(NOW.date())} at 12:00"


def page() -> AppTest:
    def script() -> None:
        from dashboard.views.audit import show  # noqa: PLC0415 - the script stands for a page of its own

        show()

    app = AppTest.from_function(script, default_timeout=SLOW)
    app.run()
    assert not app.exception, app.exception[0].message
    return app


@pytest.fixture(autouse=True)
def _as_the_auditor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without signing in, which is an event itself."""
    monkeypatch.setattr(audit, "need", lambda *_: None)
    monkeypatch.setattr(audit, "offer_trail", lambda _: None)
    monkeypatch.setattr(audit, "show_broken_glass", lambda: None)
    monkeypatch.setattr(trail_card, "note_list", lambda *_: None)


@pytest.fixture(name="recorded")
def _recorded(record: Engine) -> Engine:
    """Events 4 to 6: a patient, a score and its correction; 7, of long ago no more, a reading."""
    write.record_patient(record, patient_facts("A1"), by=BY, at=NOW)
    write.record_assessment(record, phq9_facts(1, item_9=1), by="Dr *Doe*", at=NOW)
    write.correct_assessment(record, 1, phq9_facts(1, item_9=3), by=BY, at=NOW, why="misread")
    note(record, Event("read", "patient 1", 1, "10.0.0.7"), by=BY, at=after(1))
    return record


def lines(app: AppTest) -> list[int]:
    return [int(number) for number in app.dataframe[0].value["No."]]


def test_it_says_that_all_is_well_and_shows_the_newest_first(recorded: Engine) -> None:
    app = page()
    assert app.info[0].value == (
        f"All is as it was recorded, checked on {NOON}: 7 events, and every row they tell of."
    )
    assert lines(app) == [7, 6, 5, 4, 3, 2, 1]
    first = app.dataframe[0].value.iloc[0]
    assert (first["Who"], first["Did"], first["Patient"], first["From"]) == (BY, "read", "A1", "10.0.0.7")
    changed = app.dataframe[0].value.iloc[1]["What"]
    assert changed == "item 9 1 → 3; suicide item 1 → 3; total 9 → 11; reason: misread"


def test_it_names_what_was_changed_behind_the_rules(recorded: Engine) -> None:
    tamper(recorded, "UPDATE assessment SET total = 1 WHERE id = 1")
    app = page()
    assert not app.info
    assert f"Not everything is as it was recorded, checked on {NOON}." in app.error[0].value
    assert "Assessment 1\\: recorded by Dr \\*Doe\\* on 2026" in app.error[0].value


def test_a_check_grows_old_as_events_come_until_it_is_made_again(
    recorded: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = page()
    was = f"All was as it was recorded on {NOON}: 7 events, and every row they tell of."
    for number, came in ((1, "1 event came since and is"), (2, "2 events came since and are")):
        note(recorded, Event("read", "patient 1", 1), by=BY, at=after(number))
        app.run()
        assert len(app.info) == 1
        assert app.info[0].value == f"{was} {came} not checked yet."
    monkeypatch.setattr(data, "now", lambda: after(65))
    app.button(key="audit-check").click().run()
    assert app.info[0].value == (
        f"All is as it was recorded, checked on {on(NOW.date())} at 13:05: "
        "9 events, and every row they tell of."
    )


def test_a_check_is_dated_in_the_clinics_zone(recorded: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "zone", lambda: ZoneInfo("Pacific/Auckland"))
    assert f"checked on {on(after(24 * 60).date())} at 00:00:" in page().info[0].value


def test_it_is_narrowed_to_a_person_an_action_a_patient(recorded: Engine) -> None:
    app = page()
    app.selectbox(key="audit-by").set_value("Dr *Doe*").run()
    assert lines(app) == [5]
    app.selectbox(key="audit-by").set_value("Everybody")
    app.selectbox(key="audit-action").set_value("correct").run()
    assert lines(app) == [6]
    app.text_input(key="audit-patient").set_value("no such number").run()
    assert "No patient has the number" in app.warning[0].value
    assert not app.exception


def test_a_clinic_day_is_a_day_of_the_clinics_zone(recorded: Engine) -> None:
    app = page()
    app.date_input(key="audit-last").set_value(after(-24 * 60).date()).run()
    assert "Nothing was done" in said(app)


def test_an_event_is_shown_in_full_with_its_names_as_text(recorded: Engine) -> None:
    def script() -> None:
        from dashboard import data  # noqa: PLC0415 - the script stands for a page of its own
        from dashboard.components.administration.trail_card import show_whole  # noqa: PLC0415
        from models.store.trail.entries import entries  # noqa: PLC0415

        show_whole(next(entry for entry in entries(data.engine()) if entry.number == 5))

    app = AppTest.from_function(script).run()
    assert not app.exception
    assert app.markdown[0].value.startswith("**Event 5**: record assessment 1 by Dr \\*Doe\\*, 2026-06-01 ")
    kept = json.loads(app.json[0].value)
    assert kept["after"]["assessment 1"]["total"] == 9
    rows = app.dataframe[0].value.set_index("").loc[["item 9", "total"]]
    assert rows.to_dict("list") == {"before": ["", ""], "after": ["1", "9"]}


def test_an_event_that_was_made_nonsense_is_shown_as_it_stands(recorded: Engine) -> None:
    def script() -> None:
        from dashboard import data  # noqa: PLC0415 - the script stands for a page of its own
        from dashboard.components.administration.trail_card import show_whole  # noqa: PLC0415
        from models.store.trail.entries import entries  # noqa: PLC0415

        show_whole(next(entry for entry in entries(data.engine()) if entry.number == 5))

    tamper(recorded, "UPDATE audit_event SET detail = '*nonsense*' WHERE id = 5")
    assert "*nonsense*" in list(page().dataframe[0].value["What"])
    app = AppTest.from_function(script).run()
    assert not app.exception
    assert app.code[0].value == "*nonsense*"


def test_bytes_that_are_no_text_are_shown_with_the_rest(recorded: Engine) -> None:
    tamper(recorded, "UPDATE audit_event SET happened_by = CAST(x'ff41' AS TEXT) WHERE id = 5",
           "UPDATE patient SET given_name = CAST(x'ff41' AS TEXT)")  # fmt: skip
    app = page()
    assert "\ufffdA" in list(app.dataframe[0].value["Who"])
    assert "\ufffdA" in app.selectbox(key="audit-by").options


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ('{"after": 5}', ""),
        ('{"after": {"patient 1": [7]}}', ""),
        ('{"before": {"score 1": {"items": 3}}}', "items 3"),
    ],
)
def test_of_a_change_that_was_made_nonsense_is_said_what_makes_sense(detail: str, words: str) -> None:
    assert trail.said(detail) == words


def test_looking_is_no_event(recorded: Engine) -> None:
    page()
    assert events(recorded)[-1].action == "read"


def test_the_file_holds_all_that_is_asked_for_and_is_told_once_it_is_taken(
    recorded: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[Any] = []
    monkeypatch.setattr(trail_card, "offer_file", lambda _, file, **__: offered.append(file))
    trail_card.offer_trail(Wanted(by=BY))
    (file,) = offered
    assert events(recorded)[-1].action == "read"
    content, event = file.make()
    rows = csv.DictReader(content.decode("utf-8-sig").splitlines())
    assert [row["action"] for row in rows][-2:] == ["correct", "read"]
    assert (event.action, event.detail["by"], file.rights) == ("export_audit", BY, (Right.TAKE, Right.AUDIT))


def test_a_detail_that_is_long_is_cut_and_one_without_change_is_flat(recorded: Engine) -> None:
    by_number = {entry.number: trail.said(entry.detail) for entry in entries(recorded)}
    assert by_number[4] == "clinic id 1; mrn A1; part2 no"
    assert trail.said('{"after": {"infusion 1": {"minutes": 0}}}') == "minutes 0"
    assert len(by_number[5]) <= trail.SHOWN
    assert by_number[7] == ""


def test_digests_are_for_the_check_and_not_said(record: Engine) -> None:
    told = credentials_told(1, {"link_digests": []}, {"link_digests": [("issuer", "subject")]})
    note(record, Event("use recovery code", "account 1", detail={"codes left": 2, **told}), by=BY, at=NOW)
    assert trail.said(entries(record)[0].detail) == "codes left: 2"
