"""Where files leave: to the session they are held for, while it is open and its person may have them.

Whoever else asks, whatever the reason, is given one and the same answer.
"""

from typing import Final
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response as Answer
from starlette.routing import BaseRoute, Route

from dashboard import identity
from dashboard.faults import noted
from dashboard.shelf import PATH, Held, Shelf
from dashboard.signin.places import way_to_prove
from dashboard.signin.routes import Pages
from models.store.audit.events import note
from models.store.engine.errors import BusyError

LARGEST: Final = 64 * 2**20  # bytes of one file
MADE_AT_ONCE: Final = 2
OUR_PAGES: Final = ("same-origin", "none")
TITLE: Final = "No file was taken"
GONE: Final = "It is no longer here, or not for you. Load the page it was on anew."
TOO_LARGE: Final = "It is too large for a browser. Ask for less of it, or use the command line."
BUSY: Final = "The record is busy. Try again in a moment."


class Files:
    """Answers for the address of a file."""

    def __init__(self, pages: Pages, shelf: Shelf) -> None:
        self.pages, self.shelf = pages, shelf
        self._makers = CapacityLimiter(MADE_AT_ONCE)

    def routes(self) -> list[BaseRoute]:
        """Where files are."""
        return [Route(f"{PATH}/{{token}}", self.take, methods=["GET"])]

    async def take(self, request: Request) -> Answer:
        """The file, made now and told to the audit trail before a byte of it leaves."""
        from_page = request.headers.get("sec-fetch-site", "none") in OUR_PAGES
        session = await self.pages.visits.of(request.scope, self.pages.address.cookie)
        if session is None or request.method != "GET" or not from_page or "sec-purpose" in request.headers:
            return self._refused(404, GONE)
        at = self.pages.door.clock()
        held = self.shelf.find(request.path_params["token"], session.id, at=at)
        if held is None:
            return self._refused(404, GONE)
        visitor = self.pages.address.visitor(request.scope)
        return await to_thread.run_sync(self._handed_out, held, visitor, limiter=self._makers)

    def _handed_out(self, held: Held, visitor: str) -> Answer:
        try:
            viewer = identity.viewer_of(held.session, held.role)
            viewer.check(*held.file.rights)
            content, event = held.file.make()
            if len(content) > LARGEST:
                return self._refused(413, TOO_LARGE)
            told = event._replace(address=visitor)
            note(self.pages.door.engine, told, by=viewer.username, at=self.pages.door.clock())
        except identity.ProofNeededError:
            return RedirectResponse(way_to_prove(held.page), 303)
        except (identity.NobodyError, identity.NotAllowedError):
            return self._refused(404, GONE)
        except BusyError:
            return self._refused(503, BUSY)
        except Exception as fault:  # noqa: BLE001  (whatever it is, its words may name a patient)
            return self._refused(500, f"It could not be made. Reference {noted(fault)}.")
        named = f"attachment; filename*=UTF-8''{quote(held.file.name)}"
        return Answer(content, media_type=held.file.kind, headers={"content-disposition": named})

    def _refused(self, status: int, words: str) -> Answer:
        return self.pages.page("message.html", status, title=TITLE, words=words, back="/")
