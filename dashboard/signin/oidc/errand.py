"""What a browser goes to the provider with, sealed into its cookie: good once, and for ten minutes.

Each of its tabs may be on such an errand: the cookie holds the last few, or one tab's would end another's.
"""

import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from dashboard.signin.oidc.refusal import RefusalError, Why
from models.access.keys import COOKIES, Keys, SealError
from models.access.tokens import new_token, token_hash

LASTS: Final = timedelta(minutes=10)
MOST: Final = 4
"""Errands of one browser; the oldest is forgotten."""
ABOUT: Final = "signing in at a provider"
"""What is sealed, beside the record it is for: another one's errands stay closed under the same key too."""


class Errand(NamedTuple):
    """One way to the provider and back.

    `session` is the hash of whose session is to be proved again, `page` where they go afterwards.
    """

    state: str
    nonce: str
    verifier: str
    begun_at: datetime
    back_to: str
    session: str | None = None
    page: str = "/"


class Errands:
    """Begins errands, and takes each back once.

    They are sealed for this process alone. What was used is forgotten when it ends, and none that was begun
    before can be opened after.
    """

    def __init__(self, keys: Keys, clock: Callable[[], datetime], record: str = "") -> None:
        self.keys, self.clock = keys, clock
        self.about = f"{ABOUT}:{record}:{new_token()}"
        self._used: dict[str, datetime] = {}

    def begin(self, back_to: str, session: str | None = None, page: str = "/") -> Errand:
        """A new errand; 256 random bits each for state and nonce, 384 for PKCE's verifier."""
        return Errand(
            new_token(), new_token(), secrets.token_urlsafe(48), self.clock(), back_to, session, page
        )

    def sealed(self, *errands: Errand) -> str:
        """The value of the cookie of a browser that is on these."""
        told = [each._asdict() | {"begun_at": each.begun_at.isoformat()} for each in errands]
        return self.keys.seal(COOKIES, json.dumps(told).encode(), self.about)

    def of(self, cookie: str | None) -> list[Errand]:
        """The errands a browser is on that can still come to an end, the latest first."""
        try:
            told = json.loads(self.keys.open(COOKIES, cookie or "", self.about))
        except SealError:
            return []
        found = [Errand(**each | {"begun_at": datetime.fromisoformat(each["begun_at"])}) for each in told]
        return [each for each in found if timedelta(0) <= self.clock() - each.begun_at < LASTS]

    def end(self, cookie: str | None, state: str) -> Errand:
        """The errand of this browser, which is used with this; `RefusalError` unless `state` is its own."""
        errands = self.of(cookie)
        if not errands:
            raise RefusalError(Why.NOT_BEGUN)
        own = [each for each in errands if secrets.compare_digest(each.state.encode(), state.encode())]
        if not own:
            raise RefusalError(Why.STATE)
        now = self.clock()
        self._used = {used: at for used, at in self._used.items() if now - at < LASTS}
        if token_hash(state) in self._used:
            raise RefusalError(Why.USED)
        self._used[token_hash(state)] = own[0].begun_at
        return own[0]

    def beside(self, cookie: str | None, state: str) -> list[Errand]:
        """The other errands of a browser that came back from one of its own; of a foreign one, none."""
        errands = self.of(cookie)
        others = [each for each in errands if each.state != state]
        return others if len(others) < len(errands) else []
