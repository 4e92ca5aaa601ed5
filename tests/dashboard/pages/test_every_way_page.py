from sqlalchemy import Engine

from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from tests.support.clinics import invented
from tests.support.pages import opened, ran, said


def test_with_nobody_the_page_says_when_that_changes(record: Engine) -> None:
    assert "No one can be counted yet" in said(opened(Page.WAYS, role=Role.MANAGER))


def test_the_page_counts_every_way_and_says_that_the_share_is_no_test(record: Engine) -> None:
    invented(record, 60)
    page = opened(Page.WAYS, role=Role.MANAGER)
    words = said(page)
    assert "ways of counting reach 70\u00a0%" in words
    assert "it tests nothing" in words
    assert len(page.get("plotly_chart")) == 2


def test_pills_leave_only_what_they_name(record: Engine) -> None:
    invented(record, 60)
    page = opened(Page.WAYS, role=Role.MANAGER)
    assert "of 720 ways of counting reach 70\u00a0%" in said(page)
    page.button_group[0].set_value(["remission"])
    page.button_group[1].set_value(["d7"])
    ran(page)
    assert "No way of counting reaches 70\u00a0%" in said(page)


def test_a_clinician_has_no_such_page(record: Engine) -> None:
    assert not opened(Page.WAYS).get("plotly_chart")
