"""Whether anybody on the way could read what is sent to an address."""

from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit


def is_private(address: str) -> bool:
    """Whether nobody on the way reads what is sent there: https, or this very machine."""
    parts = urlsplit(address)
    if not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_here(parts.hostname))


def is_here(host: str) -> bool:
    """Whether a host is this very machine, by its number or its name."""
    return is_loopback(host) or host == "localhost"


def is_loopback(host: str) -> bool:
    """Whether a number is one that only this machine reaches; a name is none."""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return False
