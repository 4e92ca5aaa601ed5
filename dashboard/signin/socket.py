"""A page's socket, which lives no longer than the token it was opened with, nor than a glass that was broken.

Once a session goes by another token its pages come back by themselves with that one, and stand as they
stood; whoever else held the token before does not. Once the hour of a broken glass is over they come back
too, without what it let see, which would otherwise stay on the screen until the page ran again.
"""

import asyncio
from contextlib import suppress
from typing import Final

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from dashboard.faults import noted
from dashboard.signin.visits import Visits

SESSION_ENDED: Final = 4408
WATCHED_EVERY: Final = 1.0  # seconds
PASSED: Final = (
    *("rerun_script", "stop_script", "app_heartbeat", "backend_operation_request"),
    "file_urls_request",  # where a chosen file is sent to
)
"""What a page has to say. Streamlit would also clear everybody's caches, and tell where its source lies."""


class Watched:
    """Passes messages on both ways until its token opens nothing more, then closes, whatever is going on."""

    def __init__(self, visits: Visits, session_id: str, hashed: str, receive: Receive, send: Send) -> None:
        self.visits, self.session_id, self.hashed = visits, session_id, hashed
        self._receive, self._send = receive, send
        self._ended = asyncio.Event()
        self._closed = False
        self._drawn = False  # whether its page was asked for, which a socket that came back does by itself

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        """Serve the socket."""
        watcher = asyncio.create_task(self._watch())
        try:
            await app(scope, self._receiving, self._sending)
        finally:
            watcher.cancel()

    async def _watch(self) -> None:
        broken = False  # whether the glass was when last looked at
        while not self._ended.is_set():
            try:
                session = await self.visits.opened_with(self.hashed)
                whole = session is None or session.elevated_until is None
                ended = session is None or (broken and whole)
                broken = not whole
            except Exception as fault:  # noqa: BLE001 - a session nobody can look up is not known to be open
                noted(fault)
                ended = True
            if ended:
                await self._close()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), WATCHED_EVERY)

    async def _close(self) -> None:
        self._ended.set()
        with suppress(RuntimeError):  # the browser was quicker
            await self._sending({"type": "websocket.close", "code": SESSION_ENDED})

    async def _receiving(self) -> Message:
        message = await self._next()
        while is_not_a_pages(message):
            message = await self._next()
        if is_deed(message):
            if await self.visits.opened_with(self.hashed) is None:
                await self._close()
            elif self._drawn:
                await self.visits.did_something(self.session_id)
            self._drawn = True
        return {"type": "websocket.disconnect", "code": SESSION_ENDED} if self._ended.is_set() else message

    async def _next(self) -> Message:
        message, ended = (
            asyncio.ensure_future(self._receive()),
            asyncio.ensure_future(self._ended.wait()),
        )
        await asyncio.wait((message, ended), return_when=asyncio.FIRST_COMPLETED)
        if message.done():
            ended.cancel()
            return message.result()
        message.cancel()
        return {"type": "websocket.disconnect", "code": SESSION_ENDED}

    async def _sending(self, message: Message) -> None:
        if not self._closed:
            self._closed = message["type"] == "websocket.close"
            await self._send(message)


def is_deed(message: Message) -> bool:
    """Whether a message says that a person did something, rather than the page by itself."""
    told = _told(message)
    if told is None or told.WhichOneof("type") != "rerun_script":
        return False
    return not told.rerun_script.is_auto_rerun


def is_not_a_pages(message: Message) -> bool:
    """Whether a message asks for something that no page of ours asks for."""
    told = _told(message)
    return told is not None and told.WhichOneof("type") not in PASSED


def _told(message: Message) -> BackMsg | None:
    """What a browser says; `None` of what is no message of Streamlit's, which closes the socket for it."""
    if message["type"] != "websocket.receive" or not message.get("bytes"):
        return None
    told = BackMsg()
    try:
        told.ParseFromString(message["bytes"])
    except DecodeError:
        return None
    return told
