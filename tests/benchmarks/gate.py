"""What the gate costs a rerun: `python -m tests.benchmarks.gate`.

An empty page with as many elements as the Claim page is served twice: by Streamlit alone, and by our own
server, behind the gate, where it asks in each run who looks. Over one socket to each, in turn, a rerun is
sent and waited for until the script has finished. The settings are the same, and both send what they have at
once: Streamlit's own socket waits 40 ms now and then for a whole packet. The aim: at most a tenth more time.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from sqlalchemy import Engine
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from models.access.roles import Role
from models.store.accounts.sessions import open_session
from models.store.accounts.staff import add_account
from models.store.engine.database import open_engine
from models.store.moves.migrate import start
from models.store.trail.entries import record_mark
from tests.benchmarks.claim_page import EMPTY_PAGE, OUTCOMES, Elements, free_port, told, wait_for
from tests.support.frames import rerun

ROUNDS, COLD = 1_000, 100
TARGET: Final = 1.1
KEY: Final = b"benchmark"

PAGE: Final = EMPTY_PAGE.format(
    outcomes=list(OUTCOMES), redrawn=True, **Elements(widgets=14, figures=7, tables=0, texts=27)._asdict()
)
"""As many elements as the Claim page has."""
ASKS: Final = "from dashboard import identity; identity.me()"
AT_ONCE: Final = """
import socket
from streamlit.web.server.starlette import starlette_server
bind = starlette_server._bind_socket
def at_once(*where):
    bound = bind(*where)
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bound
starlette_server._bind_socket = at_once
"""
BARE: Final = """
import sys, streamlit
from dashboard.server import Serving, settings_for, started
from models.access.keys import Keys
settings = settings_for(Serving("127.0.0.1", int(sys.argv[2]), Keys(bytes(32))))
app = streamlit.App(sys.argv[1], lifespan=started({}, None))
app.run(config={**settings, "server.trustedUserHeaders": {}})
"""
GATED: Final = """
import sys
from pathlib import Path
from dashboard import server
from models.access.keys import Keys
from models.scales import all_scales
from models.store.engine.database import open_engine
server.APP = Path(sys.argv[1])
engine = open_engine(sys.argv[3], audit_key=b"benchmark")
server.serve(engine, all_scales(), server.Serving("127.0.0.1", int(sys.argv[2]), Keys(bytes(32))))
"""


@contextmanager
def socket_to(
    program: str, page: Path, engine: Engine, headers: dict[str, str]
) -> Iterator[ClientConnection]:
    """A page's socket to a server of its own, its first run finished."""
    port = free_port()
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", AT_ONCE + program, str(page), str(port), url]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(port, server)
            with connect(
                f"ws://127.0.0.1:{port}/_stcore/stream",
                origin=f"http://127.0.0.1:{port}",  # type: ignore[arg-type]
                subprotocols=["streamlit"],  # type: ignore[list-item]
                additional_headers=headers,
            ) as socket:
                yield socket
        finally:
            server.terminate()


def ran(socket: ClientConnection) -> float:
    """Seconds from asking for a rerun until the script has finished."""
    began = perf_counter()
    socket.send(rerun(by_itself=False))
    while True:
        message = ForwardMsg.FromString(socket.recv(timeout=60))  # type: ignore[arg-type]
        if message.WhichOneof("type") == "script_finished":
            return perf_counter() - began


def signed_in(engine: Engine) -> dict[str, str]:
    """The cookie of somebody who has just signed in."""
    now = datetime.now(UTC)
    start(engine, at=now)
    account = add_account(engine, "ada", "Ada Able", Role.CLINICIAN, by="benchmark", at=now)
    token = open_session(engine, account.id, proved_by="benchmark", address="", browser="", at=now)
    return {"Cookie": f"seventy-{record_mark(engine)}={token}"}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_for_now:
        engine = open_engine(f"sqlite:///{folder}/record.db", audit_key=KEY)
        cookie = signed_in(engine)
        pages = {name: Path(folder) / f"{name}.py" for name in ("bare", "gated")}
        for name, page in pages.items():
            page.write_text(f"{ASKS}\n{PAGE}" if name == "gated" else PAGE)
        bare, gated = (
            open_for_now.enter_context(socket_to(program, page, engine, headers))
            for program, page, headers in ((BARE, pages["bare"], {}), (GATED, pages["gated"], cookie))
        )
        times = [(ran(bare), ran(gated)) for _ in range(ROUNDS)][COLD:]
    without, behind = ([each[place] for each in times] for place in (0, 1))
    ratio = median(behind) / median(without)
    print(told("bare", without))
    print(told("gated", behind))
    print(f"ratio {ratio:.2f} (target {TARGET}); of the sums {sum(behind) / sum(without):.2f}")
    return int(ratio > TARGET)


if __name__ == "__main__":
    sys.exit(main())
