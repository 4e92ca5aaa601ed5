"""The refused rows on the import page: why each is, and what may be taken away to mend."""

from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.components.files import file_refused
from models.access.roles import Right
from tests.support.bringing import ROW, SCORES, brought, counted, plain, refused
from tests.support.pages import press, ran, said


def test_refused_rows_are_listed_and_the_others_stored(record: Engine) -> None:
    page = brought({"scores.csv": f"{SCORES}{ROW}2,phq9,2026-03-03,99\n"})
    assert refused(page) == ["line 3, total: PHQ-9 runs from 0 to 27; got 99"]
    assert said(page).index("**scores.csv**\n") < said(page).index("line 3, total")
    page = press(page, "Store 2 rows")
    assert counted(page)["Assessments"] == {"New": "1", "Refused": "1"}


def test_of_many_reasons_twenty_are_listed_and_all_once_they_are_asked_for(record: Engine) -> None:
    page = brought({"scores.csv": SCORES + "1,phq9,2026-03-03,99\n" * 21})
    assert len(refused(page)) == 20
    assert "Why, and what is allowed" not in {column for table in page.table for column in table.value}
    page.session_state["import-refused"] = True
    (every,) = [table.value for table in ran(page).table if "Where" in table.value]
    assert len(every) == 21
    assert [plain(cell) for cell in every.iloc[-1]] == [
        "scores.csv, line 22, total",
        "PHQ-9 runs from 0 to 27; got 99",
    ]


def test_refused_rows_are_taken_away_without_formulas(
    record: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: dict[str, Any] = {}
    monkeypatch.setattr(file_refused, "offer_file", lambda _, file, **__: offered.update({file.name: file}))
    brought({"scores.csv": f"{SCORES}=1+1,phq9,2026-03-03,99\n"})
    made = [file.make() for file in offered.values()]
    taken = {name: one.content.decode("utf-8-sig") for name, one in zip(offered, made, strict=True)}
    assert taken["refused.csv"].splitlines()[1].startswith("'=1+1,phq9,2026-03-03,99,")
    assert "'=1+1" not in taken["refused-list.csv"]
    assert [row for row in taken["refused-list.csv"].splitlines() if "99" in row]
    assert [one.event.subject for one in made] == ["refused rows of an import"] * 2
    assert {file.rights for file in offered.values()} == {(Right.FILES,)}
