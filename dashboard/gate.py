"""The gate: who may speak to the server at all, and what the browser may do with what it answers.

Plain ASGI, in front of everything Streamlit serves. Streamlit answers a foreign `Origin` with a blocking
look-up on its event loop, and takes any port of the machine for its own; only our exact address passes here.
"""

import json
from collections.abc import Iterable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; "  # an image written into a patient's name reaches nobody
    "font-src 'self' data:; "
    "connect-src 'self'; "
    "worker-src 'self' blob:; "
    "manifest-src 'self'; "
    "base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'none'; "
    "object-src 'none'"
)
HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
CLOSED_PATHS = ("/_stcore/metrics", "/_stcore/agent")  # they tell strangers about the process
HOST_CONFIG_PATH: Final = "/_stcore/host-config"
# What Streamlit's browser side asks once. Without a full-screen button, whose handler is a new one at every
# run, Plotly takes a figure's configuration for unchanged and does not build the whole figure anew first.
HOST_CONFIG: Final = {
    "allowedOrigins": [],
    "useExternalAuthToken": False,
    "enableCustomParentMessages": False,
    "enforceDownloadInNewTab": False,
    "metricsUrl": "",
    "blockErrorDialogs": False,
    "disableFullscreenMode": True,
}
READING = ("GET", "HEAD")  # nothing is uploaded through the browser


class Gate:
    """Let through only what is addressed to us, comes from our own page, and reads."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        self.app = app
        self.hosts = frozenset(hosts)
        self.origins = frozenset(f"http://{host}" for host in self.hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 403 or pass on, adding the headers every answer carries."""
        if scope["type"] == "websocket" and not self.is_ours(scope, origin_needed=True):
            await receive()  # websocket.connect; closing before accepting answers 403
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http" and not (self.is_ours(scope) and reads(scope)):
            await answer(send, 403, b"Not from here.")
        elif scope["type"] == "http" and scope["path"] == HOST_CONFIG_PATH:
            await answer(send, 200, json.dumps(HOST_CONFIG).encode(), b"application/json")
        else:
            await self.app(scope, receive, with_headers(send))

    def is_ours(self, scope: Scope, *, origin_needed: bool = False) -> bool:
        """Whether host and origin are exactly this server's; pages are fetched without one, sockets never."""
        headers = dict(scope["headers"])
        host, origin = (headers.get(name, b"").decode("latin-1") for name in (b"host", b"origin"))
        return host in self.hosts and (origin in self.origins or not (origin or origin_needed))


async def answer(send: Send, status: int, body: bytes, kind: bytes = b"text/plain") -> None:
    """Answer in place of the app."""
    headers = [(b"content-type", kind), (b"cache-control", b"no-cache"), *HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def reads(scope: Scope) -> bool:
    """Whether a request only reads, and nothing that describes the process."""
    return scope["method"] in READING and not scope["path"].startswith(CLOSED_PATHS)


def with_headers(send: Send) -> Send:
    """Add the headers of every answer."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *HEADERS]
        await send(message)

    return sending
