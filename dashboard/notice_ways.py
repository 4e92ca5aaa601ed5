"""The ways by which the clinic's administrators are told: by mail, by a webhook, as the environment says.

Passwords and paths of addresses never stand in a word of ours: a way is named by its host.
"""

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

import httpx2

from dashboard.networks import is_here, is_private

SMTP_URL: Final = "SEVENTY_SMTP_URL"
TO: Final = "SEVENTY_NOTICE_TO"
FROM: Final = "SEVENTY_NOTICE_FROM"
WEBHOOK: Final = "SEVENTY_NOTICE_WEBHOOK"
PATIENCE: Final = 10.0
"""Seconds that a server may take for each answer."""
SMTPS_PORT: Final = 465
SMTP_PORT: Final = 587


class SettingError(ValueError):
    """A setting of the environment cannot be used; the message names it, and says what it should be."""


class Way(Protocol):
    """One way to tell somebody something."""

    @property
    def name(self) -> str:
        """What it is called in the audit trail and by the doctor."""

    def send(self, subject: str, document: Mapping[str, str]) -> None:
        """Send a subject in a line, and what there is to tell; any error says that nobody was told."""


@dataclass(frozen=True)
class Mail:
    """Mail through a server: with TLS from the start, else STARTTLS, in the clear to this machine alone."""

    host: str
    port: int
    tls: bool
    sender: str
    to: tuple[str, ...]
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """By the server's name."""
        return f"mail through {self.host}"

    def send(self, subject: str, document: Mapping[str, str]) -> None:
        """One message to everybody."""
        message = EmailMessage()
        message["Subject"], message["From"], message["To"] = subject, self.sender, ", ".join(self.to)
        message.set_content("\n".join(f"{name}: {value}" for name, value in document.items()))
        with self._connected() as server:
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context()
        if self.tls:
            with smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE, context=context) as server:
                yield server
            return
        with smtplib.SMTP(self.host, self.port, timeout=PATIENCE) as server:
            if not is_here(self.host):
                server.starttls(context=context)
            yield server


@dataclass(frozen=True)
class Webhook:
    """JSON posted to an address; a `text` in it is what chat programs show."""

    url: str = field(repr=False)

    @property
    def name(self) -> str:
        """By the host's name: a path is often the key."""
        return f"webhook at {urlsplit(self.url).hostname}"

    def send(self, subject: str, document: Mapping[str, str]) -> None:
        """Post it, and follow nowhere."""
        told = {"text": subject, **document}
        httpx2.post(self.url, json=told, timeout=PATIENCE, follow_redirects=False).raise_for_status()


def ways_of(environment: Mapping[str, str]) -> tuple[Way, ...]:
    """The ways the environment names, none when it names none; `SettingError`."""
    server, webhook = environment.get(SMTP_URL), environment.get(WEBHOOK)
    to = tuple(filter(None, (each.strip() for each in environment.get(TO, "").split(","))))
    if bool(server) != bool(to):
        raise SettingError(f"{SMTP_URL} and {TO} need each other: the mail server, and whom to write to")
    found: list[Way] = []
    if server:
        found.append(_mail(server, to, environment.get(FROM) or to[0]))
    if webhook:
        found.append(_webhook(webhook))
    return tuple(found)


def _mail(url: str, to: tuple[str, ...], sender: str) -> Mail:
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        scheme, host, port = "", None, None
    if scheme not in {"smtps", "smtp"} or not host:
        raise SettingError(f"{SMTP_URL} is smtps://user:password@host, or smtp:// for STARTTLS")
    tls = scheme == "smtps"
    user, password = (unquote(part or "") for part in (parts.username, parts.password))
    for address in (*to, sender):
        if "@" not in address or not address.isprintable():
            raise SettingError(f"{TO} and {FROM} hold mail addresses; got {address!r}")
    return Mail(host, port or (SMTPS_PORT if tls else SMTP_PORT), tls, sender, to, user, password)


def _webhook(url: str) -> Webhook:
    try:
        private = is_private(url)
    except ValueError:
        private = False
    if not private:
        raise SettingError(f"{WEBHOOK} is an https address")
    return Webhook(url)
