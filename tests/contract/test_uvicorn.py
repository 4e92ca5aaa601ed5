"""The facts about the pinned uvicorn that its own answers rest on: an upgrade that changes one fails here."""

import inspect
from importlib.metadata import version

from streamlit.web.server.starlette import starlette_server, starlette_websocket
from uvicorn import Config
from uvicorn.config import HTTP_PROTOCOLS, WS_PROTOCOLS
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.server import ServerProtocol


def test_it_is_the_version_whose_answers_were_read() -> None:
    assert version("uvicorn").startswith("0.54.")


def test_streamlit_leaves_it_to_uvicorn_how_requests_are_read() -> None:
    assert "http" not in starlette_server._get_uvicorn_config_kwargs()
    assert inspect.signature(Config).parameters["http"].default == "auto"
    assert {"auto", "h11"} <= HTTP_PROTOCOLS.keys()


def test_what_is_no_request_is_answered_in_one_place() -> None:
    source = inspect.getsource(H11Protocol)
    assert list(inspect.signature(H11Protocol.send_400_response).parameters) == ["self", "msg"]
    assert source.count("self.send_400_response(") == 1
    assert source.count("RemoteProtocolError") == 1


def test_sockets_are_those_whose_handshake_we_answer() -> None:
    assert starlette_server._get_websocket_protocol() in WS_PROTOCOLS
    assert starlette_server._get_websocket_protocol() == "websockets-sansio"


def test_every_refusal_of_a_handshake_is_made_in_one_place() -> None:
    source = inspect.getsource(WebSocketsSansIOProtocol)
    assert source.count("self.conn = ServerProtocol(") == 1
    assert source.count(" Response(") == 1  # an app's own answer, which neither ours nor Streamlit gives
    assert "websocket.http.response" not in inspect.getsource(starlette_websocket)
    assert inspect.getsource(ServerProtocol).count(" Response(") == 2  # the refusal, and the welcome
