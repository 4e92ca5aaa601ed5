"""Files on their way to the import page: who may send them, and how much of one person's is held at once.

Streamlit keeps what was sent in memory until the page it was sent to is closed, and takes any number.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime

from dashboard.signin.answers import answer
from models.access.roles import Right, may
from models.exchange.sheets.archive import MEGABYTE
from models.exchange.sheets.limits import BROWSER, MOST_HELD
from models.store.accounts.sessions import Session

UPLOADS: Final = "/_stcore/upload_file/"
METHODS: Final = ("PUT", "DELETE")
REFUSED: Final = 400
FULL: Final = (
    f"Together more than {MOST_HELD // MEGABYTE} MB. Take files off the list, or open the page anew; "
    "`seventy import` on the command line reads files of any size."
)


def is_open(page: str) -> bool:
    """Whether a page of the browser, by Streamlit's name for it, is still open."""
    return not runtime.exists() or runtime.get_instance().is_active_session(page)


class Uploads:
    """What each account has sent and is still held, by the address it was sent to."""

    def __init__(self, is_open: Callable[[str], bool] = is_open) -> None:
        self._is_open = is_open
        self._held: dict[int, dict[str, int]] = {}

    @staticmethod
    def is_one(scope: Scope) -> bool:
        """Whether a request sends a file, or takes one back."""
        return bool(scope["path"].startswith(UPLOADS)) and scope["method"] in METHODS

    async def pass_on(
        self, app: ASGIApp, session: Session, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Let the app have it, from whom may import and has not sent too much."""
        if not may(session.account.role, Right.FILES):
            await answer(send, 403, b"Not for your role.")
            return
        held, path = self._of(session.account.id), scope["path"]
        stands = held.get(path, 0)
        size = _announced(scope) if scope["method"] == "PUT" else 0
        if sum(held.values()) - stands + size > MOST_HELD:
            await answer(send, 413, FULL.encode())
            return
        held[path] = max(stands, size)

        async def heard(message: Message) -> None:
            if message["type"] == "http.response.start":
                held[path] = stands if message["status"] >= REFUSED else size
                if not held[path]:
                    del held[path]
            await send(message)

        await app(scope, receive, heard)

    def _of(self, account: int) -> dict[str, int]:
        """What is held of an account; that of pages closed since is not."""
        held = self._held.setdefault(account, {})
        for path in [path for path in held if not self._is_open(_page(path))]:
            del held[path]
        return held


def _page(path: str) -> str:
    return path.removeprefix(UPLOADS).partition("/")[0]


def _announced(scope: Scope) -> int:
    """The bytes announced; the most there may be, where none are."""
    with suppress(KeyError, ValueError):
        return max(0, int(dict(scope["headers"])[b"content-length"]))
    return BROWSER.size
