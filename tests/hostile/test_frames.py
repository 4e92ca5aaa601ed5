"""Frames no browser sends, to a real server: it lives, serves others, lets nobody in, and shows no stack."""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final
from urllib.request import urlopen

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from dashboard.signin.socket import SESSION_ENDED, WATCHED_EVERY
from models.access.roles import Role
from models.access.tokens import token_hash
from models.store.accounts.sessions import Limits, end_sessions_of, open_session, session_of
from models.store.accounts.staff import add_account
from models.store.trail.entries import record_mark
from tests.browser.conftest import Served, serving
from tests.support.builders import BY, NOW
from tests.support.frames import frames, junk, mutilated, rerun

FRAMES: Final = 300
PATIENCE: Final = 60
DICE: Final = Random(70)  # noqa: S311 - the same frames every time
STACKS: Final = (b"Traceback", b'File "', b"site-packages")


@pytest.fixture(name="clinic", scope="module")
def _clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("clinic")) as served:
        yield served


def signed_in(clinic: Served, name: str, *, before: timedelta = timedelta()) -> tuple[int, str]:
    """Somebody's account, and the token of a session in which nothing was done for a while."""
    account = add_account(clinic.engine, name, name.title(), Role.CLINICIAN, by=BY, at=NOW).id
    at = datetime.now(UTC) - before
    return account, open_session(
        clinic.engine, account, proved_by="test", address="127.0.0.1", browser="a test", at=at
    )


def socket_of(clinic: Served, token: str | None, page: str | None = None) -> ClientConnection:
    """A page's socket; one that comes back says which `page` it was, by Streamlit's name for it."""
    cookie = {} if token is None else {"Cookie": f"seventy-{record_mark(clinic.engine)}={token}"}
    return connect(
        f"{clinic.address.replace('http', 'ws')}/_stcore/stream",
        origin=clinic.address,  # type: ignore[arg-type]
        additional_headers=cookie,
        subprotocols=["streamlit", *([] if page is None else ["token", page])],  # type: ignore[list-item]
        max_size=None,
        open_timeout=PATIENCE,
    )


def heard(socket: ClientConnection, seconds: float = 0) -> list[bytes]:
    """Everything that came, until nothing does for a while."""
    came = []
    with suppress(TimeoutError, ConnectionClosed):
        while True:
            came.append(socket.recv(timeout=seconds, decode=False))
    return came


def listen(socket: ClientConnection) -> None:
    """For as long as it is open and something comes."""
    while True:
        socket.recv(timeout=PATIENCE, decode=False)


def finishes(socket: ClientConnection) -> bool:
    """Whether a page that somebody asks for is drawn to its end."""
    socket.send(rerun(by_itself=False))
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        message = ForwardMsg.FromString(socket.recv(timeout=PATIENCE, decode=False))
        if message.WhichOneof("type") == "script_finished":
            return message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
    return False


def is_up(clinic: Served) -> bool:
    with urlopen(f"{clinic.address}/healthz", timeout=PATIENCE) as answered:  # noqa: S310 - our own server
        return bool(answered.status == 200)


def test_the_server_outlives_any_frame_serves_others_and_tells_of_no_stack(clinic: Served) -> None:
    _, mine = signed_in(clinic, "mallory")
    _, theirs = signed_in(clinic, "ada")
    with socket_of(clinic, theirs) as other:
        assert finishes(other)
        answers, closed = thrown(clinic, mine, frames(DICE, FRAMES))
        assert is_up(clinic)
        assert finishes(other)
    with socket_of(clinic, mine) as again:
        assert finishes(again)
    assert closed > 5
    assert len(answers) > 20
    assert not [answer[:200] for answer in answers if any(sign in answer for sign in STACKS)]


def thrown(clinic: Served, token: str, sent: Iterator[bytes | str]) -> tuple[list[bytes], int]:
    """Send every frame, on a new socket whenever one is closed: what was answered, and how often it was."""
    answers: list[bytes] = []
    frame, closed = next(sent, None), 0
    while frame is not None:
        with suppress(ConnectionClosed), socket_of(clinic, token) as socket:
            closed += 1
            while frame is not None:
                now, frame = frame, next(sent, None)
                socket.send(now)
                answers += heard(socket, 0.02)
            answers += heard(socket, 2)
    return answers, closed


