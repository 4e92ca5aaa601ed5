"""The sign-ins that failed, counted so that guessing is slow, and forgotten in time."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine

from models.access.throttle import ACCOUNT
from models.store.accounts.account_events import subject_of
from models.store.audit.events import Event, append
from models.store.audit.inserting import insert
from models.store.engine.asking import ask, tell
from models.store.engine.database import reading, writing
from models.store.engine.lookup import next_id
from models.tables.columns import moment_number, moment_of

AT: Final = " at "
"""Between an account's bucket and the browser whose failures are counted apart."""
STRANGER: Final = "somebody not signed in"


def note_failure(
    engine: Engine, buckets: Iterable[str], *, at: datetime, account_id: int | None = None, address: str = ""
) -> None:
    """A sign-in failed: counted in each of its buckets.

    The audit trail is told of the account it was tried with, and of none that was only typed: some people
    type their password there.
    """
    with writing(engine) as connection:
        count_failure(connection, buckets, at)
        subject = None if account_id is None else subject_of(account_id)
        append(connection, [Event("refuse sign-in", subject, address=address or None)], by=STRANGER, at=at)


def failures(engine: Engine, bucket: str, *, since: datetime) -> list[datetime]:
    """When sign-ins of a bucket failed."""
    with reading(engine) as connection:
        sql = "SELECT failed_at FROM sign_in_failure WHERE bucket = :bucket AND failed_at >= :since"
        return [moment_of(row[0]) for row in ask(connection, sql, bucket=bucket, since=moment_number(since))]


def forget_failures(engine: Engine, bucket: str) -> None:
    """Somebody signed in: what failed before no longer makes them wait, in whichever browser it was."""
    with writing(engine) as connection:
        sql = "DELETE FROM sign_in_failure WHERE bucket = :bucket OR bucket LIKE :apart"
        tell(connection, sql, bucket=bucket, apart=f"{bucket}{AT}%")


def count_failure(connection: Connection, buckets: Iterable[str], at: datetime) -> None:
    """One more in each bucket, inside an open transaction."""
    gone = "DELETE FROM sign_in_failure WHERE failed_at < :at"
    tell(connection, gone, at=moment_number(at - ACCOUNT.remembered))  # nothing is remembered longer
    first, moment = next_id(connection, "sign_in_failure"), moment_number(at)
    rows = [(first + place, bucket, moment) for place, bucket in enumerate(buckets)]
    insert(connection, "sign_in_failure", ("id", "bucket", "failed_at"), rows)
