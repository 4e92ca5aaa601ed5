"""Where the dashboard is reached, which decides on cookies, origins and hosts."""

import re
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from starlette.types import Scope

COOKIE = "seventy"
FORM_COOKIE = "seventy_form"
KNOWN_COOKIE = "seventy_known"
ERRAND_COOKIE = "seventy_errand"
_ORIGIN: Final = re.compile(r"(?P<scheme>https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:(?P<port>[0-9]{1,5}))?")
_LAST_PORT: Final = 65535
_OWN_PORTS: Final = {"http": ":80", "https": ":443"}


class Address(NamedTuple):
    """The hosts by which this server is asked. Its pages have as their origin the one they were asked of.

    `proxied` says that a proxy in front ends TLS: cookies are then for that host alone and never sent in the
    clear, and the address of whoever asks is the last one the proxy names. `record` tells the record behind
    it from others on this host: a browser sends each cookie of a host to all its ports.
    """

    hosts: frozenset[str]
    proxied: bool = False
    record: str = ""

    @classmethod
    def local(cls, host: str, port: int) -> "Address":
        """This machine only."""
        return cls(frozenset(names_of(host, port)))

    @classmethod
    def behind(cls, origin: str) -> "Address":
        """Behind a proxy that shows us under this origin, as `https://seventy.clinic.example`."""
        origin = origin_of(origin, "https")
        return cls(frozenset({urlsplit(origin).netloc}), proxied=True)

    @property
    def cookie(self) -> str:
        """The session cookie's name; with `__Host-` no other host and no other path can set it."""
        return self._named(COOKIE)

    @property
    def form_cookie(self) -> str:
        """The name of the cookie that ties a form to the browser it was sent to."""
        return self._named(FORM_COOKIE)

    @property
    def known_cookie(self) -> str:
        """The name of the cookie with the notes of whoever got in with this browser before."""
        return self._named(KNOWN_COOKIE)

    @property
    def errand_cookie(self) -> str:
        """The name of the cookie a browser has with it while it is at the identity provider."""
        return self._named(ERRAND_COOKIE)

    def _named(self, cookie: str) -> str:
        return f"{'__Host-' if self.proxied else ''}{cookie}{f'-{self.record}' if self.record else ''}"

    def origin(self, scope: Scope) -> str:
        """The origin under which this request reached us, of whose host it is sure that it is ours."""
        host = dict(scope["headers"])[b"host"].decode("latin-1")
        return f"{'https' if self.proxied else 'http'}://{host}"

    def is_ours(self, scope: Scope, *, origin_needed: bool = False) -> bool:
        """Whether the host is this server's and the origin that very host: `localhost` is not `127.0.0.1`.

        Pages are fetched without an origin, sockets never.
        """
        headers = dict(scope["headers"])
        host, origin = (headers.get(name, b"").decode("latin-1") for name in (b"host", b"origin"))
        if host not in self.hosts:
            return False
        return origin == self.origin(scope) if origin else not origin_needed

    def visitor(self, scope: Scope) -> str:
        """The network address of whoever asks."""
        headers = dict(scope["headers"])
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        if self.proxied and forwarded:
            return str(forwarded.rpartition(",")[2].strip())
        return str((scope.get("client") or ("unknown",))[0])


def origin_of(url: str, *schemes: str) -> str:
    """The origin that a URL is, as browsers send it: in small letters, without its scheme's own port.

    `ValueError` if it is more than one.
    """
    origin = url.removesuffix("/").lower()
    found = _ORIGIN.fullmatch(origin)
    if found is None or found["scheme"] not in schemes or int(found["port"] or 0) > _LAST_PORT:
        raise ValueError(f"must be an {' or '.join(schemes)} address without a path; got {url!r}")
    return origin.removesuffix(_OWN_PORTS[found["scheme"]])


def address_of(host: str, port: int, origin: str | None) -> str:
    """What the browser opens: the origin a proxy shows, or a server on this machine."""
    return f"http://{names_of(host, port)[0]}" if origin is None else origin_of(origin, "https")


def names_of(host: str, port: int) -> tuple[str, ...]:
    """The `Host` headers that mean a server on this machine; no browser says the port that goes without."""
    bracketed = f"[{host}]" if ":" in host else host
    end = f":{port}".removesuffix(_OWN_PORTS["http"])
    return (f"{bracketed}{end}", f"localhost{end}")
