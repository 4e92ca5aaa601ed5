"""What the missing could do, on the page: the slider moves one row and no verdict."""

from sqlalchemy import Engine

from dashboard.components.page.pages import Page
from tests.support.clinics import invented
from tests.support.pages import opened, ran


def test_the_odds_of_the_unseen_move_one_row_and_no_verdict(record: Engine) -> None:
    invented(record, 120)
    page = opened(Page.CLAIM)
    page.session_state["numbers-The numbers behind these charts"] = True
    ran(page)
    title, before = page.title[0].value, _unseen(page)
    page.slider(key="odds of the unseen").set_value(0.0)
    ran(page)
    after = _unseen(page)
    assert page.title[0].value == title
    (moved,) = (place for place, rate in enumerate(before) if rate != after[place])
    assert "estimated" in before[moved]
    assert after[moved].split("%")[0] == after[0].split("%")[0]  # at odds of 0 none of them did


def _unseen(page: object) -> list[str]:
    tables = [table.value for table in page.table]  # type: ignore[attr-defined]
    return next(list(each["Rate"]) for each in tables if "The unseen" in each)
