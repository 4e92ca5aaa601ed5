"""The gate: only our own page, from our own address, reading."""

import asyncio
import json
from typing import Any

import pytest
from streamlit.web.server.starlette.starlette_routes import create_host_config_routes

from dashboard.gate import HOST_CONFIG_PATH, Gate

HOSTS = ("127.0.0.1:8501", "localhost:8501")


def answers(
    kind: str = "http", *, host: str | None = HOSTS[0], origin: str | None = None, **scope: Any
) -> list[Any]:
    """What the gate sends for one request; the app behind it answers 200."""
    sent: list[Any] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": f"{kind}.response.start", "status": 200, "headers": [(b"x", b"y")]})

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    named = (("host", host), ("origin", origin))
    headers = [(name.encode(), value.encode()) for name, value in named if value is not None]
    asked = {"type": kind, "path": "/", "method": "GET", "headers": headers, **scope}
    asyncio.run(Gate(app, HOSTS)(asked, receive, send))
    return sent


def test_our_own_page_is_read() -> None:
    assert answers()[0]["status"] == 200
    assert answers(origin="http://127.0.0.1:8501")[0]["status"] == 200
    assert answers(host="localhost:8501")[0]["status"] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:9999", "127.0.0.1:8501.evil.example", None]
)
def test_a_page_asked_of_another_host_is_refused(host: str | None) -> None:
    assert answers(host=host)[0]["status"] == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://localhost:9999", "https://127.0.0.1:8501", "null", None]
)
def test_a_socket_opens_for_our_own_origin_only(origin: str | None) -> None:
    (refusal,) = answers("websocket", origin=origin)
    assert refusal["type"] == "websocket.close"
    assert answers("websocket", origin="http://127.0.0.1:8501")[0]["status"] == 200


def test_the_browser_is_told_of_no_other_host_and_of_no_full_screen() -> None:
    start, body = answers(path="/_stcore/host-config")
    told = json.loads(body["body"])
    assert (start["status"], told["allowedOrigins"], told["disableFullscreenMode"]) == (200, [], True)
    assert dict(start["headers"])[b"content-type"] == b"application/json"
    assert answers(path="/_stcore/host-config", host="evil.example")[0]["status"] == 403


def test_streamlit_asks_for_what_the_gate_answers_in_its_place() -> None:
    (route,) = create_host_config_routes(None)
    assert route.path == HOST_CONFIG_PATH


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_is_written_by_request(method: str) -> None:
    assert answers(method=method)[0]["status"] == 403


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json"])
def test_nothing_tells_strangers_about_the_process(path: str) -> None:
    assert answers(path=path)[0]["status"] == 403


def test_every_answer_says_what_the_browser_may_do() -> None:
    for answered in (answers(), answers(host="evil.example")):
        headers = dict(answered[0]["headers"])
        assert b"script-src 'self';" in headers[b"content-security-policy"]
        assert b"frame-ancestors 'none'" in headers[b"content-security-policy"]
        assert headers[b"referrer-policy"] == b"same-origin"
        assert headers[b"x-content-type-options"] == b"nosniff"


def test_the_start_and_the_end_of_the_server_pass() -> None:
    assert answers("lifespan")[0]["type"] == "lifespan.response.start"
