"""The way to the identity provider and back, and the provider's word that somebody signed out there."""

import logging
import secrets
from time import monotonic
from typing import Final
from urllib.parse import parse_qs

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.responses import Response as Answer
from starlette.routing import BaseRoute, Route

from dashboard.signin.gate import BACKCHANNEL
from dashboard.signin.oidc.errand import LASTS, MOST, Errand, Errands
from dashboard.signin.oidc.provider import Provider
from dashboard.signin.oidc.refusal import RefusalError, Why
from dashboard.signin.oidc.tokens import Proof, SignedOut, proof_of, signed_out, verified_email
from dashboard.signin.places import BACK, own_place
from dashboard.signin.routes import LONGEST_FORM, Pages, browser_of
from models.access.tokens import token_hash
from models.store.accounts import identities, sessions
from models.store.accounts.doors import NotProvedError
from models.store.accounts.failures import STRANGER
from models.store.accounts.sessions import Session
from models.store.audit.events import Event, note

LOG: Final = logging.getLogger("seventy")
LOGIN: Final = "/auth/oidc/login"
CALLBACK: Final = "/auth/oidc/callback"
PROVE_AGAIN: Final = f"{LOGIN}?again=1"
"""Where somebody goes who has to prove once more who they are, before something that asks for it."""
PROVED_BY: Final = "provider"
MOST_FIELDS: Final = 20
TOLD_AGAIN_AFTER: Final = 60.0
"""Seconds in which the trail is told once of what is refused for one reason and comes from one address."""
NOT_NOW: Final = ("server_error", "temporarily_unavailable")
TITLE: Final = "You could not be signed in"


