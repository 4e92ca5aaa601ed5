"""A file somebody else sent, read by a process of its own that may take so much memory and time.

What a zip declares about itself is looked at first, but what openpyxl and expat make of its insides is known
only when they are done. The reader is a fresh interpreter that knows nothing of the record: it gets a path
and answers in lines of JSON, so that nothing it says can run here.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO, Any, Final

from models.exchange.sheets.archive import MEGABYTE
from models.exchange.sheets.limits import ANY_SIZE, Limits, TooLargeError
from models.exchange.sheets.sheet import Advance, Fault, Line, Sheet, UnknownKindError, UnreadableFileError

DONE: Final = "done"
TOLD: Final = ("worksheet", "name", "described", "is_typed", "header")
WAITS: Final = 4
"""So many times as long as it may compute it may take by the clock: a busy server is no hostile file."""

NO_MEMORY: Final = "Error -4 while decompressing"  # zlib's own way to say it
ONE_THREAD: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""numpy, which openpyxl loads, would reserve memory for every core of a machine before anything is read."""

_READERS: Final = BoundedSemaphore(2)
"""Each may take a gigabyte: the files of all who send some wait for one another."""

KINDS: Final = {kind.__name__: kind for kind in (UnknownKindError, TooLargeError, UnreadableFileError)}


@dataclass(frozen=True)
class ConfinedSheet:
    """One sheet as the other process read it."""

    path: Path
    worksheet: str
    name: str
    described: str
    is_typed: bool
    header: tuple[str, ...]
    rows: list[Line]

    def lines(self, advance: Advance) -> Iterator[Line]:
        """Every row below the header that is not blank."""
        yield from self.rows
        advance(self.path.stat().st_size)


def open_confined(path: Path, limits: Limits, declared_encoding: str | None = None) -> list[ConfinedSheet]:
    """The sheets that hold anything; `TooLargeError` where reading them takes more than is allowed."""
    asked = [str(path.resolve()), json.dumps(limits), json.dumps(declared_encoding)]
    command = [sys.executable, "-P", "-m", __name__, *asked]
    with TemporaryFile() as answer, _READERS:
        with suppress(subprocess.TimeoutExpired):  # its answer was cut short: seen below
            subprocess.run(  # noqa: S603 - our own interpreter, our own module
                command,
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env=_surroundings(),
                timeout=limits.seconds * WAITS,
                check=False,
            )
        answer.seek(0)
        return _sheets(path, answer, limits)


def _surroundings() -> dict[str, str]:
    """Where modules are found, and nothing else: a key or a database is none of the reader's business."""
    needed = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return {**needed, **ONE_THREAD, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _sheets(path: Path, answer: IO[bytes], limits: Limits) -> list[ConfinedSheet]:
    sheets: list[ConfinedSheet] = []
    for said in answer:
        heard = _heard(said)
        if heard == DONE:
            return sheets
        if isinstance(heard, list):
            number, cells, fault = heard
            sheets[-1].rows.append(Line(number, cells, None if fault is None else Fault(*fault)))
        elif isinstance(heard, dict) and "why" in heard:
            raise KINDS[heard["kind"]](heard["name"], heard["why"], heard["strange"])
        elif isinstance(heard, dict):
            sheets.append(ConfinedSheet(path, **{**heard, "header": tuple(heard["header"])}, rows=[]))
    most = f"{limits.seconds:g} seconds or {limits.memory / MEGABYTE:,.0f} MB of memory"
    why = f"takes more than {most} to read, or holds more text than any table"
    raise TooLargeError(path.name, f"{why}; {ANY_SIZE}")


def _heard(said: bytes) -> Any:
    """What a line says; one that was cut short says nothing."""
    with suppress(ValueError):
        return json.loads(said)
    return None


def _confine(limits: Limits) -> None:
    """Let this process have no more memory, write no more, and work no longer."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on Windows

    for what, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, limits.text),
        (resource.RLIMIT_CPU, ceil(limits.seconds)),
    ):
        with suppress(ValueError):  # macOS knows the first and does not keep it
            resource.setrlimit(what, (most, most))


def _read(opened: Callable[[], list[Sheet]], limits: Limits) -> Iterator[Any]:
    """What this process says of a file, line by line."""
    try:
        for sheet in opened():
            yield {name: getattr(sheet, name) for name in TOLD}
            for count, line in enumerate(sheet.lines(lambda _: None), start=1):
                limits.refuse_rows(sheet.name, count)
                yield line
    except UnreadableFileError as refused:
        if NO_MEMORY in str(refused.__cause__):
            raise MemoryError from refused
        kind = type(refused).__name__
        yield {"kind": kind, "name": refused.name, "why": refused.why, "strange": refused.strange}
    else:
        yield DONE


if __name__ == "__main__":
    from models.exchange.sheets.opening import open_file  # which sends here what others sent

    file, allowed, encoding = Path(sys.argv[1]), Limits(*json.loads(sys.argv[2])), json.loads(sys.argv[3])
    _confine(allowed)
    for each in _read(lambda: open_file(file, encoding), allowed):
        sys.stdout.write(json.dumps(each) + "\n")
