"""The facts about the pinned Streamlit that the product rests on: an upgrade that changes one fails here."""

import inspect
from importlib.metadata import version
from pathlib import Path

import pytest
import streamlit
from starlette.datastructures import Headers
from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import memory_media_file_storage
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest
from streamlit.web.server import server_util
from streamlit.web.server.starlette import starlette_app, starlette_websocket
from streamlit.web.server.starlette.starlette_routes import create_host_config_routes

from dashboard.server import SETTINGS
from dashboard.signin.answers import ASSETS, HOST_CONFIG_PATH, INLINE
from dashboard.signin.gate import CLOSED_PATHS, OWN_PATHS, SESSION_HEADER


def test_it_is_the_version_whose_facts_were_measured() -> None:
    assert version("streamlit").startswith("1.67.")


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_every_setting_we_start_with_is_known(name: str) -> None:
    assert name in config.get_config_options()


def test_a_header_of_the_gate_reaches_the_page_as_who_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "get_option", lambda _name: {SESSION_HEADER: "session"})
    told = starlette_websocket.gather_user_info(Headers({SESSION_HEADER: "abc", "x-other": "no"}))
    assert told == {"session": "abc"}


def test_without_the_header_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "get_option", lambda _name: {SESSION_HEADER: "session"})
    assert starlette_websocket.gather_user_info(Headers({})) == {"session": None}


def test_a_page_that_runs_by_itself_is_told_from_a_person() -> None:
    rerun = BackMsg().rerun_script
    assert rerun.is_auto_rerun is False
    assert "rerun_script" in BackMsg.DESCRIPTOR.oneofs_by_name["type"].containing_type.fields_by_name


def test_garbage_is_collected_after_every_run_of_a_page() -> None:
    """Why the server leaves what stays for good out of it (`leave_to_stay`)."""
    assert "gc.collect(2)" in inspect.getsource(script_runner.ScriptRunner)


def test_our_middleware_stands_in_front_of_everything() -> None:
    asked = inspect.signature(starlette_app.App.__init__).parameters
    assert {"middleware", "lifespan", "on_script_error"} <= set(asked)


def test_what_the_gate_answers_in_its_place_is_where_streamlit_has_it() -> None:
    (route,) = create_host_config_routes(None)
    assert route.path == HOST_CONFIG_PATH


def test_no_path_of_ours_is_one_of_streamlits() -> None:
    theirs = ("/_stcore/", "/media/", "/component/", ASSETS)
    assert not [path for path in OWN_PATHS if path.startswith(theirs)]
    assert all(path.startswith("/_stcore/") for path in CLOSED_PATHS)


def test_the_first_page_has_a_head_to_put_our_script_into() -> None:
    index = Path(streamlit.__file__).parent / "static" / "index.html"
    assert index.read_text("utf-8").count("<head>") == 1


def test_the_first_page_has_one_script_of_its_own_and_the_gate_takes_it_out() -> None:
    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()
    assert [b"prerenderReady" in script for script in INLINE.findall(index)] == [True]


@pytest.mark.parametrize("start", [None, 1])
@pytest.mark.parametrize("sent", [99, -5])
def test_a_number_off_its_range_silently_becomes_what_its_field_starts_with(
    start: int | None, sent: int
) -> None:
    """So no answer starts with a number: one that is refused would be a 0 about suicide."""
    field = f'st.number_input("Answer", min_value=0, max_value=3, value={start}, key="answer")'
    app = AppTest.from_string(f"import streamlit as st\nst.text(repr({field}))").run()
    app.number_input[0].set_value(sent)
    assert ([each.value for each in app.run().text], list(app.exception)) == ([repr(start)], [])


def test_a_file_has_an_address_that_whoever_knows_it_can_reckon() -> None:
    """Why files leave by a route of our own."""
    asked = (b"mrn,total", "text/csv", "scores.csv")
    addresses = {memory_media_file_storage._calculate_file_id(*asked) for _ in range(2)}
    assert len(addresses) == 1


def test_a_cache_is_everybodys_unless_told_otherwise() -> None:
    """Why every cache is in one file."""
    assert inspect.signature(streamlit.cache_data.__call__).parameters["scope"].default == "global"


def test_any_port_of_this_machine_is_an_origin_to_streamlit() -> None:
    """Why the gate looks at the origin first."""
    assert server_util.is_url_from_allowed_origins("http://localhost:9999")


def test_streamlit_has_the_routes_before_which_ours_may_not_stand() -> None:
    assert starlette_app._RESERVED_ROUTE_PREFIXES == ("/_stcore/", "/media/", "/component/", ASSETS)
