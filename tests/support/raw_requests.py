"""Bytes sent to a real server as they are, and its answer."""

import socket
from email.message import Message
from email.parser import BytesParser
from typing import Final, NamedTuple

from dashboard.signin.answers import HEADERS, NOT_KEPT, STRICT_TRANSPORT
from tests.browser.conftest import Served

PATIENCE: Final = 60  # seconds
EVERY: Final = {name.decode(): value.decode() for name, value in (*HEADERS, NOT_KEPT)}
SECURE: Final = {STRICT_TRANSPORT[0].decode(): STRICT_TRANSPORT[1].decode()}


class Asked(NamedTuple):
    """A dashboard on a port of this machine, and the `host` it answers to; behind TLS, or in the clear."""

    served: Served
    proxy: str | None = None

    @property
    def host(self) -> str:
        """What browsers call it."""
        return self.proxy or self.served.address.partition("//")[2]

    @property
    def origin(self) -> str:
        """Where its own pages are."""
        return f"{'https' if self.proxy else 'http'}://{self.host}"

    def answers(self, sent: bytes) -> tuple[str, Message]:
        """The first line of the answer and its headers, once the server has closed."""
        port = int(self.served.address.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as asking:
            asking.sendall(sent)
            said = b""
            while part := asking.recv(65_536):
                said += part
        first, _, rest = said.partition(b"\r\n")
        return first.decode(), BytesParser().parsebytes(rest)

    def check_headers(self, answer: Message) -> None:
        """Fail unless an answer has the headers of every answer, each once, and TLS's behind TLS alone."""
        expected = EVERY | (SECURE if self.proxy else {})
        named = [name.lower() for name in answer]
        assert {name: answer.get_all(name) for name in expected} == {
            name: [value] for name, value in expected.items()
        }
        assert {*SECURE} & {*named} == {*SECURE} & expected.keys()
