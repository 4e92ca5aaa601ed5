"""What an account signs in with, and what of it opens once: its authenticator's steps, its recovery codes."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from models.store.accounts.account_events import Doors, credentials_told, subject_of
from models.store.accounts.doors import newest_event, open_sessions, sign_out, signed_out_since
from models.store.accounts.staff import MEANWHILE, AccountError, StaffAccount, accounts_where, username_key
from models.store.audit.events import Event, append
from models.store.audit.inserting import insert
from models.store.engine.asking import ask, ask_first, tell
from models.store.engine.database import reading, writing
from models.tables.columns import moment_number


class Credentials(NamedTuple):
    """What a sign-in is held against. `totp_secret` is sealed, `read_at` the newest event then."""

    account: StaffAccount
    password_hash: str | None
    totp_secret: str | None
    totp_last_step: int | None
    read_at: int

    def stand(self, connection: Connection) -> bool:
        """Whether the account is active still, with this password and authenticator."""
        sql = "SELECT password_hash, totp_secret FROM account WHERE id = :id AND active"
        return ask_first(connection, sql, id=self.account.id) == (self.password_hash, self.totp_secret)

    def let_in(self, connection: Connection) -> bool:
        """Whether they stand, and the account was not signed out everywhere since they were read."""
        return self.stand(connection) and not signed_out_since(connection, self.account.id, self.read_at)


def credentials_of(engine: Engine, username: str) -> Credentials | None:
    """What an account signs in with, `None` for a name nobody has."""
    with reading(engine) as connection:
        found = accounts_where(connection, "a.username_key = :key", key=username_key(username))
        if not found:
            return None
        sql = "SELECT password_hash, totp_secret, totp_last_step FROM account WHERE id = :id"
        told = (*(ask_first(connection, sql, id=found[0].id) or ()), newest_event(connection))
        return Credentials(found[0], *told)


def hash_anew(engine: Engine, account_id: int, old: str, new: str, *, at: datetime) -> None:
    """Keep the same password under another hash; nothing when it was changed meanwhile. No session ends."""
    with writing(engine) as connection:
        sql = "UPDATE account SET password_hash = :new WHERE id = :id AND password_hash = :old"
        if tell(connection, sql, id=account_id, old=old, new=new):
            account = accounts_where(connection, "a.id = :id", id=account_id)[0]
            told = credentials_told(account_id, password_hash=new)
            done = Event("hash password anew", subject_of(account_id), detail=told)
            append(connection, [done], by=account.username, at=at)


def take_step(engine: Engine, account_id: int, step: int, *, at: datetime) -> bool:
    """Use up a time step of the second factor; `False` when a code of it, or of a later one, was taken."""
    with writing(engine) as connection:
        sql = (
            "UPDATE account SET totp_last_step = :step "
            "WHERE id = :id AND (totp_last_step IS NULL OR totp_last_step < :step)"
        )
        if not tell(connection, sql, step=step, id=account_id):
            return False
        account = accounts_where(connection, "a.id = :id", id=account_id)[0]
        used = Event("use code", subject_of(account_id), detail=credentials_told(account_id, totp_step=step))
        append(connection, [used], by=account.username, at=at)
        return True


def recovery_hashes(engine: Engine, account_id: int) -> list[str]:
    """The hashes of the recovery codes that were not used yet."""
    with reading(engine) as connection:
        return _unused(connection, account_id)


def use_recovery_code(engine: Engine, code_hash: str, *, at: datetime) -> bool:
    """Use up a recovery code; `False` when somebody was quicker."""
    with writing(engine) as connection:
        whose = "SELECT account_id FROM recovery_code WHERE code_hash = :hash AND used_at IS NULL"
        found = ask_first(connection, whose, hash=code_hash)
        if found is None:
            return False
        account = accounts_where(connection, "a.id = :id", id=found[0])[0]
        unused = _unused(connection, account.id)
        sql = "UPDATE recovery_code SET used_at = :at WHERE code_hash = :hash"
        tell(connection, sql, at=moment_number(at), hash=code_hash)
        left = [code for code in unused if code != code_hash]
        told = credentials_told(account.id, _codes(left), _codes(unused))
        used = Event("use recovery code", subject_of(account.id), detail={"codes left": len(left), **told})
        append(connection, [used], by=account.username, at=at)
        return True


def make_recovery_codes(engine: Engine, session: str, code_hashes: list[str], *, at: datetime) -> None:
    """Other recovery codes for whoever an open session (its token's hash) is of; the old ones are gone.

    `AccountError` when the session has ended.
    """
    with writing(engine) as connection:
        account = _signed_in(connection, session)
        tell(connection, "DELETE FROM recovery_code WHERE account_id = :id", id=account.id)
        rows = [(code, account.id) for code in code_hashes]
        insert(connection, "recovery_code", ("code_hash", "account_id"), rows)
        told = credentials_told(account.id, _codes(code_hashes))
        made = Event("make recovery codes", subject_of(account.id), detail={"made": len(rows), **told})
        append(connection, [made], by=account.username, at=at)


def change_authenticator(
    engine: Engine, session: str, *, totp_secret: str, totp_step: int, at: datetime
) -> None:
    """Another authenticator for whoever an open session is of; every other session of theirs ends.

    `totp_secret` is sealed, and `totp_step` the step of the code it was proved with, now used up. The same
    errors.
    """
    with writing(engine) as connection:
        account = _signed_in(connection, session)
        sql = "UPDATE account SET totp_secret = :secret, totp_last_step = :step WHERE id = :id"
        tell(connection, sql, secret=totp_secret, step=totp_step, id=account.id)
        ended = sign_out(connection, account.id, at=at, but=session)
        kept = {"session_digests": open_sessions(connection, account.id)}
        told = credentials_told(account.id, kept, totp_step=totp_step, totp_secret=totp_secret)
        detail = {"sessions ended": ended, **told}
        changed = Event("change authenticator", subject_of(account.id), detail=detail)
        append(connection, [changed], by=account.username, at=at)


def _signed_in(connection: Connection, session: str) -> StaffAccount:
    """Whose session this is, seen inside the transaction that changes what they sign in with."""
    theirs = "SELECT s.account_id FROM auth_session s WHERE s.token_hash = :hashed AND s.ended_at IS NULL"
    found = accounts_where(connection, f"a.active AND a.id = ({theirs})", hashed=session)
    if not found:
        raise AccountError(MEANWHILE)
    return found[0]


def _unused(connection: Connection, account_id: int) -> list[str]:
    sql = "SELECT code_hash FROM recovery_code WHERE account_id = :id AND used_at IS NULL"
    return [row[0] for row in ask(connection, sql, id=account_id)]


def _codes(code_hashes: list[str]) -> Doors:
    return {"recovery_code_digests": [(code,) for code in code_hashes]}
