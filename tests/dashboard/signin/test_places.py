"""Which addresses the app has a page at, and what is said at any other."""

import pytest
from sqlalchemy import Engine

from dashboard.components.page.pages import Page
from tests.support.way_in import WayIn


@pytest.mark.parametrize("name", ["home", *Page])
def test_every_page_there_is_is_the_apps(inside: WayIn, name: str) -> None:
    assert f"the app /{name} " in inside.page(f"/{name}").text
    answered = inside.page(f"/{name}/")
    assert (answered.status_code, answered.headers["location"]) == (303, f"/{name}")


@pytest.mark.parametrize(
    "path", ["/no-such-page", "/record/1", "/x/record", "/Record", "/auth/login", "/accounts", "/login/x"]
)
def test_a_page_nobody_knows_is_told_in_our_words_with_a_way_back(inside: WayIn, path: str) -> None:
    answered = inside.page(path)
    assert answered.status_code == 404
    assert "There is no such page" in answered.text
    assert '<a class="button" href="/">Back to the dashboard</a>' in answered.text
    assert path not in answered.text


def test_what_the_app_needs_of_itself_reaches_it_at_any_address(inside: WayIn) -> None:
    for path in ("/static/js/index.js", "/_stcore/health", "/media/1.png", "/component/x/index.html"):
        assert f"the app {path}" in inside.page(path).text
        assert f"the app {path}" in inside.browser.get(path).text
    assert "the app /favicon.png" in inside.browser.get("/favicon.png").text


def test_the_name_of_the_trails_command_leads_to_its_page(inside: WayIn) -> None:
    for path in ("/audit", "/audit/"):
        answered = inside.page(path)
        assert (answered.status_code, answered.headers["location"]) == (303, f"/{Page.TRAIL}")


@pytest.mark.parametrize("path", ["/no-such-page", "/audit"])
def test_which_pages_there_are_is_told_nobody_before_signing_in(sqlite_engine: Engine, path: str) -> None:
    answered = WayIn(sqlite_engine).page(path)
    assert (answered.status_code, answered.headers["location"]) == (303, "/login")
