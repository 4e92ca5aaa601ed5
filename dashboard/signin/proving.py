"""The page on which somebody signed in proves anew who they are, before something that asks for it."""

from typing import Any
from urllib.parse import urlencode

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response as Answer
from starlette.routing import BaseRoute, Route

from dashboard.signin.answers import READING
from dashboard.signin.oidc.routes import PROVE_AGAIN
from dashboard.signin.places import ACCOUNT, BACK, PROVE, own_place, way_to_prove
from dashboard.signin.routes import EXPIRED, Pages, text
from dashboard.signin.waiting import SignInError
from models.store.accounts import sessions
from models.store.accounts.sessions import Session


class Proving:
    """Answers for that page. `visitor` is the demo's account, which has nothing to prove it with."""

    def __init__(self, pages: Pages, visitor: int | None = None) -> None:
        self.pages, self.visitor = pages, visitor

    def routes(self) -> list[BaseRoute]:
        """Where it is."""
        return [Route(PROVE, self.prove, methods=["GET", "POST"])]

    async def prove(self, request: Request) -> Answer:
        """The form, and what comes of it."""
        session = await self.pages.whose(request)
        back = own_place(request.query_params.get(BACK))
        if request.method in READING:
            return self._page(request, session, back)
        form = await self.pages.sent(request)
        if form is None:
            return self._page(request, session, back, wrong=EXPIRED, status=403)
        password, code = text(form, "password"), text(form, "code")
        try:
            token = await to_thread.run_sync(self._proved, request, session, password, code)
        except SignInError as refusal:
            wrong, wait = str(refusal), refusal.wait
            return self._page(request, session, back, wrong=wrong, status=401, wait=wait)
        return self.pages.renewed(session, token, back)

    def _proved(self, request: Request, session: Session, password: str, code: str) -> str | None:
        door, address = self.pages.door, self.pages.address.visitor(request.scope)
        if session.account.id == self.visitor:
            return sessions.prove_again(door.engine, session.id, "demo", address=address, at=door.clock())
        if self.pages.by_password:
            return door.prove(session, password, code, address=address, notes=self.pages.notes(request))
        raise SignInError("Passwords are not taken here.")

    def _page(
        self, request: Request, session: Session, back: str, *, status: int = 200, **told: Any
    ) -> Answer:
        return self.pages.form(
            request,
            "prove.html",
            status=status,
            account=session.account,
            action=way_to_prove(back),
            at_provider=f"{PROVE_AGAIN}&{urlencode({BACK: back})}",
            back=ACCOUNT if back.startswith(ACCOUNT) else back,
            minutes=round(self.pages.visits.limits.proof.total_seconds() / 60),
            visitor=session.account.id == self.visitor,
            by_password=self.pages.has_password(session),
            **told,
        )
