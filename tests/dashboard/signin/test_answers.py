"""What every answer carries, and the answers the gate gives in place of the app."""

import json

import pytest
from streamlit.web.server.starlette.starlette_routes import create_host_config_routes

from dashboard.signin.answers import HOST_CONFIG_PATH
from tests.support.way_in import HOST, WayIn


@pytest.mark.parametrize("path", ["/", "/login", "/anything", "/_stcore/health"])
def test_every_answer_says_what_the_browser_may_do(outside: WayIn, path: str) -> None:
    for host in (HOST, "evil.example"):
        headers = outside.browser.get(path, headers={"host": host}).headers
        assert "script-src 'self';" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_the_browser_is_told_of_no_other_host_and_of_no_full_screen(inside: WayIn) -> None:
    answered = inside.browser.get(HOST_CONFIG_PATH)
    told = json.loads(answered.text)
    assert (told["allowedOrigins"], told["disableFullscreenMode"]) == ([], True)
    assert answered.headers["content-type"] == "application/json"


def test_streamlit_asks_for_what_the_gate_answers_in_its_place() -> None:
    (route,) = create_host_config_routes(None)
    assert route.path == HOST_CONFIG_PATH


def test_a_refusal_is_kept_by_no_browser_whatever_was_asked_for(outside: WayIn) -> None:
    answered = outside.browser.get("/static/js/index.js")
    assert (answered.status_code, answered.headers["cache-control"]) == (401, "no-store")
