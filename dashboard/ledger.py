"""What the clinic advertises, and the question it fixed beforehand to be judged by."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Engine

from models.outcomes.answers.claim import Claim
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.locked import PRIMARY
from models.store.record import read
from models.store.record.claims import ClaimVersion, Lock


class Ledger(NamedTuple):
    """Every version of every claim, and every lock, the oldest first."""

    claims: tuple[ClaimVersion, ...]
    locks: tuple[Lock, ...]

    @property
    def lock(self) -> Lock | None:
        """The lock that stands."""
        return self.locks[-1] if self.locks else None

    @property
    def question(self) -> Estimand:
        """The locked question; the primary one where none was ever locked."""
        return self.lock.estimand if self.lock else PRIMARY

    @property
    def advertised(self) -> ClaimVersion | None:
        """The claim the locked question was locked for, as it stands; else the first that stands."""
        standing = [each for each in self.claims if each.current]
        locked_for = self.lock.claim_id if self.lock else None
        mine = (each for each in standing if each.entity_id == locked_for)
        return next(mine, standing[0] if standing else None)

    @property
    def claim(self) -> Claim:
        """What a verdict is given on."""
        return self.advertised.claim if self.advertised else Claim()


def read_ledger(engine: Engine, known_at: datetime | None = None) -> Ledger:
    """The ledger as it stands, or stood at a moment."""
    return Ledger(tuple(read.claims(engine, known_at)), tuple(read.locks(engine, known_at)))
