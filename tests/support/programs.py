"""Other programs beside the tests: each a process of its own, with its own memory, connections and locks.

They are forked from one that has imported Seventy already, so that only the first takes a second to begin.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, Final

PROGRAMS: Final = get_context("forkserver")
PROGRAMS.set_forkserver_preload(["pytest", "dashboard.cli", "psycopg", "tests.support.two_people"])


class Program:
    """A function of a test's module at work in another process, with the environment of this moment."""

    def __init__(self, act: Callable[..., object], *given: Any) -> None:
        self._folder = TemporaryDirectory()
        self._said = Path(self._folder.name) / "said"
        self._process = PROGRAMS.Process(target=_act, args=(self._said, dict(os.environ), act, given))
        with _no_main_file():
            self._process.start()

    def ended(self) -> int:
        """Its exit status once it has ended: minus the signal, if one ended it. What it said is said here."""
        self._process.join()
        with self._folder:
            print(self._said.read_text(encoding="utf-8"), file=sys.stderr)  # noqa: T201 - pytest shows it
        return int(self._process.exitcode or 0)


@contextmanager
def _no_main_file() -> Iterator[None]:
    """A page under test leaves its script as the main module, which every process begun would run first."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def dies_in(seconds: float | None) -> None:
    """The system ends this process so soon, wherever it stands, however long its parent is kept waiting."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds or 0)


def _act(said: Path, environment: dict[str, str], act: Callable[..., object], given: tuple[Any, ...]) -> None:
    with said.open("wb") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    assert "streamlit" not in sys.modules, f"{act.__module__} imports the pages: 1.5 s for each program of it"
    act(*given)
