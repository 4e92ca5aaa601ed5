"""The server: our own way in, so that every setting holds before anybody sees a page.

Never `streamlit run`: it would find the app and serve it without the gate. The pages themselves refuse then,
because nobody opened the door to the record for them.
"""

import gc
import logging
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from os import environ
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import streamlit as st
from sqlalchemy import Engine
from starlette.middleware import Middleware
from streamlit import config as effective

from dashboard import data, identity
from dashboard.components.page.away import show_away
from dashboard.components.page.pages import ADDRESSES
from dashboard.components.question.estimand_picker import first_question
from dashboard.door import open_door
from dashboard.faults import noted
from dashboard.networks import is_loopback
from dashboard.shelf import SHELF
from dashboard.signin.address import Address, address_of
from dashboard.signin.breaking import Breaking
from dashboard.signin.door import Door
from dashboard.signin.files import Files
from dashboard.signin.gate import SESSION_HEADER, Gate
from dashboard.signin.handshake import answer_every_handshake
from dashboard.signin.mine import MyAccount
from dashboard.signin.no_request import refuse_with_every_header
from dashboard.signin.oidc.provider import Provider
from dashboard.signin.oidc.routes import ProviderPages
from dashboard.signin.oidc.trusted import Trusted
from dashboard.signin.proving import Proving
from dashboard.signin.routes import Pages
from dashboard.signin.setting_up import SettingUp
from dashboard.signin.visits import Visits
from dashboard.theme import streamlit_config
from models.access.keys import Keys
from models.scales import Scales
from models.store.accounts.doors import Doors
from models.store.accounts.sessions import Limits
from models.store.engine.errors import StoreError
from models.store.trail.entries import record_mark

APP: Final = Path(__file__).with_name("app.py")
Lifespan = Callable[[st.App], AbstractAsyncContextManager[None]]

SETTINGS: Final[Mapping[str, object]] = {
    "browser.gatherUsageStats": False,
    "client.allowedOrigins": [],
    "client.disableDataExport": True,  # the built-in CSV leaves formulas alive for a spreadsheet
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "global.developmentMode": False,
    "logger.enableRich": False,
    "logger.hideWelcomeMessage": True,
    "runner.magicEnabled": False,
    "server.disconnectedSessionTTL": 30,
    "server.enableAgentApi": False,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.enableXsrfProtection": True,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.maxMessageSize": 50,
    "server.maxUploadSize": 10,
    "server.scriptHealthCheckEnabled": False,
    "server.trustedUserHeaders": {SESSION_HEADER: "session"},  # the gate takes them off whoever asks
    "server.xsrfCookieSameSite": "strict",
}

NOBODYS_WORD: Final = ""
"""Whose word uvicorn takes for where a request came from; otherwise that of every program of this machine."""


class CannotServeError(Exception):
    """The server cannot start where it was asked to; the message says why in words."""


class Serving(NamedTuple):
    """How the dashboard is served.

    `origin` is the https address under which a proxy in front shows it, `None` on this machine alone.
    `visitor` is the account everybody is signed in with who comes to the demo. `trusted` is the identity
    provider through which the staff may sign in too.
    """

    host: str
    port: int
    keys: Keys
    origin: str | None = None
    visitor: int | None = None
    limits: Limits = Limits()
    trusted: Trusted | None = None

    @property
    def address(self) -> Address:
        """Where it is reached."""
        return Address.behind(self.origin) if self.origin else Address.local(self.host, self.port)


