"""The page behind the link of a new account, or of one that was reset: password, authenticator, codes."""

from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response as Answer
from starlette.routing import BaseRoute, Route

from dashboard.signin.answers import READING
from dashboard.signin.door import Chosen
from dashboard.signin.routes import EXPIRED, Pages, text
from dashboard.signin.waiting import SignInError
from models.access import totp
from models.store.accounts.staff import AccountError, StaffAccount


class SettingUp:
    """Answers for that page."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    def routes(self) -> list[BaseRoute]:
        """Where it is."""
        return [Route("/setup/{token}", self.set_up, methods=["GET", "POST"])]

    async def set_up(self, request: Request) -> Answer:
        """The form, and what comes of it."""
        token, door = request.path_params["token"], self.pages.door
        account = await to_thread.run_sync(door.account_of_link, token)
        if account is None:
            return self._gone()
        if request.method in READING:
            return self._page(request, account)
        form = await self.pages.sent(request)
        if form is None:
            return self._page(request, account, wrong=EXPIRED, status=403)
        sealed = text(form, "sealed")
        chosen = Chosen(text(form, "password"), text(form, "again"), sealed, text(form, "code"))
        try:
            codes = await to_thread.run_sync(door.set_up, token, chosen)
        except SignInError as refusal:
            wrong, wait = str(refusal), refusal.wait
            return self._page(request, account, sealed, wrong=wrong, status=400, wait=wait)
        except AccountError:  # it was followed elsewhere meanwhile
            return self._gone()
        answer = self.pages.page("codes.html", 200, codes=codes, on="/login", onward="I have them. Sign in")
        return self.pages.remembered(answer, request, account.username)

    def _page(
        self, request: Request, account: StaffAccount, sealed: str = "", *, status: int = 200, **told: Any
    ) -> Answer:
        offer = self.pages.door.offer(request.path_params["token"], account, sealed)
        uri = totp.provisioning_uri(offer.secret, account=account.username, issuer="Seventy")
        told |= {"account": account, "offer": offer, "uri": uri, "qr": totp.qr_svg(uri)}
        return self.pages.form(request, "setup.html", status=status, **told)

    def _gone(self) -> Answer:
        words = "It was used already or has expired. Ask your administrator for a new one."
        return self.pages.page("message.html", 404, title="This link does not work", words=words)
