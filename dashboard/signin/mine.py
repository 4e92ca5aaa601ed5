"""The pages of one's own account: where one is signed in, and what one signs in with."""

from datetime import tzinfo
from typing import Any, Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response as Answer
from starlette.routing import BaseRoute, Route

from dashboard.signin.answers import READING
from dashboard.signin.browsers import browser_called
from dashboard.signin.door import Offer
from dashboard.signin.places import ACCOUNT, way_to_prove
from dashboard.signin.routes import EXPIRED, Pages, text
from dashboard.signin.waiting import SignInError
from models.access import totp
from models.access.tokens import token_hash
from models.store.accounts import factors, sessions
from models.store.accounts.sessions import Session
from models.store.accounts.staff import AccountError
from models.store.engine.clocks import local, zone_of
from models.store.engine.database import reading

CODES: Final = f"{ACCOUNT}/codes"
AUTHENTICATOR: Final = f"{ACCOUNT}/authenticator"
FEW_LEFT: Final = 3
"""How many recovery codes are so few that somebody is told to make new ones."""
NO_CODE_HERE: Final = "You sign in here without a password and a code, so there is nothing to change."


class MyAccount:
    """Answers for those pages. What lets somebody in is changed only after a fresh proof."""

    def __init__(self, pages: Pages) -> None:
        self.pages, self.door, self.visits = pages, pages.door, pages.visits

    def routes(self) -> list[BaseRoute]:
        """Where each is."""
        return [
            Route(ACCOUNT, self.account, methods=["GET"]),
            Route(f"{ACCOUNT}/password", self.password, methods=["POST"]),
            Route(f"{ACCOUNT}/end", self.end, methods=["POST"]),
            Route(CODES, self.codes, methods=["GET", "POST"]),
            Route(AUTHENTICATOR, self.authenticator, methods=["GET", "POST"]),
        ]

    async def account(self, request: Request) -> Answer:
        """Where I am signed in, and what I sign in with."""
        return await self._account_page(request, await self.pages.whose(request))

    async def password(self, request: Request) -> Answer:
        """Another password; everybody signed in with the old one is out, this browser too."""
        session, form = await self.pages.whose(request), await self.pages.sent(request)
        if not self.pages.has_password(session):
            return self._nothing()
        if form is None:
            return await self._account_page(request, session, EXPIRED, 403)
        present, password, again = (text(form, name) for name in ("present", "password", "again"))
        notes, address = self.pages.notes(request), self.pages.address.visitor(request.scope)
        try:
            await to_thread.run_sync(
                lambda: self.door.change_password(
                    session, present, (password, again), address=address, notes=notes
                )
            )
        except SignInError as refusal:
            wrong, wait = str(refusal), refusal.wait
            return await self._account_page(request, session, wrong, 400, of_password=True, wait=wait)
        self.visits.forget(session.id)
        return RedirectResponse("/login?changed", 303)

    async def end(self, request: Request) -> Answer:
        """End one of my sessions, or all the others."""
        session, form = await self.pages.whose(request), await self.pages.sent(request)
        if form is None:
            return await self._account_page(request, session, EXPIRED, 403)
        await to_thread.run_sync(self._end_mine, session, text(form, "which"))
        return RedirectResponse(f"{ACCOUNT}?ended", 303)

    async def codes(self, request: Request) -> Answer:
        """Other recovery codes, shown this once; the ones before open nothing any more."""
        session = await self.pages.whose(request)
        refusal = self._refusal(session, CODES)
        if refusal is not None:
            return refusal
        left = len(await to_thread.run_sync(factors.recovery_hashes, self.door.engine, session.account.id))
        if request.method in READING:
            return self.pages.form(request, "new_codes.html", left=left)
        if await self.pages.sent(request) is None:
            return self.pages.form(request, "new_codes.html", left=left, wrong=EXPIRED, status=403)
        try:
            made = await to_thread.run_sync(self.door.new_codes, session)
        except AccountError as ended:
            return self.pages.form(request, "new_codes.html", left=left, wrong=str(ended), status=400)
        return self.pages.page(
            "codes.html", 200, codes=made, on=ACCOUNT, onward="I have them. Back to my account"
        )

    async def authenticator(self, request: Request) -> Answer:
        """Another authenticator, once a code of it was given; everybody else signed in as me is out."""
        session = await self.pages.whose(request)
        refusal = self._refusal(session, AUTHENTICATOR)
        if refusal is not None:
            return refusal
        if request.method in READING:
            return self._authenticator_page(request, session, self.door.offer_another(session))
        form = await self.pages.sent(request)
        if form is None:
            offer = self.door.offer_another(session)
            return self._authenticator_page(request, session, offer, wrong=EXPIRED, status=403)
        sealed = text(form, "sealed")
        try:
            await to_thread.run_sync(self.door.change_authenticator, session, sealed, text(form, "code"))
        except (SignInError, AccountError) as refused:
            offer = self.door.offer_another(session, sealed)
            return self._authenticator_page(request, session, offer, wrong=str(refused), status=400)
        return RedirectResponse(f"{ACCOUNT}?changed", 303)

    def _refusal(self, session: Session, here: str) -> Answer | None:
        """To the proof first, or nowhere for whoever has no code; `None` when nothing is in the way."""
        if not self.pages.has_password(session):
            return self._nothing()
        return None if self.visits.is_proved(session) else RedirectResponse(way_to_prove(here), 303)

    def _nothing(self) -> Answer:
        return self.pages.page("message.html", 404, title="Nothing to change", words=NO_CODE_HERE, back="/")

    def _authenticator_page(
        self, request: Request, session: Session, offer: Offer, *, status: int = 200, **told: Any
    ) -> Answer:
        uri = totp.provisioning_uri(offer.secret, account=session.account.username, issuer="Seventy")
        told |= {"offer": offer, "uri": uri, "qr": totp.qr_svg(uri)}
        return self.pages.form(request, "authenticator.html", status=status, **told)

    def _end_mine(self, session: Session, which: str) -> None:
        engine, now = self.door.engine, self.door.clock()
        if which == "others":
            sessions.end_sessions_of(engine, session.account.id, at=now, but=session.id)
            return
        for mine in self.visits.all_of(session.account.id):
            if token_hash(mine.id) == which:
                sessions.end_session(engine, mine.id, at=now)

    async def _account_page(
        self,
        request: Request,
        session: Session,
        wrong: str | None = None,
        status: int = 200,
        *,
        of_password: bool = False,
        wait: float = 0.0,
    ) -> Answer:
        """The page; what is `wrong` stands by the form that was sent, `of_password` or above them all."""
        account, coded = session.account, self.pages.has_password(session)
        found, left, zone = await to_thread.run_sync(self._held, account.id)
        return self.pages.form(
            request,
            "account.html",
            wrong=wrong,
            of_password=of_password,
            account=account,
            sessions=[
                _listed(mine, session, zone) for mine in sorted(found, key=lambda one: one.id != session.id)
            ],
            left=left if coded else None,
            few=left <= FEW_LEFT,
            changed="changed" in request.query_params,
            ended="ended" in request.query_params,
            status=status,
            wait=wait,
        )

    def _held(self, account_id: int) -> tuple[list[Session], int, tzinfo]:
        """The open sessions of an account, how many recovery codes it has left, and the clinic's zone."""
        engine = self.door.engine
        with reading(engine) as connection:
            zone = zone_of(connection)
        return self.visits.all_of(account_id), len(factors.recovery_hashes(engine, account_id)), zone


def _listed(mine: Session, present: Session, zone: tzinfo) -> dict[str, Any]:
    """What the page says of a session."""
    return {
        "name": token_hash(mine.id),
        "mine": mine.id == present.id,
        "browser": browser_called(mine.browser),
        "agent": mine.browser,
        "address": mine.address,
        "since": f"{local(mine.created_at, zone):%d %b %Y %H:%M} {zone}",
        "seen": f"{local(mine.seen_at, zone):%d %b %Y %H:%M} {zone}",
    }
