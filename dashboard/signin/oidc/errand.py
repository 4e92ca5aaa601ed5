"""What a browser goes to the provider with, sealed into its cookie: good once, and for ten minutes."""

import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from dashboard.signin.oidc.refusal import RefusalError, Why
from models.access.keys import COOKIES, Keys, SealError
from models.access.tokens import new_token, token_hash

LASTS: Final = timedelta(minutes=10)
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

    def sealed(self, errand: Errand) -> str:
        """The value of its cookie."""
        told = errand._asdict() | {"begun_at": errand.begun_at.isoformat()}
        return self.keys.seal(COOKIES, json.dumps(told).encode(), self.about)

    def end(self, cookie: str | None, state: str) -> Errand:
        """The errand of this browser, which is used with this; `RefusalError` unless `state` is its own."""
        errand = self._opened(cookie)
        if not secrets.compare_digest(errand.state.encode(), state.encode()):
            raise RefusalError(Why.STATE)
        now = self.clock()
        self._used = {used: at for used, at in self._used.items() if now - at < LASTS}
        if token_hash(state) in self._used:
            raise RefusalError(Why.USED)
        self._used[token_hash(state)] = errand.begun_at
        return errand

    def _opened(self, cookie: str | None) -> Errand:
        try:
            told = json.loads(self.keys.open(COOKIES, cookie or "", self.about))
        except SealError:
            raise RefusalError(Why.NOT_BEGUN) from None
        errand = Errand(**told | {"begun_at": datetime.fromisoformat(told["begun_at"])})
        if not timedelta(0) <= self.clock() - errand.begun_at < LASTS:
            raise RefusalError(Why.NOT_BEGUN)
        return errand
