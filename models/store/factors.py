"""What an account signs in with, and what of it opens once: its authenticator's steps, its recovery codes."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Engine

from models.store.accounts import StaffAccount, accounts_where, username_key
from models.store.asking import ask, ask_first, tell
from models.store.database import reading, writing
from models.tables.columns import moment_number


class Credentials(NamedTuple):
    """What a sign-in is held against. `totp_secret` is sealed."""

    account: StaffAccount
    password_hash: str | None
    totp_secret: str | None
    totp_last_step: int | None


def credentials_of(engine: Engine, username: str) -> Credentials | None:
    """What an account signs in with, `None` for a name nobody has."""
    with reading(engine) as connection:
        found = accounts_where(connection, "a.username_key = :key", key=username_key(username))
        if not found:
            return None
        sql = "SELECT password_hash, totp_secret, totp_last_step FROM account WHERE id = :id"
        return Credentials(found[0], *(ask_first(connection, sql, id=found[0].id) or ()))


def take_step(engine: Engine, account_id: int, step: int) -> bool:
    """Use up a time step of the second factor; `False` when a code of it, or of a later one, was taken."""
    with writing(engine) as connection:
        sql = (
            "UPDATE account SET totp_last_step = :step "
            "WHERE id = :id AND (totp_last_step IS NULL OR totp_last_step < :step)"
        )
        return tell(connection, sql, step=step, id=account_id) == 1


def recovery_hashes(engine: Engine, account_id: int) -> list[str]:
    """The hashes of the recovery codes that were not used yet."""
    with reading(engine) as connection:
        sql = "SELECT code_hash FROM recovery_code WHERE account_id = :id AND used_at IS NULL"
        return [row[0] for row in ask(connection, sql, id=account_id)]


def use_recovery_code(engine: Engine, code_hash: str, *, at: datetime) -> bool:
    """Use up a recovery code; `False` when somebody was quicker."""
    with writing(engine) as connection:
        sql = "UPDATE recovery_code SET used_at = :at WHERE code_hash = :hash AND used_at IS NULL"
        return tell(connection, sql, at=moment_number(at), hash=code_hash) == 1
