"""The address at which the dashboard is asked, as browsers say it."""

import pytest
from sqlalchemy import Engine

from dashboard.server import Serving, settings_for
from dashboard.signin.address import Address, address_of
from models.access.keys import Keys
from tests.support.way_in import WayIn, ready_account


@pytest.mark.parametrize(
    ("host", "port", "names"),
    [
        ("127.0.0.1", 8080, {"127.0.0.1:8080", "localhost:8080"}),
        ("127.0.0.1", 80, {"127.0.0.1", "localhost"}),
        ("::1", 8501, {"[::1]:8501", "localhost:8501"}),
        ("::1", 80, {"[::1]", "localhost"}),
    ],
)
def test_a_server_on_this_machine_is_asked_by_the_names_browsers_send(
    sqlite_engine: Engine, host: str, port: int, names: set[str]
) -> None:
    assert Address.local(host, port).hosts == names
    assert address_of(host, port, None).removeprefix("http://") in names
    ready_account(sqlite_engine)
    way = WayIn(sqlite_engine, address=Address.local(host, port))
    assert way.sign_in().status_code == 303
    assert "the app /" in way.page("/").text
    with way.socket():
        pass


@pytest.mark.parametrize(
    ("serving", "allowed"),
    [
        (Serving("127.0.0.1", 80, Keys(bytes(32))), ["127.0.0.1", "localhost"]),
        (Serving("::1", 80, Keys(bytes(32))), ["::1", "localhost"]),
        (Serving("::1", 8501, Keys(bytes(32)), "https://[2001:db8::1]"), ["2001:db8::1", "::1"]),
        (Serving("127.0.0.1", 1, Keys(bytes(32)), "https://a.example:8443"), ["127.0.0.1", "a.example"]),
    ],
)
def test_streamlit_is_told_the_hosts_as_it_compares_them(serving: Serving, allowed: list[str]) -> None:
    assert settings_for(serving)["server.allowedHosts"] == allowed


@pytest.mark.parametrize("path", ["//claim", "//claim//"])
def test_a_page_has_one_address_and_no_other_server_is_led_to(sqlite_engine: Engine, path: str) -> None:
    ready_account(sqlite_engine)
    way = WayIn(sqlite_engine)
    way.sign_in()
    answered = way.page(f"{way.origin}{path}")
    assert (answered.status_code, answered.headers["location"]) == (303, "/claim")
    assert "the app /claim" in way.page("/claim").text
