"""The page on which somebody breaks the glass: names and scores for an hour, for a reason the auditor reads.

It is no page of the app: from then on the session goes by another token, which only an answer can set.
"""

from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response as Answer
from starlette.routing import BaseRoute, Route

from dashboard import data, identity
from dashboard.notices import Notice, tell
from dashboard.signin.answers import READING
from dashboard.signin.places import GLASS, own_place, way_to_break, way_to_prove
from dashboard.signin.routes import EXPIRED, Pages, text
from models.access.roles import Right, Role
from models.store.accounts import sessions
from models.store.accounts.sessions import Session
from models.store.accounts.staff import AccountError
from models.tables.facts import FactsError


class Breaking:
    """Answers for that page. `visitor` is the demo's account, which looks as a practice manager here."""

    def __init__(self, pages: Pages, visitor: int | None = None) -> None:
        self.pages, self.visitor = pages, visitor

    def routes(self) -> list[BaseRoute]:
        """Where it is: in front of the place it leads back to."""
        return [Route(f"{GLASS}/{{page:path}}", self.glass, methods=["GET", "POST"])]

    async def glass(self, request: Request) -> Answer:
        """The form, and what comes of it."""
        session = await self.pages.whose(request)
        asked = request.url.path.removeprefix(GLASS)
        back = own_place(f"{asked}?{request.url.query}" if request.url.query else asked)
        try:
            await to_thread.run_sync(self._check, session)
        except identity.ProofNeededError:
            return RedirectResponse(way_to_prove(way_to_break(back)), 303)
        except (identity.NobodyError, identity.NotAllowedError) as refusal:
            return self.pages.page(
                "message.html", 404, title="There is no glass to break", words=str(refusal), back=back
            )
        if request.method in READING:
            return self._page(request, back)
        form = await self.pages.sent(request)
        if form is None:
            return self._page(request, back, wrong=EXPIRED, status=403)
        reason = text(form, "reason")
        try:
            token = await to_thread.run_sync(self._broken, session, reason)
        except (FactsError, AccountError) as refusal:
            return self._page(request, back, reason=reason, wrong=str(refusal), status=400)
        return self.pages.renewed(session, token, back)

    def _check(self, session: Session) -> None:
        chosen = Role.MANAGER if session.account.id == self.visitor else None
        identity.viewer_of(session.id, chosen).check(Right.BREAK_GLASS)

    def _broken(self, session: Session, reason: str) -> str:
        """Break it; the administrators are told, but of an invented clinic. The new token."""
        door, account, clinic = self.pages.door, session.account, data.clinic()
        at = door.clock()
        until, token = sessions.break_glass(door.engine, session.id, reason, at=at)
        if not clinic.demo:
            who = (account.id, account.username, account.name)
            told = Notice(clinic.name or "", *who, at, until, clinic.zone)
            tell(door.engine, told, now=door.clock)
        return token

    def _page(
        self, request: Request, back: str, *, reason: str = "", status: int = 200, **told: Any
    ) -> Answer:
        return self.pages.form(
            request, "glass.html", status=status, action=way_to_break(back), back=back, reason=reason, **told
        )
