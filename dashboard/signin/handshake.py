"""The handshake of a page's socket, which is answered whatever is wrong with it.

uvicorn 0.54 reads a handshake twice: once as HTTP, then as a WebSocket's, whose lines are shorter. What the
second reading refuses is answered nobody, and whoever asked waits until they give up. Whoever refuses a
handshake, the gate, Streamlit or that reading, `ServerProtocol.reject` makes the answer.
"""

from http import HTTPStatus
from typing import Any, ClassVar, Final

from starlette.types import Scope
from uvicorn.config import WS_PROTOCOLS
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import MAX_LINE_LENGTH, Response
from websockets.server import ServerProtocol
from websockets.typing import StatusLike

from dashboard.signin.answers import HEADERS, NOT_KEPT, STRICT_TRANSPORT

LONGEST_LINE: Final = MAX_LINE_LENGTH
"""Bytes of a header of a socket's handshake, with its name and the end of its line."""
TOO_LONG: Final = (
    "Your browser sends more along than can be taken here ({name}: {length:,} bytes, at most {most:,}). "
    "Delete this address's cookies in the browser, and come back."
)
_STREAMLITS: Final = "websockets-sansio"
_AROUND: Final = len(b": \r\n")


class Refusing(ServerProtocol):
    """Reads handshakes, and refuses them with the headers of every answer."""

    headers_of_refusal: ClassVar[tuple[tuple[bytes, bytes], ...]] = (*HEADERS, NOT_KEPT)

    def reject(self, status: StatusLike, text: str) -> Response:
        """The refusal."""
        response = super().reject(status, text)
        response.headers.update((name.decode(), value.decode()) for name, value in self.headers_of_refusal)
        return response


class RefusingBehindTls(Refusing):
    """The same where a proxy ends TLS."""

    headers_of_refusal = (*Refusing.headers_of_refusal, STRICT_TRANSPORT)


class Handshake(WebSocketsSansIOProtocol):
    """A socket that sends the refusal of a handshake it could not read, and closes."""

    refusing: ClassVar[type[ServerProtocol]] = Refusing

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.conn.__class__ = self.refusing  # uvicorn leaves no choice of it

    def data_received(self, data: bytes) -> None:
        """Read on; a handshake that cannot be read is refused at once, with 431 for a line too long."""
        super().data_received(data)
        if self.conn.handshake_exc is None or self.handshake_initiated or self.handshake_complete:
            return
        refusal = b"".join(self.conn.data_to_send())
        if not refusal:
            response = self.conn.reject(HTTPStatus.BAD_REQUEST, "This is no handshake of a WebSocket.\n")
            refusal = response.serialize()
        self.handshake_complete = self.close_sent = True
        self.transport.write(refusal)
        self.transport.close()


class HandshakeBehindTls(Handshake):
    """The same where a proxy ends TLS."""

    refusing = RefusingBehindTls


def answer_every_handshake(*, secure: bool) -> None:
    """Have uvicorn take `Handshake` for the sockets Streamlit starts it with."""
    taken = HandshakeBehindTls if secure else Handshake
    WS_PROTOCOLS[_STREAMLITS] = f"{taken.__module__}:{taken.__qualname__}"


def too_long(scope: Scope) -> str | None:
    """What to say of a request with a header that no socket of its page could bring; `None` of any other."""
    for name, value in scope["headers"]:
        length = len(name) + len(value) + _AROUND
        if length > LONGEST_LINE:
            return TOO_LONG.format(name=name.decode("latin-1"), length=length, most=LONGEST_LINE)
    return None
