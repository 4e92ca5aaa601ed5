"""The answer to what is no request at all, which uvicorn 0.54 gives before the gate sees anything."""

from typing import ClassVar, Final

from h11 import Data, EndOfMessage, Response
from uvicorn.config import HTTP_PROTOCOLS
from uvicorn.protocols.http.h11_impl import H11Protocol

from dashboard.signin.answers import HEADERS, NOT_KEPT, STRICT_TRANSPORT

OWN: Final = ((b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close"))


class Requests(H11Protocol):
    """Reads requests, and answers what is none with the headers of every answer."""

    headers_of_refusal: ClassVar[tuple[tuple[bytes, bytes], ...]] = (*OWN, *HEADERS, NOT_KEPT)

    def send_400_response(self, msg: str) -> None:
        """Refuse it in these words, and close."""
        refused = Response(status_code=400, headers=[*self.headers_of_refusal], reason=b"Bad Request")
        for event in (refused, Data(data=msg.encode()), EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


class RequestsBehindTls(Requests):
    """The same where a proxy ends TLS."""

    headers_of_refusal = (*Requests.headers_of_refusal, STRICT_TRANSPORT)


def refuse_with_every_header(*, secure: bool) -> None:
    """Have uvicorn read requests so, where Streamlit leaves it the choice."""
    taken = RequestsBehindTls if secure else Requests
    HTTP_PROTOCOLS["auto"] = f"{taken.__module__}:{taken.__qualname__}"
