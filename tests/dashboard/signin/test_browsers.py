"""A session is called by its browser as a person would call it, whatever the browser said of itself."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from dashboard.signin.browsers import browser_called
from models.access.roles import Role
from models.store.accounts.sessions import open_session
from tests.support.builders import NOW
from tests.support.way_in import WayIn, ready_account

KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
CHROME = f"{WINDOWS} {KIT} Chrome/141.0.0.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)"
IPAD = "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X)"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K)"


@pytest.mark.parametrize(
    ("agent", "called"),
    [
        (CHROME, "Chrome on Windows"),
        (f"{CHROME} Edg/141.0.0.0", "Edge on Windows"),
        (f"{IPHONE} {APPLE} Version/18.6 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (f"{IPHONE} {APPLE} CriOS/141.0.7390.41 Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
        (f"{IPHONE} {APPLE} FxiOS/143.0 Mobile/15E148 Safari/605.1.15", "Firefox on iPhone"),
        (f"{IPAD} {APPLE} Version/18.6 Mobile/15E148 Safari/604.1", "Safari on iPad"),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/18.6 Safari/605.1.15",
            "Safari on Mac",
        ),
        (f"{ANDROID} {KIT} Chrome/141.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        (
            f"{ANDROID} {KIT} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
            "Samsung Internet on Android",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0", "Firefox on Android"),
        ("curl/8.5", "curl"),
        ("a test", None),
        ("", None),
    ],
)
def test_browsers_go_by_the_names_people_know(agent: str, called: str | None) -> None:
    assert browser_called(agent) == called


@given(st.text(max_size=200))
def test_whatever_a_browser_says_it_is_called_something_or_nothing(agent: str) -> None:
    assert browser_called(agent) != ""


@pytest.fixture(name="page")
def _page(sqlite_engine: Engine) -> str:
    """My account, signed in on Chrome, and on two browsers that say something else."""
    account = ready_account(sqlite_engine, "ada", Role.CLINICIAN)
    way = WayIn(sqlite_engine)
    way.browser.headers["user-agent"] = CHROME
    way.sign_in()
    for agent in ('<script>alert("x")</script>', ""):
        open_session(sqlite_engine, account.id, proved_by="code", address="::1", browser=agent, at=NOW)
    return str(way.page("/account").text)


def test_the_page_says_the_name_and_keeps_what_the_browser_said(page: str) -> None:
    named = re.findall(r"<strong title=\"([^\"]*)\">([^<]+)</strong>", page)
    escaped = "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;"
    assert sorted(named) == [
        ("", "An unknown browser"),
        (escaped, "An unknown browser"),
        (CHROME, "This browser, Chrome on Windows"),
    ]
    assert f"It says it is: {escaped}" in page
    assert page.count("It says it is") == 1
    assert re.findall("<script.*?>", page) == ['<script src="/signin/once.js">']


def test_the_demo_calls_its_visitors_browsers_as_everywhere(sqlite_engine: Engine) -> None:
    way = WayIn(sqlite_engine, visitor=ready_account(sqlite_engine, "demo").id)
    way.page("/", **{"user-agent": CHROME})
    assert "This browser, Chrome on Windows" in way.page("/account").text
