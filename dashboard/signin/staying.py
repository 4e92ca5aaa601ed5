"""What the app's page asks by itself: how long its session lasts, and that somebody types or points in it."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.responses import Response as Answer
from starlette.routing import BaseRoute, Route

from dashboard.signin.visits import Visits


class Staying:
    """Answers `{"left": seconds}`, with 401 once the session has ended."""

    def __init__(self, visits: Visits, cookie: str) -> None:
        self.visits, self.cookie = visits, cookie

    def routes(self) -> list[BaseRoute]:
        """Where each is asked."""
        return [
            Route("/signin/alive", self.alive, methods=["GET"]),
            Route("/signin/doing", self.doing, methods=["POST"]),
        ]

    async def alive(self, request: Request) -> Answer:
        """How many seconds are left; asking is not doing."""
        session = await self.visits.of(request.scope, self.cookie)
        if session is None:
            return JSONResponse({"left": 0}, 401)
        return JSONResponse({"left": self.visits.left(session)})

    async def doing(self, request: Request) -> Answer:
        """Somebody presses keys in a field that has told the app nothing yet: their session stays open."""
        session = await self.visits.of(request.scope, self.cookie)
        if session is not None:
            await self.visits.did_something(session.id)
        return await self.alive(request)