class ProviderPages:
    """Answers for the paths of signing in at the provider; they end in the session all others end in."""

    def __init__(self, pages: Pages, provider: Provider) -> None:
        self.pages, self.provider = pages, provider
        self.errands = Errands(pages.door.keys, pages.door.clock, pages.address.record)
        self._heard: dict[str, float] = {}  # forgotten at a restart: heard twice, it signs out once more
        self._told: dict[tuple[str, Why], float] = {}
        self._came_with: dict[str, tuple[float, str]] = {}
        pages.way_out = self.way_out

    def routes(self) -> list[BaseRoute]:
        """Where each is."""
        return [
            Route(LOGIN, self.login, methods=["GET"]),
            Route(CALLBACK, self.callback, methods=["GET"]),
            Route(BACKCHANNEL, self.backchannel, methods=["POST"]),
        ]

    async def login(self, request: Request) -> Answer:
        """Send the browser to the provider; whoever is signed in goes there only to prove it again."""
        address, again = self.pages.address, "again" in request.query_params
        session = await self.pages.visits.of(request.scope, address.cookie)
        if again != (session is not None):
            return RedirectResponse("/" if session else "/login", 303)
        hashed = session.id if session else None
        page = own_place(request.query_params.get(BACK))
        errand = self.errands.begin(address.origin(request.scope) + CALLBACK, hashed, page)
        try:
            answer: Answer = RedirectResponse(await self.provider.way_to(errand), 303)
        except RefusalError as refusal:
            return self._refused(refusal)
        before = self.errands.of(request.cookies.get(address.errand_cookie))
        self._keep_errands(answer, [errand, *before][:MOST])
        return answer

    async def callback(self, request: Request) -> Answer:
        """Back from the provider: a session, or one page for every refusal."""
        try:
            answer = await self._back(request)
        except RefusalError as refusal:
            answer = self._refused(refusal)
        cookie = request.cookies.get(self.pages.address.errand_cookie)
        self._keep_errands(answer, self.errands.beside(cookie, request.query_params.get("state", "")))
        return answer

    def _keep_errands(self, answer: Answer, errands: list[Errand]) -> None:
        address = self.pages.address
        answer.set_cookie(
            address.errand_cookie,
            self.errands.sealed(*errands) if errands else "",
            max_age=int(LASTS.total_seconds()) if errands else 0,
            httponly=True,
            secure=address.proxied,
            samesite="lax",  # the provider sends the browser back from its own site
        )

    async def backchannel(self, request: Request) -> Answer:
        """End the sessions of a subject, at the word of the provider (Back-Channel Logout 1.0)."""
        try:
            told = await signed_out(self.provider, await _logout_token(request))
            self._refuse_heard(told)
        except RefusalError as refusal:
            self._note(refusal)
            status = 503 if refusal.status == 503 else 400  # noqa: PLR2004
            return JSONResponse({"error": "invalid_request"}, status)
        issuer, now = self.provider.trusted.issuer, self.pages.door.clock()
        engine = self.pages.door.engine
        await to_thread.run_sync(
            lambda: identities.end_sessions_of_identity(engine, issuer, told.subject, at=now)
        )
        self._heard[told.name] = told.until  # not before: where it failed, the provider says it again
        return PlainTextResponse("")

    async def _back(self, request: Request) -> Answer:
        asked = request.query_params
        if any(len(asked.getlist(name)) > 1 for name in asked):
            raise RefusalError(Why.REPEATED)
        cookie = request.cookies.get(self.pages.address.errand_cookie)
        errand = self.errands.end(cookie, asked.get("state", ""))
        try:
            return await self._ended(request, errand)
        except RefusalError as refusal:
            if errand.session is not None:
                await to_thread.run_sync(self._note_failed_proof, request, errand.session)
            else:
                await to_thread.run_sync(self._note_failure, request, refusal.why)
            raise

    async def _ended(self, request: Request, errand: Errand) -> Answer:
        asked = request.query_params
        await self._check_issuer(asked.get("iss"))
        if "error" in asked:
            raise RefusalError(Why.AWAY if asked["error"] in NOT_NOW else Why.DENIED)
        if not asked.get("code"):
            raise RefusalError(Why.NO_CODE)
        since = await to_thread.run_sync(identities.now_known, self.pages.door.engine)
        given = await self.provider.tokens(asked["code"], errand)
        proof = await proof_of(self.provider, given, errand)
        account_id = await self._account(proof, str(given.get("access_token") or ""))
        if errand.session is not None:
            return await self._proved_again(request, errand, account_id)
        open_already = await self.pages.visits.of(request.scope, self.pages.address.cookie)
        if open_already is not None and open_already.account.id == account_id:  # by another tab of theirs
            return RedirectResponse("/", 303)
        token = await to_thread.run_sync(self._open_session, request, proof.subject, account_id, since)
        self._keep(token_hash(token), str(given["id_token"]))
        return await self.pages.entered(request, token)

    async def way_out(self, request: Request, session: Session) -> str | None:
        """Where somebody who has signed out here, and came in through the provider, signs out there."""
        _, id_token = self._came_with.pop(session.id, (None, None))
        if id_token is None and session.proved_by != PROVED_BY:
            return None
        try:
            return await self.provider.way_out(self.pages.address.origin(request.scope) + "/login", id_token)
        except RefusalError:
            return None

    def _keep(self, hashed: str, id_token: str) -> None:
        now = self.pages.door.clock().timestamp()
        oldest = now - self.pages.visits.limits.absolute.total_seconds()
        self._came_with = {each: told for each, told in self._came_with.items() if told[0] > oldest}
        self._came_with[hashed] = (now, id_token)

    async def _check_issuer(self, issuer: str | None) -> None:
        """Refuse a code another provider gave (RFC 9207): to us it could be anybody's."""
        told = await self.provider.configuration()
        missing = issuer is None and told.authorization_response_iss_parameter_supported
        if missing or issuer not in (None, self.provider.trusted.issuer):
            raise RefusalError(Why.RESPONSE_ISSUER)

    async def _account(self, proof: Proof, access_token: str) -> int:
        """The account of whom the provider knows; its first time, the one called like the verified e-mail."""
        engine, issuer = self.pages.door.engine, self.provider.trusted.issuer
        linked = await to_thread.run_sync(identities.account_of_identity, engine, issuer, proof.subject)
        if linked is not None:
            return linked
        email = proof.email
        if email is None:
            person = await self.provider.person(access_token)
            email = verified_email(person) if person.get("sub") == proof.subject else None
        if email is None:
            raise RefusalError(Why.EMAIL)
        at = self.pages.door.clock()
        first = await to_thread.run_sync(
            lambda: identities.first_link(engine, issuer, proof.subject, email, at=at)
        )
        if first is None:
            raise RefusalError(Why.NOBODY)
        return first

    async def _proved_again(self, request: Request, errand: Errand, account_id: int) -> Answer:
        hashed = errand.session or ""
        session = await self.pages.visits.open(hashed)
        if session is None or session.account.id != account_id:
            raise RefusalError(Why.OTHER_PERSON)
        engine, at = self.pages.door.engine, self.pages.door.clock()
        address = self.pages.address.visitor(request.scope)
        token = await to_thread.run_sync(
            lambda: sessions.prove_again(engine, hashed, PROVED_BY, address=address, at=at)
        )
        return self.pages.renewed(session, token, errand.page)

    def _note_failed_proof(self, request: Request, hashed: str) -> None:
        address, at = self.pages.address.visitor(request.scope), self.pages.door.clock()
        sessions.note_failed_proof(self.pages.door.engine, hashed, address=address, at=at)

    def _note_failure(self, request: Request, why: Why) -> None:
        """Nobody came in: told to the trail, but not so often that a stranger fills it with that."""
        address, at = self.pages.address.visitor(request.scope), self.pages.door.clock()
        now = monotonic()
        self._told = {each: when for each, when in self._told.items() if now - when < TOLD_AGAIN_AFTER}
        if (address, why) not in self._told:
            self._told[address, why] = now
            detail = {"provider": self.provider.trusted.host, "why": str(why)}
            refused = Event("refuse sign-in", address=address, detail=detail)
            note(self.pages.door.engine, refused, by=STRANGER, at=at)

    def _open_session(self, request: Request, subject: str, account_id: int, since: int) -> str:
        issuer = self.provider.trusted.issuer
        try:
            return sessions.open_session(
                self.pages.door.engine,
                account_id,
                proved_by=PROVED_BY,
                address=self.pages.address.visitor(request.scope),
                browser=browser_of(request),
                at=self.pages.door.clock(),
                stands=identities.still_linked(issuer, subject, account_id, since),
            )
        except NotProvedError:
            raise RefusalError(Why.MEANWHILE) from None

    def _refuse_heard(self, told: SignedOut) -> None:
        now = self.pages.door.clock().timestamp()
        self._heard = {name: until for name, until in self._heard.items() if until > now}
        if told.name in self._heard:
            raise RefusalError(Why.USED)

    def _refused(self, refusal: RefusalError) -> Answer:
        """The one page of every refusal: what to do next, and a reference to what the log knows."""
        host = self.provider.trusted.host
        words = {
            401: f"What came back from {host} did not prove who you are. Begin anew; if it happens again, "
            "tell your administrator.",
            403: f"{host} knows you, but that opens nothing here: no account of the clinic is linked to it, "
            "or you signed in there without the second factor the clinic asks for. Ask your administrator.",
            503: f"{host} cannot be asked at the moment. Try again in a minute"
            + (", or sign in with your password and a code." if self.provider.trusted.local else "."),
        }[refusal.status]
        reference = self._note(refusal)
        return self.pages.page(
            "message.html", refusal.status, title=TITLE, words=f"{words} Reference {reference}."
        )

    def _note(self, refusal: RefusalError) -> str:
        reference = secrets.token_hex(2).upper()
        LOG.warning("%s: the identity provider's word was not taken: %s", reference, refusal.why)
        return reference


async def _logout_token(request: Request) -> str:
    if int(request.headers.get("content-length") or LONGEST_FORM + 1) > LONGEST_FORM:
        raise RefusalError(Why.MALFORMED)
    try:
        form = parse_qs((await request.body()).decode(), max_num_fields=MOST_FIELDS)
    except ValueError:
        raise RefusalError(Why.MALFORMED) from None
    tokens = form.get("logout_token", [])
    if len(tokens) != 1:
        raise RefusalError(Why.MALFORMED)
    return tokens[0]
