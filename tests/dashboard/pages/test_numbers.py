import csv
import io

import pytest
from sqlalchemy import Engine

from dashboard import identity
from dashboard.components.page.numbers import csv_of
from dashboard.components.page.pages import Page
from dashboard.shelf import SHELF, Held
from models.access.roles import Right, Role
from models.store.accounts.sessions import break_glass
from tests.support.builders import NOW
from tests.support.clinics import invented
from tests.support.pages import opened, ran


def test_the_file_keeps_numbers_whole_and_quotes_what_needs_it() -> None:
    written = csv_of([{"row": "Responded, all", "rate": 71 / 168}, {"row": "=1", "rate": None}])
    rows = list(csv.DictReader(io.StringIO(written.decode())))
    assert rows[0] == {"row": "Responded, all", "rate": "0.4226190476190476"}
    assert rows[1] == {"row": "'=1", "rate": ""}
    assert csv_of([{"row": "all", "change": -5}]) == b'"row","change"\r\n"all",-5\r\n'


def test_no_rows_make_an_empty_file() -> None:
    assert csv_of([]).strip() == b""


def test_numbers_of_single_people_drawn_behind_a_broken_glass_are_taken_by_nobody_once_it_is_whole(
    record: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed: list[tuple[Right, ...]] = []

    def held(one: Held, **_: object) -> str:
        needed.append(one.file.rights)
        return "token"

    monkeypatch.setattr(SHELF, "hold", held)
    invented(record, 60)
    app = opened(Page.CLAIM, role=Role.MANAGER)
    app.session_state["numbers-The numbers behind these charts"] = True
    ran(app)
    session = identity.session_hash.__self__._sessions[Role.MANAGER]  # type: ignore[attr-defined]
    break_glass(record, session, "somebody was taken ill", at=NOW)
    ran(app)
    assert needed == [(Right.RATES,), (Right.RATES, Right.PATIENTS)]
