"""What every answer carries, and the answers the gate gives in place of the app."""

import json
import re
from html import escape
from typing import Final

from starlette.types import Message, Send

CONTENT_SECURITY_POLICY: Final = (
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
HEADERS: Final = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),  # with no-referrer a browser calls our own form's origin null
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
STRICT_TRANSPORT: Final = (b"strict-transport-security", b"max-age=31536000")
NOT_KEPT: Final = (b"cache-control", b"no-store")
ASSETS: Final = "/static/"
"""Scripts, fonts and styles of Streamlit: the same for everybody, the only answers a browser may keep."""

KEPT: Final = (200, 206, 304)
"""The statuses of such an answer; a refusal is not kept."""

READING: Final = ("GET", "HEAD")
"""How a page is asked for, and how whether it is there."""

HOST_CONFIG_PATH: Final = "/_stcore/host-config"
# What Streamlit's browser side asks once. Without a full-screen button, whose handler is a new one at every
# run, Plotly takes a figure's configuration for unchanged and does not build the whole figure anew first.
# That the server is away our own script says, and what becomes of what was typed.
HOST_CONFIG: Final = json.dumps(
    {
        "allowedOrigins": [],
        "useExternalAuthToken": False,
        "enableCustomParentMessages": False,
        "enforceDownloadInNewTab": False,
        "metricsUrl": "",
        "blockErrorDialogs": True,
        "disableFullscreenMode": True,
    }
).encode()

NOT_NOW: Final = "This cannot be answered now. Nothing was changed."
NOT_NOW_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Not now · Seventy</title>
<link rel="stylesheet" href="/signin/signin.css">
</head>
<body>
<main>
<h1>Not now</h1>
<p>{words}</p>
<p><a class="button" href="/">Try again</a></p>
</main>
</body>
</html>
"""
"""Made of nothing that can be away: no template is read for it, and nothing of the record."""
COMMAND: Final = re.compile(r"`([^`]+)`")
PAGE_SCRIPT: Final = b'<script src="/signin/page.js"></script>'
INLINE: Final = re.compile(rb"<script>.*?</script>", re.DOTALL)
"""Streamlit's page has one, for search engines, which our policy would refuse on every page."""


async def answer(send: Send, status: int, body: bytes, kind: bytes = b"text/plain; charset=utf-8") -> None:
    """Answer in place of the app."""
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]})
    await send({"type": "http.response.body", "body": body})


class Answering:
    """A way to answer that knows whether an answer has begun, for when it cannot be given.

    `as_page` is whether whoever asks looks at the answer.
    """

    def __init__(self, send: Send, *, as_page: bool) -> None:
        self._send, self._begun, self._as_page = send, False, as_page

    async def __call__(self, message: Message) -> None:
        """Pass on a part of the answer."""
        self._begun = True
        await self._send(message)

    async def failed(self, reference: str, why: str = NOT_NOW) -> None:
        """Say that it cannot be given now; an answer that has begun stays as it is, cut off."""
        words = f"{why} Reference {reference}."
        if self._begun:
            return
        if self._as_page:
            page = NOT_NOW_PAGE.format(words=COMMAND.sub(r"<code>\1</code>", escape(words)))
            await answer(self, 503, page.encode(), b"text/html; charset=utf-8")
        else:
            await answer(self, 503, words.encode())


async def send_to(send: Send, place: str) -> None:
    """Send the browser somewhere else."""
    headers = [(b"location", place.encode()), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def guarded(send: Send, path: str, *, secure: bool) -> Send:
    """Add the headers of every answer; nothing but Streamlit's own assets is kept by a browser."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = path.startswith(ASSETS) and message["status"] in KEPT
            given = [
                (name, _secured(name, value) if secure else value)
                for name, value in message.get("headers", ())
                if kept or name.lower() != b"cache-control"
            ]
            more = [] if kept else [NOT_KEPT]
            message["headers"] = [*given, *HEADERS, *more, *([STRICT_TRANSPORT] if secure else [])]
        await send(message)

    return sending


def _secured(name: bytes, value: bytes) -> bytes:
    """Streamlit's own cookie, which says nothing of TLS when a proxy ended it."""
    unsafe = name.lower() == b"set-cookie" and b"secure" not in value.lower()
    return value + b"; Secure" if unsafe else value


def with_page_script(send: Send) -> Send:
    """Put our script into the head of the app's page, before its own: it notices when a session ends."""
    start: Message = {}
    body = bytearray()

    async def sending(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
            return
        body.extend(message.get("body", b""))
        if message.get("more_body"):
            return
        page = INLINE.sub(b"", bytes(body)).replace(b"<head>", b"<head>" + PAGE_SCRIPT, 1)
        headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
        length = (b"content-length", str(len(page)).encode())
        await send({**start, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": page})

    return sending
