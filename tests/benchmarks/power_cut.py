"""Does a power cut lose an acknowledged score? `python -m tests.benchmarks.power_cut [MOMENTS]`.

A program saves 600 PHQ-9s through the product's own engine while `strace` records what it writes and syncs.
At 600 random moments the folder is rebuilt as a disk may hold it after a power cut, in three ways, and opened
with the product's engine. A score that was acknowledged and is not there, one without its answers or its
alert, and a record that fails SQLite's checks are a loss. Beside the product's `synchronous=FULL`, the two
weaker settings show that the replay sees a loss where there is one. Exit 1 on any loss under FULL.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from shutil import rmtree
from time import perf_counter
from typing import Final, NamedTuple

from models.store.record import write
from tests.support.builders import BY, NOW
from tests.support.databases import connected
from tests.support.power import MODELS, Cut, cuts, trace
from tests.support.saving import heard, lost, nth_facts, program, standing, started

SAVES: Final = 600
MOMENTS: Final = 600


class Found(NamedTuple):
    """What is left after a power cut: acknowledged scores that are gone, and what else is wrong."""

    lost: int
    damage: list[str]


def found_after(cut: Cut, folder: Path) -> Found:
    """Open what a power cut leaves, hold it against what had been acknowledged, and save once more."""
    folder.mkdir()
    for name, content in cut.files.items():
        (folder / name).write_bytes(content)
    said = heard(cut.printed)
    try:
        with connected(f"sqlite:///{folder}/record.db") as engine:
            stored = standing(engine)
            write.record_assessment(engine, nth_facts(max(stored.ids, default=0) + 1), by=BY, at=NOW)
    except Exception as error:  # noqa: BLE001 - a column of a torn page may be anything
        return Found(len(said.saved), [str(error)])
    finally:
        rmtree(folder)
    return Found(len(lost(said, stored)), stored.damage)


def replayed(folder: Path, saves: int, moments: int, synchronous: str = "FULL") -> dict[str, list[Found]]:
    """By model, what so many power cuts leave of a record into which so many scores were being saved."""
    record = folder / "record"
    record.mkdir()
    url = f"sqlite:///{record}/record.db"
    started(url)
    before = {path.name: path.read_bytes() for path in record.iterdir()}
    events = trace(program(url, saves=saves, synchronous=synchronous), record)
    assert sum(event.what == "print" for event in events) == saves, "not every save was acknowledged"
    found: dict[str, list[Found]] = {model: [] for model in MODELS}
    for cut in cuts(before, events, moments, Random(70)):  # noqa: S311 - the same cuts every time
        found[cut.model].append(found_after(cut, folder / "after"))
    return found


def main(moments: int) -> int:
    print(f"{SAVES} saves, {moments} moments, {len(MODELS)} models of what a disk keeps")
    print(f"{'synchronous':12}{'the disk keeps':24}{'states':>7}{'losing':>8}{'most lost':>10}{'damaged':>9}")
    losses = Counter[str]()
    for synchronous in ("FULL", "NORMAL", "OFF"):
        began = perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            for model, found in replayed(Path(folder), SAVES, moments, synchronous).items():
                losing, damaged = sum(one.lost > 0 for one in found), sum(bool(one.damage) for one in found)
                most = max(one.lost for one in found)
                losses[synchronous] += losing + damaged
                print(f"{synchronous:12}{model:24}{len(found):7}{losing:8}{most:10}{damaged:9}")
        print(f"{'':12}{perf_counter() - began:.0f} s", flush=True)
    if not losses["NORMAL"] or not losses["OFF"]:
        print("The replay is blind: it sees no loss where SQLite promises nothing.")
        return 1
    return min(losses["FULL"], 1)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else MOMENTS))
