"""A power cut, replayed: what a program wrote and synced, and what a disk may hold when the power goes.

`strace` lists every write, sync and printed line of a program. Of the writes since a file's last sync a disk
may hold any, whole or in part; a file made or removed is sure once its folder is synced. What is trusted:
that a sync which returned is true. Not modelled: disks that lie, and bits that rot.
"""

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

SECTOR: Final = 512
"""Bytes a disk writes whole or not at all."""

_WRITES: Final = "write,pwrite64,pwritev,pwritev2,fallocate,copy_file_range"
_NAMES: Final = "openat,unlink,unlinkat,rename,renameat,renameat2"
_TRACED: Final = f"trace={_WRITES},{_NAMES},fsync,fdatasync,ftruncate"
_CALL: Final = re.compile(r"^(?P<name>\w+)\((?P<given>.*)\) += (?P<result>\d+)")
_TEXT: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FILE: Final = re.compile(r"^\d+<((?:\\x[0-9a-f]{2})*)>")
_PRINTED: Final = 1


class NoTraceError(RuntimeError):
    """A program cannot be traced here; says why."""


class Event(NamedTuple):
    """One thing done to a file of the folder (`name`; empty for the folder itself), or a line printed.

    `what` is write, truncate, sync, create, remove or print; `at` an offset or a size in bytes.
    """

    what: str
    name: str = ""
    at: int = 0
    data: bytes = b""


def tracing(*options: str) -> list[str]:
    """What stands before a command that is to be traced, once it is sure that it can be."""
    if shutil.which("strace") is None:
        raise NoTraceError("strace is not installed")
    before = ["strace", "-f", "--seccomp-bpf", *options]
    allowed = subprocess.run([*before, "true"], capture_output=True, text=True, check=False)
    if allowed.returncode:
        raise NoTraceError(f"strace cannot trace here: {allowed.stderr.strip()}")
    return before


def trace(command: Sequence[str], folder: Path) -> list[Event]:
    """Run a program to its end; what it printed and did to the files of a folder, in order."""
    log = folder.with_name(f"{folder.name}.strace")
    options = f"-y -xx -s 16777216 -e {_TRACED} -e signal=none -o {log}".split()
    subprocess.run([*tracing(*options), *command], stdout=subprocess.DEVNULL, check=True)
    with log.open(encoding="ascii") as lines:
        return list(_events(lines, folder.resolve()))


def _events(lines: Iterable[str], folder: Path) -> Iterator[Event]:
    begun: dict[str, str] = {}
    for line in lines:
        thread, _, call = line.strip().partition(" ")
        call = call.strip()
        if call.endswith("<unfinished ...>"):
            begun[thread] = call.removesuffix("<unfinished ...>")
            continue
        if call.startswith("<..."):
            call = begun.pop(thread) + call.partition("resumed>")[2]
        known = _CALL.match(call)
        if known is not None:
            yield from _event(known["name"], known["given"], int(known["result"]), folder)


def _event(name: str, given: str, result: int, folder: Path) -> Iterator[Event]:
    texts = [_bytes(one) for one in _TEXT.findall(given)]
    if name == "write" and given.startswith(f"{_PRINTED}<"):
        yield Event("print", data=texts[0])
        return
    opened = _FILE.match(given)
    paths = [_bytes(opened[1])] if opened else texts
    inside = [path for path in map(_path, paths) if folder in (path, path.parent)]
    if not inside or inside[0].name.endswith("-shm"):  # an index in memory, made anew from the log
        return
    file, last = "" if inside[0] == folder else inside[0].name, given.rpartition(", ")[2]
    if name in {"fsync", "fdatasync"}:
        yield Event("sync", file)
    elif name == "pwrite64":
        yield Event("write", file, int(last), texts[0][:result])
    elif name == "ftruncate":
        yield Event("truncate", file, int(last))
    elif name == "unlink":
        yield Event("remove", file)
    elif name == "openat" and "O_TRUNC" not in given:
        if "O_CREAT" in given:
            yield Event("create", file)
    else:
        raise NotImplementedError(f"the replay does not know {name} of {file}")


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


