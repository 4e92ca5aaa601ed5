"""Signing in and setting an account up: what is asked, what is refused, and in which words."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Engine

from dashboard.signin.known import KnownBrowsers
from dashboard.signin.waiting import Buckets, SignInError, Waiting, bucket_of, in_turn
from models.access import passwords, recovery, totp
from models.access.keys import COOKIES, SECRETS, Keys, SealError
from models.access.passwords import PasswordError
from models.access.tokens import token_hash
from models.store.accounts import factors, failures, sessions, staff
from models.store.accounts.doors import NotProvedError
from models.store.accounts.factors import Credentials
from models.store.accounts.sessions import Session
from models.store.accounts.staff import AccountError, StaffAccount
from models.store.engine.database import reading
from models.store.engine.errors import StoreError
from models.store.engine.lookup import clinic_name

REFUSED: Final = "User name, password or code is not right."
NOT_PROVED: Final = "Password or code is not right."
NOT_PRESENT: Final = "The present password is not right."
NOT_OURS: Final = "The key for your authenticator is not the one this page gave. Scan the new one."


class Offer(NamedTuple):
    """A secret for somebody's authenticator, and the same sealed, as their form carries it."""

    secret: str
    sealed: str


class Chosen(NamedTuple):
    """What somebody enters behind their setup link; `sealed` is the secret they were offered."""

    password: str
    again: str
    sealed: str
    code: str


