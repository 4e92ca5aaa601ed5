"""The server: our own way in, so that every setting holds before anybody sees a page.

Never `streamlit run`: it would find the app and serve it without the gate. The pages themselves refuse then,
because nobody opened the door to the record for them.
"""

import logging
import secrets
import socket
import sys
import traceback
import webbrowser
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from ipaddress import ip_address
from os import environ
from pathlib import Path
from typing import Final

import streamlit as st
from sqlalchemy import Engine
from starlette.middleware import Middleware
from streamlit import config as effective

from dashboard import data
from dashboard.components.estimand_picker import locked_question
from dashboard.gate import Gate
from dashboard.theme import streamlit_config
from models.scales import Scales

APP: Final = Path(__file__).with_name("app.py")
LOG: Final = logging.getLogger("seventy")
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
    "server.xsrfCookieSameSite": "strict",
}


class CannotServeError(Exception):
    """The server cannot start where it was asked to; the message says why in words."""


def serve(engine: Engine, scales: Scales, *, host: str, port: int, open_browser: bool = False) -> None:
    """Show the dashboard on the record behind `engine`, until the process is stopped."""
    check_address(host, port)
    address, settings = address_of(host, port), settings_for(host, port)
    data.open_door(engine, scales)
    read_ahead(scales)
    logging.getLogger("streamlit.error_util").addFilter(lambda record: not record.exc_info)
    app = st.App(
        APP,
        middleware=[Middleware(Gate, hosts=names_of(host, port))],
        lifespan=started(settings, address if open_browser else None),
        on_script_error=show_fault,
    )
    app.run(config=settings)


def read_ahead(scales: Scales) -> None:
    """Work out what every page asks for, so that the first visitor does not wait for a million scores."""
    data.findings(locked_question(scales))
    data.alerts()


def settings_for(host: str, port: int) -> dict[str, object]:
    """Everything Streamlit is started with: how it is guarded, and how it looks."""
    where = {"server.address": host, "server.port": port, "server.allowedHosts": [host, "localhost"]}
    return {**streamlit_config(), **SETTINGS, **where}


def address_of(host: str, port: int) -> str:
    """What the browser opens."""
    return f"http://{names_of(host, port)[0]}"


def names_of(host: str, port: int) -> tuple[str, ...]:
    """The `Host` headers that mean this server."""
    bracketed = f"[{host}]" if ":" in host else host
    return (f"{bracketed}:{port}", f"localhost:{port}")


def check_address(host: str, port: int) -> None:
    """Refuse what would show patients to a network, and a port somebody else holds."""
    if not is_loopback(host):
        raise CannotServeError(
            f"--host {host} would show patients to whoever reaches this machine. "
            "Until there is sign-in, Seventy listens on 127.0.0.1 only.",
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


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return False


def started(settings: Mapping[str, object], address: str | None) -> Lifespan:
    """What happens once at the start: every setting is looked at again, then the browser opens."""

    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncIterator[None]:
        differing = [name for name, value in settings.items() if effective.get_option(name) != value]
        if differing:
            raise CannotServeError(f"Another configuration overrides {', '.join(differing)}.")
        if address is not None and has_screen():
            webbrowser.open(address)
        yield

    return lifespan


def has_screen() -> bool:
    """Whether a browser would open in a window rather than in the terminal."""
    return sys.platform != "linux" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def show_fault(fault: Exception) -> bool:
    """Say that something went wrong, with a reference; the log learns where, and nobody learns of whom."""
    reference = secrets.token_hex(2).upper()
    places = [
        f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(fault.__traceback__)
    ]
    LOG.error("%s: %s at %s", reference, type(fault).__name__, " < ".join(reversed(places)))
    st.error(f"This could not be done. Nothing was changed. Reference {reference}.", icon=":material/error:")
    return True
