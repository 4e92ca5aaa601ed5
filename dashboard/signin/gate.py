"""The gate: who may speak to the server at all, in front of everything Streamlit serves.

Plain ASGI. Streamlit answers a foreign `Origin` with a blocking look-up on its event loop, takes any port of
the machine for its own, and runs its script for whoever opens a socket; only our exact address passes here,
and only with a session that is open in the record. Whatever goes wrong in here lets nobody through, and is
told by a reference alone.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.faults import AWAY, UNSURE, noted
from dashboard.signin.address import Address
from dashboard.signin.answers import (
    HOST_CONFIG,
    HOST_CONFIG_PATH,
    READING,
    Answering,
    answer,
    guarded,
    send_to,
    with_page_script,
)
from dashboard.signin.handshake import too_long
from dashboard.signin.socket import Watched
from dashboard.signin.uploads import Uploads
from dashboard.signin.visits import Visits, cookie_of
from models.access.tokens import token_hash
from models.store.accounts.sessions import Session
from models.store.audit.events import coming_from
from models.store.engine.errors import StoreError, UnsureError

OPEN_PATHS: Final = ("/login", "/logout", "/setup/", "/signin/", "/auth/oidc/", "/healthz")
"""What answers without a session: signing in and out, and whether the server is up."""
OWN_PATHS: Final = (*OPEN_PATHS, "/account", "/seventy/")
"""What we answer ourselves; only there is anything posted."""
BACKCHANNEL: Final = "/auth/oidc/backchannel"
"""Where the identity provider's server posts, which is no page and has no origin."""
CLOSED_PATHS: Final = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/upload_file")
"""What is told nobody; to the last, files are sent and nothing else (`Uploads`)."""
PARTS: Final = ("/static/", "/_stcore/", "/media/", "/component/")
"""Where Streamlit has the parts of a page, which a browser may also open as if they were one."""
IDENTITY: Final = b"x-seventy-"
GO_BACK: Final = f"{AWAY} Go back and try again in a moment."
GO_BACK_UNSURE: Final = f"{UNSURE} Go back and try again in a moment."
SESSION_HEADER: Final = "x-seventy-session"


class Gate:
    """Let through what is addressed to us, comes from our own page, and has a session.

    `own` answers the paths outside the app, and nothing else does: what it does not know is not found. Nor
    is a page at none of the `places`, each of which names the address it has; Streamlit would show its own.
    `welcome` is called for a visitor without a session who asks for a page, and may answer in the gate's
    place: the demo signs its visitor in there.
    """

    def __init__(
        self,
        app: ASGIApp,
        own: ASGIApp,
        address: Address,
        visits: Visits,
        places: Mapping[str, str],
        welcome: ASGIApp | None = None,
    ) -> None:
        self.app, self.own, self.address = app, own, address
        self.visits, self.places, self.welcome = visits, places, welcome
        self.uploads = Uploads()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, send to the page to sign in on, or pass on."""
        if scope["type"] == "websocket":
            try:
                await self._socket(_without_identity(scope), receive, send)
            except Exception as fault:  # noqa: BLE001
                noted(fault)
                with suppress(RuntimeError):  # it was closed already
                    await send({"type": "websocket.close", "code": 1011})
        elif scope["type"] == "http":
            guarding = guarded(send, scope["path"], secure=self.address.proxied)
            answers = Answering(guarding, as_page=_is_looked_at(scope))
            try:
                with coming_from(self.address.visitor(scope)):
                    await self._request(_without_identity(scope), receive, answers)
            except StoreError as fault:
                await answers.failed(
                    noted(fault), GO_BACK_UNSURE if isinstance(fault, UnsureError) else GO_BACK
                )
            except Exception as fault:  # noqa: BLE001 - whatever it is, its words may name people
                await answers.failed(noted(fault))
        else:
            await self.app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, reads = scope["path"], scope["method"] in READING
        own, sends = path.startswith(OWN_PATHS), self.uploads.is_one(scope)
        origin_needed = not reads and path != BACKCHANNEL
        if not self.address.is_ours(scope, origin_needed=origin_needed) or not (reads or own or sends):
            await answer(send, 403, b"Not from here.")
            return
        if (said := _not_taken(scope)) is not None:
            await answer(send, *said)
            return
        if path.startswith(OPEN_PATHS):
            await self.own(scope, receive, send)
            return
        session = await self.visits.of(scope, self.address.cookie)
        if session is None:
            await self._turned_away(scope, receive, send)
        elif path == HOST_CONFIG_PATH:
            await answer(send, 200, HOST_CONFIG, b"application/json")
        elif sends:
            await self.uploads.pass_on(self.app, session, scope, receive, send)
        elif path.startswith(CLOSED_PATHS):
            await answer(send, 403, b"Not for a browser.")
        elif own:
            await self.own(scope, receive, send)
        elif wants_page(scope):
            await self._page(session, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _page(self, session: Session, scope: Scope, receive: Receive, send: Send) -> None:
        """A page of the app. Going to one is something a person does; its first run is the page's own."""
        path = scope["path"]
        named = self.places.get(path.strip("/"))
        place = path if path.startswith(PARTS) else None if named is None else f"/{named}"
        if place is None:
            await self.own(scope, receive, send)
        elif place != path:
            await send_to(send, place)
        else:
            if b"sec-purpose" not in dict(
                scope["headers"]
            ):  # a browser asks by itself for what may be opened
                await self.visits.did_something(session.id)
            await self.app(_plain(scope), receive, with_page_script(send))

    async def _turned_away(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not wants_page(scope):
            await answer(send, 401, b"Sign in first.")
        elif self.welcome is not None:
            await self.welcome(scope, receive, send)
        else:
            await send_to(send, "/login")

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        ours = self.address.is_ours(scope, origin_needed=True)
        token = cookie_of(scope, self.address.cookie) if ours else None
        session = await self.visits.opened_with(token_hash(token)) if token else None
        if token is None or session is None:
            await receive()  # websocket.connect; closing before accepting answers 403
            await send({"type": "websocket.close", "code": 1008})
            return
        scope["headers"].append((SESSION_HEADER.encode(), session.id.encode()))
        await Watched(self.visits, session.id, token_hash(token), receive, send).run(self.app, scope)


def wants_page(scope: Scope) -> bool:
    """Whether a request is for a page rather than for a part of one."""
    return scope["method"] in READING and _is_looked_at(scope)


def _is_looked_at(scope: Scope) -> bool:
    return b"text/html" in dict(scope["headers"]).get(b"accept", b"")


def _not_taken(scope: Scope) -> tuple[int, bytes] | None:
    """With which status and words a request is refused for how it is written; `None` of one that is not.

    One that comes in pieces and yet names a length would have that believed, whatever then comes.
    """
    if (said := too_long(scope)) is not None:
        return 431, said.encode()
    if {b"transfer-encoding", b"content-length"} <= {name.lower() for name, _ in scope["headers"]}:
        return 400, b"A request says once how long it is."
    return None


def _without_identity(scope: Scope) -> Scope:
    """The request without the headers by which alone the gate tells the app who is there."""
    headers = [(name, value) for name, value in scope["headers"] if not name.lower().startswith(IDENTITY)]
    return {**scope, "headers": headers}


def _plain(scope: Scope) -> Scope:
    """The request for an answer that is not compressed, so that something can be put into it."""
    headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"accept-encoding"]
    return {**scope, "headers": headers}
