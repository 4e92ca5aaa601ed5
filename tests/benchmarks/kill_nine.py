"""Does a killed program lose an acknowledged score? `python -m tests.benchmarks.kill_nine [KILLS]`.

A program in which four threads save PHQ-9s is killed (SIGKILL) at a random moment, 200 times, on SQLite and
on a PostgreSQL server of its own; the server too is killed under it, 8 times. After each kill, everything
that was acknowledged until then must stand, whole, and nothing that was refused with "nothing was saved".
The next program sends the last scores again, as a person would: they must stand once. Exit 1 otherwise.
"""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from tests.support.databases import Databases, connected
from tests.support.postgres import Server, own_server
from tests.support.saving import Said, heard, lost, program, standing, started

KILLS: Final = 200
SERVER_KILLS: Final = 8
THREADS: Final = 4
LONGEST: Final = 0.5
"""Seconds after the first acknowledgements, as many as threads, within which the kill comes."""


@dataclass
class Tally:
    """What so many kills came to."""

    kills: int = 0
    said: Said = field(default_factory=lambda: Said({}, set(), {}))
    unsaid: set[int] = field(default_factory=set)
    lost: set[int] = field(default_factory=set)
    damage: set[str] = field(default_factory=set)
    untrue: dict[int, str] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return not (self.lost or self.damage or self.untrue)


Kill = Callable[[subprocess.Popen[str]], object]


def kill_the_program(saving: subprocess.Popen[str]) -> None:
    saving.send_signal(signal.SIGKILL)


def kill_the_server(server: Server) -> Kill:
    def kill(_: subprocess.Popen[str]) -> None:
        server.kill()
        server.start()

    return kill


def killed(url: str, kills: int, kill: Kill) -> Tally:
    """So many programs that save one after the other into a record, each ended by a kill."""
    dice, tally = Random(70), Tally()  # noqa: S311 - the same moments every time
    first, stood = 0, set[int]()
    for _ in range(kills):
        said = saved_until(url, first, dice.uniform(0, LONGEST), kill)
        tally.kills += 1
        tally.said.saved.update(said.saved)
        tally.said.already.update(said.already)
        with connected(url) as engine:
            stored = standing(engine)
        tally.unsaid |= stored.ids.keys() - tally.said.saved.keys()
        tally.lost.update(lost(tally.said, stored))
        tally.damage.update(stored.damage)
        tally.untrue |= {
            number: words
            for number, words in said.refused.items()
            if number in stored.ids.keys() - stood and "nothing was saved" in words
        }
        stood = set(stored.ids)
        first = max(stored.ids) + 1 - THREADS
    return tally


def saved_until(url: str, first: int, seconds: float, kill: Kill) -> Said:
    """What a program said that saved from a number on, until it was killed."""
    command = program(url, first=first, threads=THREADS)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as saving:
        assert saving.stdout is not None
        lines = [saving.stdout.readline() for _ in range(THREADS)]
        assert lines[-1], "the program ended before each thread had saved"
        time.sleep(seconds)
        kill(saving)
        lines += saving.stdout.readlines()
    return heard(lines)


def told(name: str, tally: Tally) -> bool:
    print(
        f"{name:30}{tally.kills:6}{len(tally.said.saved):14}{len(tally.lost):6}{len(tally.damage):13}"
        f"{len(tally.unsaid):21}{len(tally.untrue):16}",
        flush=True,
    )
    for words in [*sorted(tally.damage)[:5], *list(tally.untrue.values())[:5]]:
        print(f"  {words}")
    return tally.holds


def main(kills: int) -> int:
    print(f"{'killed':30}{'kills':>6}{'acknowledged':>14}{'lost':>6}{'half written':>13}", end="")
    print(f"{'not yet acknowledged':>21}{'wrongly refused':>16}")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/record.db"
        started(url)
        held = [told("a program on SQLite", killed(url, kills, kill_the_program))]
    with own_server() as server:
        databases = Databases(server.url)
        for name, times, kill in (
            ("a program on PostgreSQL", kills, kill_the_program),
            ("the PostgreSQL server", SERVER_KILLS, kill_the_server(server)),
        ):
            url = databases.new()
            started(url)
            held.append(told(name, killed(url, times, kill)))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else KILLS))