def _path(name: bytes) -> Path:
    return Path(name.decode("utf-8", "surrogateescape"))


@dataclass
class _File:
    """What is surely on the disk, and what was done since."""

    durable: bytes = b""
    pending: list[Event] = field(default_factory=list)


class Disk:
    """A folder as events come, from files surely on the disk; and what a power cut would leave of it."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._now = {name: _File(content) for name, content in files.items()}
        self._durable = dict(self._now)
        self._pending: list[tuple[str, _File | None]] = []

    def do(self, event: Event) -> None:
        """Take in what was done."""
        if event.what == "sync" and not event.name:
            self._durable, self._pending = dict(self._now), []
        elif event.what == "sync":
            file = self._now[event.name]
            file.durable, file.pending = _done(file.durable, file.pending), []
        elif event.what == "create" and event.name not in self._now:
            self._name(event.name, _File())
        elif event.what == "remove":
            self._name(event.name, None)
        elif event.what in {"write", "truncate"}:
            self._now[event.name].pending.append(event)

    def _name(self, name: str, file: _File | None) -> None:
        self._pending.append((name, file))
        _named(self._now, name, file)

    def dropped(self, _dice: Random) -> dict[str, bytes]:
        """Nothing that was not synced."""
        return {name: file.durable for name, file in self._durable.items()}

    def subset(self, dice: Random) -> dict[str, bytes]:
        """Some of what was not synced, each write whole or not at all."""
        return self._found(dice, torn=False)

    def torn(self, dice: Random) -> dict[str, bytes]:
        """Some sectors of what was not synced."""
        return self._found(dice, torn=True)

    def _found(self, dice: Random, *, torn: bool) -> dict[str, bytes]:
        files = dict(self._durable)
        for name, file in self._pending:
            if dice.random() < 1 / 2:
                _named(files, name, file)
        found = {}
        for name, file in files.items():
            pending = [part for event in file.pending for part in (_sectors(event) if torn else [event])]
            found[name] = _done(file.durable, [one for one in pending if dice.random() < 1 / 2])
        return found


MODELS: Final = {
    "nothing unsynced": Disk.dropped,
    "some unsynced writes": Disk.subset,
    "torn 512-byte sectors": Disk.torn,
}


class Cut(NamedTuple):
    """The state of a folder after a power cut, and the lines that had been printed by then."""

    model: str
    printed: list[str]
    files: dict[str, bytes]


def cuts(files: dict[str, bytes], events: Sequence[Event], moments: int, dice: Random) -> Iterator[Cut]:
    """At so many random moments, what each model leaves of a folder that held these files before."""
    disk, printed = Disk(files), list[str]()
    chosen = set(dice.sample(range(len(events)), moments))
    for place, event in enumerate(events):
        disk.do(event)
        if event.what == "print":
            printed.append(event.data.decode())
        if place in chosen:
            for model, found in MODELS.items():
                yield Cut(model, list(printed), found(disk, dice))


def _named(files: dict[str, _File], name: str, file: _File | None) -> None:
    if file is None:
        files.pop(name, None)
    else:
        files[name] = file


def _sectors(event: Event) -> Iterator[Event]:
    """A write in the parts a disk writes apart: sectors of the file, not of the write."""
    begin = 0
    while event.what == "write" and begin < len(event.data):
        end = begin + SECTOR - (event.at + begin) % SECTOR
        yield Event("write", event.name, event.at + begin, event.data[begin:end])
        begin = end
    if event.what != "write":
        yield event


def _done(content: bytes, events: Iterable[Event]) -> bytes:
    """A file's content after writes and truncations; what is between is zeros."""
    after = bytearray(content)
    for event in events:
        end = event.at + len(event.data)
        if len(after) < end:
            after.extend(bytes(end - len(after)))
        if event.what == "truncate":
            del after[event.at :]
        else:
            after[event.at : end] = event.data
    return bytes(after)