@pytest.mark.parametrize("token", [None, "", "0" * 43, "x" * 4_000, "a;b=c", '"'])
def test_no_frame_is_taken_of_anybody_without_a_session(clinic: Served, token: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused, socket_of(clinic, token):
        pass
    assert refused.value.response.status_code in {400, 403, 431}


def test_nothing_answers_once_somebody_is_signed_out(clinic: Served) -> None:
    account, token = signed_in(clinic, "bo")
    with socket_of(clinic, token) as socket:
        assert finishes(socket)
        end_sessions_of(clinic.engine, account, at=datetime.now(UTC))
        with pytest.raises(ConnectionClosed) as closed:
            listen(socket)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == SESSION_ENDED
    assert WATCHED_EVERY <= 2
    with pytest.raises(InvalidStatus), socket_of(clinic, token):
        pass


def test_frames_a_page_sends_by_itself_keep_nobody_signed_in(clinic: Served) -> None:
    _, token = signed_in(clinic, "cy", before=timedelta(minutes=10))
    before = seen(clinic, token)
    with socket_of(clinic, token) as socket:
        for frame in by_itself(DICE, 100):
            socket.send(frame)
        heard(socket, 1)
    assert seen(clinic, token) == before
    with socket_of(clinic, token) as socket:
        assert finishes(socket)  # the page is drawn, as one is that comes back by itself
        assert seen(clinic, token) == before
        assert finishes(socket)
    assert seen(clinic, token) > before


def by_itself(dice: Random, count: int) -> Iterator[bytes]:
    """Frames that are Streamlit's own and nobody's deed: whole, mutilated, and of every other type."""
    made = 0
    while made < count:
        kind = dice.choice(["rerun_script", *BackMsg.DESCRIPTOR.fields_by_name])
        message = junk(dice, kind)
        if kind == "rerun_script":
            message.rerun_script.is_auto_rerun = True
        whole = bytes(message.SerializeToString())
        content = mutilated(dice, whole) if dice.random() < 0.3 else whole
        told: Any = BackMsg()
        with suppress(Exception):
            told.ParseFromString(content)
            deed = told.WhichOneof("type") == "rerun_script" and not told.rerun_script.is_auto_rerun
            if not deed:
                made += 1
                yield content


def seen(clinic: Served, token: str) -> datetime:
    """When somebody last did something in this session."""
    found = session_of(clinic.engine, token_hash(token), at=datetime.now(UTC), limits=Limits())
    assert found is not None
    return found.seen_at


def name_of(socket: ClientConnection) -> str:
    """What Streamlit calls the page of this socket, and keeps all that was typed on it under."""
    socket.send(rerun(by_itself=False))
    while True:
        message = ForwardMsg.FromString(socket.recv(timeout=PATIENCE, decode=False))
        if message.WhichOneof("type") == "new_session":
            return str(message.new_session.initialize.session_id)


@pytest.mark.parametrize("left", [False, True], ids=["which stands open", "which was left"])
def test_nobody_takes_over_a_page_by_its_name(clinic: Served, *, left: bool) -> None:
    """The name travels in addresses and logs. Only the session it is of comes back to the page it was."""
    account, token = signed_in(clinic, f"owner-{left}")
    _, anothers = signed_in(clinic, f"stranger-{left}")
    of_another_login = open_session(
        clinic.engine, account, proved_by="test", address="::1", browser="other", at=datetime.now(UTC)
    )
    with socket_of(clinic, token) as mine:
        page = name_of(mine)
        if left:
            mine.close()
        for other in (anothers, of_another_login):
            with socket_of(clinic, other, page) as taking:
                assert name_of(taking) != page
        assert left or finishes(mine)
    with socket_of(clinic, token, page) as again:
        assert name_of(again) == page
