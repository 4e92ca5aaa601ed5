"""What the doctor says of how the dashboard is reached, and of settings that Streamlit has from elsewhere."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from dashboard.cli.opening import holds_record
from dashboard.networks import is_here
from models.store.audit.events import told_in
from models.store.engine.errors import StoreError
from models.store.engine.found import Examined
from models.store.trail.entries import Wanted, entries

NETWORK: Final = "network"
SETTINGS: Final = "settings"
CONTAINERS: Final = (Path("/run/.containerenv"), Path("/.dockerenv"))
"""What stands in a container, which has a network of its own."""


def network(engine: Engine) -> Examined | None:
    """Where the dashboard last listened: elsewhere than here alone, it does so without TLS."""
    try:
        last = entries(engine, Wanted(action="serve"), newest=1) if holds_record(engine) else []
    except StoreError:
        return None  # which is a finding of its own
    for start in last:
        told = told_in(start.detail)
        at, address = str(told.get("at", "")), told.get("address")
        if is_here(at.rpartition(":")[0].strip("[]")):
            return Examined(NETWORK, True, f"It was last served at {at}, to this computer alone.")
        if any(sign.exists() for sign in CONTAINERS):
            says = f"It was last served at {at} of this container: let its host show that to the proxy alone."
            return Examined(NETWORK, True, says)
        return Examined(
            NETWORK,
            False,
            f"It was last served at {at}, without TLS: others reach it past the proxy of {address}.",
            "Put the proxy on this computer and serve without --host, or have a firewall pass it alone.",
        )
    return None


def settings() -> Examined:
    """What files give Streamlit besides what Seventy starts it with, which these cannot change."""
    from dashboard import server  # noqa: PLC0415  (Streamlit takes a second)

    ours = server.named_settings()
    others = [
        f"{name} ({file})" for file in server.settings_files() for name in _named_in(file) if name not in ours
    ]
    if others:
        says = f"Streamlit is told more than Seventy tells it: {', '.join(others)}."
        return Examined(SETTINGS, False, says, "Take that out of the file: nobody measured Seventy with it.")
    return Examined(SETTINGS, True, "Streamlit is told nothing but what Seventy tells it.")


def _named_in(file: Path) -> Iterator[str]:
    """The dotted names of what a file sets; of one that cannot be read, that."""
    try:
        sections = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return
    except (OSError, ValueError):
        yield "what nobody can read"
        return
    for section, options in sections.items():
        yield from (f"{section}.{name}" for name in options) if isinstance(options, dict) else (section,)