class Door:
    """Lets people in with what they know and what they have."""

    def __init__(self, engine: Engine, keys: Keys, clock: Callable[[], datetime]) -> None:
        self.engine, self.keys, self.clock = engine, keys, clock
        self.browsers = KnownBrowsers(keys, clock)
        self._waiting = Waiting(engine, clock)

    def sign_in(
        self, username: str, password: str, code: str, *, address: str, browser: str, notes: str = ""
    ) -> str:
        """The token of a new session; `SignInError` says the same whatever was wrong.

        `notes` are those the browser brings of whoever got in with it before.
        """
        buckets = self._buckets(username, address, notes)
        with self._waiting.attempt(buckets):
            found = factors.credentials_of(self.engine, username)
            how = self._proof(found, password, code)
            if found is None or how is None:
                account_id = found.account.id if found else None
                failures.note_failure(
                    self.engine, buckets.counts, at=self.clock(), account_id=account_id, address=address
                )
                raise SignInError(REFUSED)
        with _standing(REFUSED):
            token = sessions.open_session(
                self.engine,
                found.account.id,
                proved_by=how,
                address=address,
                browser=browser,
                at=self.clock(),
                stands=found.let_in,
            )
        self._forget_failures(username)
        self._keep_at_todays_cost(found, password)
        return token

    def prove(
        self, session: Session, password: str, code: str, *, address: str, notes: str = ""
    ) -> str | None:
        """Somebody signed in proves anew who they are: the token their session goes by now, as `prove_again`.

        `SignInError` as for signing in, and as slow.
        """
        username = session.account.username
        buckets = self._buckets(username, address, notes)
        with self._waiting.attempt(buckets):
            found = factors.credentials_of(self.engine, username)
            how = self._proof(found, password, code)
            if found is None or how is None:
                sessions.note_failed_proof(
                    self.engine, session.id, buckets.counts, address=address, at=self.clock()
                )
                raise SignInError(NOT_PROVED)
        with _standing(NOT_PROVED):
            token = sessions.prove_again(
                self.engine, session.id, how, address=address, at=self.clock(), stands=found.stand
            )
        self._forget_failures(username)
        return token

    def offer(self, token: str, account: StaffAccount, sealed: str = "") -> Offer:
        """The secret offered behind this link before, if it is one of ours; otherwise a new one."""
        return self._offer(_offered_to(token, account), sealed)

    def offer_another(self, session: Session, sealed: str = "") -> Offer:
        """The same for somebody signed in, who brings another authenticator."""
        return self._offer(_offered_in(session), sealed)

    def set_up(self, token: str, chosen: Chosen) -> list[str]:
        """Store what somebody chose behind their link; their recovery codes, shown this once.

        `SignInError` says what has to be chosen differently; `AccountError` that the link opens nothing.
        """
        account = self.account_of_link(token)
        if account is None:
            raise AccountError("This link was used already or has expired. Ask for a new one.")
        if chosen.password != chosen.again:
            raise SignInError("The two passwords are not the same.")
        password = self._acceptable(account, chosen.password)
        secret, step = self._brought(_offered_to(token, account), chosen.sealed, chosen.code)
        codes = recovery.new_codes()
        staff.finish_setup(
            self.engine,
            token,
            password_hash=_hashed(password),
            totp_secret=self.keys.seal(SECRETS, secret.encode(), _about(account)),
            totp_step=step,
            code_hashes=[recovery.hash_code(code) for code in codes],
            at=self.clock(),
        )
        self._forget_failures(account.username)  # of what is no more
        return codes

    def change_password(
        self, session: Session, present: str, chosen: tuple[str, str], *, address: str, notes: str = ""
    ) -> None:
        """Another password, `chosen` twice, for somebody who knows the present one; every session ends.

        Raises `SignInError`, whose words are for the screen.
        """
        account, (password, again) = session.account, chosen
        buckets = self._buckets(account.username, address, notes)
        with self._waiting.attempt(buckets):
            found = factors.credentials_of(self.engine, account.username)
            if found is None or not passwords.verify_password(found.password_hash, present):
                sessions.note_failed_proof(
                    self.engine, session.id, buckets.counts, address=address, at=self.clock()
                )
                raise SignInError(NOT_PRESENT)
        if password != again:
            raise SignInError("The two passwords are not the same.")
        hashed = _hashed(self._acceptable(account, password))
        with _standing(NOT_PRESENT):
            staff.change_password(self.engine, account.id, hashed, at=self.clock(), stands=found.stand)

    def account_of_link(self, token: str) -> StaffAccount | None:
        """Whose setup link this is, if it is open."""
        return staff.account_of_link(self.engine, token, at=self.clock())

    def new_codes(self, session: Session) -> list[str]:
        """Other recovery codes, shown this once; `AccountError` for whoever is signed in no longer."""
        codes = recovery.new_codes()
        hashes = [recovery.hash_code(code) for code in codes]
        factors.make_recovery_codes(self.engine, session.id, hashes, at=self.clock())
        return codes

    def change_authenticator(self, session: Session, sealed: str, code: str) -> None:
        """The authenticator offered to somebody signed in takes the place of theirs, once it shows a code.

        `SignInError` says what is wrong with the code, `AccountError` that they are signed in no longer.
        """
        secret, step = self._brought(_offered_in(session), sealed, code)
        own = self.keys.seal(SECRETS, secret.encode(), _about(session.account))
        factors.change_authenticator(
            self.engine, session.id, totp_secret=own, totp_step=step, at=self.clock()
        )

    def _offer(self, about: str, sealed: str) -> Offer:
        with suppress(SealError):
            return Offer(self.keys.open(COOKIES, sealed, about).decode(), sealed)
        secret = totp.new_secret()
        return Offer(secret, self.keys.seal(COOKIES, secret.encode(), about))

    def _brought(self, about: str, sealed: str, code: str) -> tuple[str, int]:
        """The secret that was offered, and the step of the code its authenticator shows."""
        try:
            secret = self.keys.open(COOKIES, sealed, about).decode()
        except SealError:
            raise SignInError(NOT_OURS) from None
        step = totp.verified_step(secret, code, at=self.clock(), last_step=None)
        if step is None:
            raise SignInError("The code is not right. Is the time on both devices right?")
        return secret, step

    def _proof(self, found: Credentials | None, password: str, code: str) -> str | None:
        """How somebody proved who they are, `None` when they did not; as slow for a name nobody has."""
        known = passwords.verify_password(found.password_hash if found else None, password)
        if found is None or not known or not found.account.active or found.totp_secret is None:
            return None
        now = self.clock()
        step = None
        with suppress(SealError):  # of a key that was lost: a recovery code lets them in nonetheless
            secret = self.keys.open(SECRETS, found.totp_secret, _about(found.account)).decode()
            step = totp.verified_step(secret, code, at=now, last_step=found.totp_last_step)
        if step is not None:
            return "code" if factors.take_step(self.engine, found.account.id, step, at=now) else None
        for stored in factors.recovery_hashes(self.engine, found.account.id):
            if recovery.matches(stored, code):
                used = factors.use_recovery_code(self.engine, stored, at=self.clock())
                return "recovery code" if used else None
        return None

    def _forget_failures(self, username: str) -> None:
        """What was done stands, and is answered, also where this cannot be written now."""
        with suppress(StoreError):
            failures.forget_failures(self.engine, bucket_of(username))

    def _keep_at_todays_cost(self, found: Credentials, password: str) -> None:
        """Only now is the password there to be hashed anew; where that cannot be now, it is the next time."""
        old = found.password_hash
        if old is not None and passwords.needs_rehash(old):
            with suppress(passwords.TooBusyError, StoreError):
                new = passwords.hash_password(password)
                factors.hash_anew(self.engine, found.account.id, old, new, at=self.clock())

    def _buckets(self, username: str, address: str, notes: str) -> Buckets:
        return Buckets.of(username, address, self.browsers.known(notes, username))

    def _acceptable(self, account: StaffAccount, password: str) -> str:
        with reading(self.engine) as connection:
            about = (account.username, *account.name.split(), clinic_name(connection))
        try:
            return passwords.check_password(password, about=about, second_factor=True)
        except PasswordError as unfit:
            raise SignInError(f"{unfit}.") from None


def _hashed(password: str) -> str:
    with in_turn():
        return passwords.hash_password(password)


@contextmanager
def _standing(words: str) -> Iterator[None]:
    """What was changed while the password was read is refused as if it had been changed before."""
    try:
        yield
    except NotProvedError:
        raise SignInError(words) from None


def _about(account: StaffAccount) -> str:
    return totp.sealed_about(account.id)


def _offered_to(token: str, account: StaffAccount) -> str:
    return f"setup:{account.id}:{token_hash(token)}"


def _offered_in(session: Session) -> str:
    return f"authenticator:{session.account.id}:{session.id}"
