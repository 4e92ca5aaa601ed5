"""The pages of the way in, plain HTML that needs no script: what they share, signing in and signing out."""

import re
import secrets
from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from typing import Final, Literal

from anyio import to_thread
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.datastructures import FormData
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from starlette.responses import Response as Answer
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.faults import noted
from dashboard.signin.address import Address
from dashboard.signin.answers import READING
from dashboard.signin.door import Door
from dashboard.signin.known import LASTS
from dashboard.signin.oidc.trusted import Trusted
from dashboard.signin.places import own_place
from dashboard.signin.plain import asset, healthy
from dashboard.signin.staying import Staying
from dashboard.signin.visits import Visits
from dashboard.signin.waiting import SignInError
from models.store.accounts import sessions
from models.store.accounts.sessions import Session
from models.store.engine.errors import StoreError

TEMPLATES: Final = Environment(
    loader=PackageLoader("dashboard.signin"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
LONGEST_FORM: Final = 16_384
LONGEST_AGENT: Final = 200
HALF: Final = re.compile("[\ud800-\udfff]")
"""Of a character, as some charset a form may name has it: it cannot be stored, compared or shown again."""
NO_PAGES: Final = ("/healthz", "/signin/")
"""What is answered without the clinic's name."""
PATIENCE: Final = 429
EXPIRED: Final = "The form had expired. Try again."
_clinic: Final[ContextVar[str]] = ContextVar("clinic", default="")
"""What the clinic is called, read in a thread: a record that is slow or away stops nobody else."""


class Pages:
    """Answers for the paths outside the app.

    `trusted` is the identity provider through which the staff may sign in as well, or alone.
    """

    def __init__(
        self,
        door: Door,
        visits: Visits,
        address: Address,
        clinic: Callable[[], str],
        trusted: Trusted | None = None,
    ) -> None:
        self.door, self.visits, self.address, self.clinic = door, visits, address, clinic
        self.trusted = trusted
        self.way_out: Callable[[Request, Session], Awaitable[str | None]] | None = None
        """Where somebody signs out elsewhere too who was signed out here."""

    @property
    def by_password(self) -> bool:
        """Whether a password and a code are taken."""
        return self.trusted is None or self.trusted.local

    def has_password(self, session: Session) -> bool:
        """Whether somebody signed in has a password and a code that are taken here."""
        return self.by_password and session.account.second_factor

    def router(self, more: Iterable[BaseRoute] = ()) -> ASGIApp:
        """Where each page is, and `more` beside them; a request no page can take is told so."""
        routes = [
            Route("/login", self.login, methods=["GET", "POST"]),
            Route("/logout", self.logout, methods=["POST"]),
            *Staying(self.visits, self.address.cookie).routes(),
            Route("/signin/{asset:str}", asset, methods=["GET"]),
            Route("/healthz", healthy, methods=["GET"]),
        ]
        naming = [Middleware(self._naming)]
        router = Router([*routes, *more], redirect_slashes=False, default=self.nowhere, middleware=naming)
        return ExceptionMiddleware(router)

    def _naming(self, app: ASGIApp) -> ASGIApp:
        async def named(scope: Scope, receive: Receive, send: Send) -> None:
            if not scope["path"].startswith(NO_PAGES):
                _clinic.set(await to_thread.run_sync(self.clinic))
            await app(scope, receive, send)

        return named

    async def login(self, request: Request) -> Answer:
        """The form, and what comes of it."""
        if request.method in READING:
            if await self.visits.of(request.scope, self.address.cookie):
                return RedirectResponse("/", 303)
            expired = "expired" in request.query_params
            ending = await self.visits.ending(request.scope, self.address.cookie) if expired else None
            said = next((words for name, words in SAID.items() if name in request.query_params), None)
            return self.form(request, "login.html", expired=expired, ending=ending, said=said)
        if not self.by_password:
            return RedirectResponse("/login", 303)
        form = await self.sent(request)
        if form is None:
            return self.form(request, "login.html", wrong=EXPIRED, status=403)
        username = text(form, "username")
        try:
            token = await to_thread.run_sync(
                lambda: self.door.sign_in(
                    username,
                    text(form, "password"),
                    text(form, "code"),
                    address=self.address.visitor(request.scope),
                    browser=browser_of(request),
                    notes=self.notes(request),
                )
            )
        except SignInError as refusal:
            wrong, wait = str(refusal), refusal.wait
            return self.form(request, "login.html", wrong=wrong, username=username, status=401, wait=wait)
        return self.remembered(await self.entered(request, token), request, username)

    async def entered(self, request: Request, token: str) -> Answer:
        """To the app, with a new session; the one this browser had before, whoever's it was, is over.

        Where that cannot be told to the record, its token opens nothing here, as when somebody signs out.
        """
        try:
            before = await self.visits.of(request.scope, self.address.cookie)
            if before is not None:
                await self._end(before)
        except StoreError as fault:
            noted(fault)
            self.visits.let_go(request.scope, self.address.cookie)
        return self.signed_in(token)

    def signed_in(self, token: str, place: str = "/") -> Answer:
        """To the app, with a session."""
        answer = RedirectResponse(place, 303)
        self._set_cookie(answer, self.address.cookie, token, same_site="lax")
        return answer

    def renewed(self, session: Session, token: str | None, place: str) -> Answer:
        """Back to where somebody was, with the token their session goes by now, unless it has ended."""
        self.visits.forget(session.id)
        return RedirectResponse(place, 303) if token is None else self.signed_in(token, place)

    def welcome(self, account_id: int) -> ASGIApp:
        """Sign whoever comes in with one account: only for a record whose patients are invented."""

        async def welcoming(scope: Scope, receive: Receive, send: Send) -> None:
            token = await to_thread.run_sync(
                lambda: sessions.open_session(
                    self.door.engine,
                    account_id,
                    proved_by="demo",
                    address=self.address.visitor(scope),
                    browser=browser_of(Request(scope)),
                    at=self.door.clock(),
                )
            )
            await self.signed_in(token, own_place(scope["path"]))(scope, receive, send)

        return welcoming

    async def logout(self, request: Request) -> Answer:
        """End this browser's session, clear what it kept, and lead on to where else one signs out."""
        try:
            answer = await self._left(request)
        except StoreError as fault:
            self.visits.let_go(request.scope, self.address.cookie)
            answer = PlainTextResponse(f"{OUT_UNTOLD} Reference {noted(fault)}.")
        answer.delete_cookie(self.address.cookie, secure=self.address.proxied, httponly=True, samesite="lax")
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer

    async def _left(self, request: Request) -> Answer:
        session, elsewhere = await self.visits.of(request.scope, self.address.cookie), None
        if session is not None:
            await self._end(session)
            elsewhere = await self.way_out(request, session) if self.way_out else None
        # by the page itself: a browser follows no form to another site under our policy
        if elsewhere:
            return self.page("left.html", 200, elsewhere=elsewhere)
        return RedirectResponse("/login?left", 303)

    async def _end(self, session: Session) -> None:
        engine, at = self.door.engine, self.door.clock()
        await to_thread.run_sync(lambda: sessions.end_session(engine, session.id, at=at))
        self.visits.forget(session.id)

    async def nowhere(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What is asked for and does not exist."""
        answer = self.page("message.html", 404, title="There is no such page", words=NO_PAGE, back="/")
        await answer(scope, receive, send)

    async def whose(self, request: Request) -> Session:
        """The session of a request the gate let through."""
        session = await self.visits.of(request.scope, self.address.cookie)
        if session is None:
            raise RuntimeError("The gate lets nobody here without a session")
        return session

    async def sent(self, request: Request) -> FormData | None:
        """The form's fields, `None` when it was not sent to this browser by us."""
        if int(request.headers.get("content-length") or LONGEST_FORM + 1) > LONGEST_FORM:
            return None
        form = await request.form(max_files=0, max_fields=20)
        expected = request.cookies.get(self.address.form_cookie, "")
        given = text(form, "form_key")
        return form if expected and secrets.compare_digest(expected.encode(), given.encode()) else None

    def notes(self, request: Request) -> str:
        """The notes this browser brings of whoever got in with it before."""
        return request.cookies.get(self.address.known_cookie, "")

    def form(
        self, request: Request, template: str, *, status: int = 200, wait: float = 0.0, **told: object
    ) -> Answer:
        """A page with a form that only this browser can send back; at once, or when it has to `wait`."""
        key = request.cookies.get(self.address.form_cookie) or secrets.token_urlsafe(32)
        status = PATIENCE if wait else status
        answer = self.page(template, status, form_key=key, **{**DEFAULTS, **told})
        self._set_cookie(answer, self.address.form_cookie, key, same_site="strict")
        if wait:
            answer.headers["Retry-After"] = str(max(1, round(wait)))
        return answer

    def page(self, template: str, status: int, **told: object) -> Answer:
        """A page of the way in."""
        known = {"clinic": _clinic.get(), "trusted": self.trusted, "back": None}
        page = TEMPLATES.get_template(template).render({**known, **told})
        return HTMLResponse(page, status)

    def remembered(self, answer: Answer, request: Request, username: str) -> Answer:
        """The answer with a note of whoever got in, which stays when they sign out."""
        notes = self.door.browsers.noted(self.notes(request), username)
        lasts = int(LASTS.total_seconds())
        self._set_cookie(answer, self.address.known_cookie, notes, same_site="strict", lasts=lasts)
        return answer

    def _set_cookie(
        self,
        answer: Answer,
        name: str,
        value: str,
        *,
        same_site: Literal["lax", "strict"],
        lasts: int | None = None,
    ) -> None:
        secure = self.address.proxied
        answer.set_cookie(name, value, max_age=lasts, httponly=True, secure=secure, samesite=same_site)


OUT_UNTOLD: Final = (
    "You are signed out on this browser. The record is busy, or cannot be reached or written, so the audit "
    "trail does not tell it. If it stays so, `seventy doctor` says what is wrong."
)
NO_PAGE: Final = "Nothing of Seventy has this address. It may be mistyped, or from another version."
DEFAULTS: Final = {"wrong": None, "username": "", "expired": False, "ending": None, "said": None}
SAID: Final = {
    "left": "You are signed out.",
    "changed": "Your password is changed, and you are signed out everywhere. Sign in with the new one.",
}
"""What was done that led to the form, by the word in its address."""


def browser_of(request: Request) -> str:
    """What the browser says it is."""
    return request.headers.get("user-agent", "")[:LONGEST_AGENT]


def text(form: FormData, name: str) -> str:
    """A field of a form; empty where it is missing, a file, or no text as browsers send it."""
    value = form.get(name)
    return value if isinstance(value, str) and HALF.search(value) is None else ""