def serve(
    engine: Engine,
    scales: Scales,
    serving: Serving,
    *,
    own_scales: Path | None = None,
    open_browser: bool = False,
) -> None:
    """Show the dashboard on the record behind `engine`, until the process is stopped."""
    settings = settings_for(serving)
    open_door(engine, scales, own_scales)
    shown_at = address_of(serving.host, serving.port, serving.origin)
    identity.serve_with(serving.limits, doors_of(serving.trusted), shown_at)
    read_ahead(scales)
    logging.getLogger("streamlit.error_util").addFilter(lambda record: not record.exc_info)
    visits = Visits(engine, data.now, serving.limits, identity.lasting())
    address = serving.address._replace(record=record_mark(engine))
    pages = Pages(
        Door(engine, serving.keys, data.now),
        visits,
        address,
        lambda: data.clinic().name or "",
        serving.trusted,
    )
    trusted = serving.trusted
    at_provider = ProviderPages(pages, Provider(trusted, data.now)).routes() if trusted else []
    own = pages.router(
        [
            *at_provider,
            *SettingUp(pages).routes(),
            *Files(pages, SHELF).routes(),
            *MyAccount(pages).routes(),
            *Proving(pages, serving.visitor).routes(),
            *Breaking(pages, serving.visitor).routes(),
        ]
    )
    welcome = None if serving.visitor is None else pages.welcome(serving.visitor)
    app = st.App(
        APP,
        middleware=[
            Middleware(Gate, own=own, address=address, visits=visits, places=ADDRESSES, welcome=welcome)
        ],
        lifespan=started(settings, shown_at if open_browser else None),
        on_script_error=show_fault,
    )
    answer_every_handshake(secure=address.proxied)
    refuse_with_every_header(secure=address.proxied)
    environ["FORWARDED_ALLOW_IPS"] = NOBODYS_WORD
    app.run(config=settings)


def doors_of(trusted: Trusted | None) -> Doors:
    """How people get in where a provider is trusted, or none."""
    return Doors() if trusted is None else Doors(trusted.local, trusted.issuer)


def read_ahead(scales: Scales) -> None:
    """Work out what every page asks for, so that the first visitor does not wait for a million scores."""
    data.findings(first_question(scales), one_by_one=False)
    data.alerts()


def settings_for(serving: Serving) -> dict[str, object]:
    """Everything Streamlit is started with: how it is guarded, and how it looks."""
    hosts = sorted({str(urlsplit(f"//{host}").hostname) for host in serving.address.hosts} | {serving.host})
    where = {"server.address": serving.host, "server.port": serving.port, "server.allowedHosts": hosts}
    return {**streamlit_config(), **SETTINGS, **where}


def named_settings() -> frozenset[str]:
    """The names of all of that, whatever their values."""
    return frozenset({*streamlit_config(), *SETTINGS, "server.address", "server.port", "server.allowedHosts"})


def settings_files() -> list[Path]:
    """Where Streamlit looks for settings as well, as the files of this person and this folder."""
    return [Path(file) for file in dict.fromkeys(effective.get_config_files("config.toml"))]


def check_address(host: str, port: int, origin: str | None) -> None:
    """Raise `CannotServeError` for names over a network in the clear, and for a port somebody else holds."""
    try:
        _ = origin and Address.behind(origin)
    except ValueError as unfit:
        raise CannotServeError(f"--behind-proxy {unfit}") from None
    if not is_loopback(host) and origin is None:
        raise CannotServeError(
            f"--host {host} would send names over the network unencrypted. Seventy listens on 127.0.0.1, "
            "and others reach it through a proxy that ends TLS: name its address, as in "
            "--behind-proxy https://seventy.clinic.example",
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            raise CannotServeError(
                f"Port {port} of {host} cannot be used. Choose another with --port."
            ) from taken


def started(settings: Mapping[str, object], address: str | None) -> Lifespan:
    """What happens once at the start: every setting is looked at again, then the browser opens."""

    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncIterator[None]:
        differing = [name for name, value in settings.items() if effective.get_option(name) != value]
        if differing:
            raise CannotServeError(f"Another configuration overrides {', '.join(differing)}.")
        leave_to_stay()
        if address is not None and has_screen():
            webbrowser.open(address)
        yield

    return lifespan


def leave_to_stay() -> None:
    """Take what is alive now, which stays for good, out of what the garbage collector looks through.

    Streamlit collects after every run of a page. Over a million scores that took 0.2 s, in which no page of
    anybody's was sent anything.
    """
    gc.collect()
    gc.freeze()


def has_screen() -> bool:
    """Whether a browser would open in a window rather than in the terminal."""
    return sys.platform != "linux" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def show_fault(fault: Exception) -> bool:
    """Say that something went wrong, with a reference; the log learns where, and nobody learns of whom."""
    reference = noted(fault)
    if isinstance(fault, StoreError):
        show_away(fault, reference)
    else:
        words = f"This could not be done. Nothing was changed. Reference {reference}."
        st.error(words, icon=":material/error:")
    return True
