"""Is anything taken that should not be, or lost? `python -m tests.benchmarks.hostile [INPUTS [files …]]`.

10,000 generated files through the importer, 10,000 generated forms through the facts into the record, and
100 lives of a record on SQLite and on a PostgreSQL of its own beside a dictionary. Each row and each form
must be stored exactly as a second, plain reading says, or be refused with its field and a reason: never both,
never neither. The inputs are the same every time. Exit 1, with the input, where one is not.
"""

import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models.store.moves.migrate import start
from tests.support.builders import NOW
from tests.support.databases import Databases, connected
from tests.support.hostile import File, files
from tests.support.hostile_forms import some_forms
from tests.support.hostile_runs import ZONES, a_file_is_stored_or_refused, all_of
from tests.support.postgres import FAST, own_server
from tests.support.record_life import Life, lives

INPUTS: Final = 10_000
LIVES: Final = 100
STEPS: Final = 30
PARTS: Final = ("files", "forms", "lives")


def same_every_time(most: int) -> Any:
    """Generated in one order, and as found: what fails is said whole."""
    return settings(
        max_examples=most,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def brought(inputs: int, new: Callable[[], str], folder: Path) -> Counter[str]:
    """So many files, and what came of their rows."""
    came: Counter[str] = Counter()

    @same_every_time(inputs)
    @given(sent=st.lists(files(), min_size=1, max_size=2), zone=st.sampled_from(ZONES))
    def bring(sent: list[File], zone: str) -> None:
        if came["inputs"] < inputs:
            a_file_is_stored_or_refused(new(), folder, sent, zone, came)

    bring()
    return came


def sent(inputs: int, new: Callable[[], str]) -> Counter[str]:
    """So many forms, and what came of them."""
    came: Counter[str] = Counter()

    @same_every_time(inputs)
    @given(some=some_forms)
    def send(some: list[tuple[str, str, dict[str, Any]]]) -> None:
        if came["inputs"] < inputs:
            all_of(new(), some, came)

    send()
    return came


def told(name: str, came: Counter[str], began: float) -> None:
    outcomes = ", ".join(f"{count:,} {what}" for what, count in sorted(came.items()) if what != "inputs")
    print(f"{name}: {came['inputs']:,} in {time.perf_counter() - began:.0f} s ({outcomes})", flush=True)


def lived(name: str, new: Callable[[], str], count: int) -> None:
    began = time.perf_counter()
    Life.steps.clear()
    lives(new, count=count, steps=STEPS, shrink=False)
    came = Counter({"inputs": count, **Life.steps})
    told(f"lives on {name}", came, began)


def main(inputs: int, what: Collection[str]) -> None:
    os.environ["SEVENTY_PLAIN"] = "1"
    count = max(1, inputs * LIVES // INPUTS)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        with connected(f"sqlite:///{folder}/empty.db") as engine:
            start(engine, at=NOW)

        def new() -> str:
            for old in folder.glob("record.db*"):
                old.unlink()
            return f"sqlite:///{shutil.copy(folder / 'empty.db', folder / 'record.db')}"

        began = time.perf_counter()
        if "files" in what:
            told("files", brought(inputs, new, folder), began)
        began = time.perf_counter()
        if "forms" in what:
            told("forms", sent(inputs, new), began)
        if "lives" in what:
            lived("SQLite", new, count)
            with own_server(FAST) as server:
                lived("PostgreSQL", Databases(server.url).started, count)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else INPUTS, sys.argv[2:] or PARTS))
