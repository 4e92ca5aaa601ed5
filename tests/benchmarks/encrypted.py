"""What encryption costs a save: `python -m tests.benchmarks.encrypted [ROUNDS]`.

A PHQ-9 of nine items is recorded and committed, in turn, in a plain and in an encrypted record, each with
every commit on the disk. The target: a ratio of 1, within the noise that two plain records show between them.
"""

import sys
import tempfile
from pathlib import Path
from statistics import median

from models.store.engine.database import open_engine
from models.store.moves.migrate import start
from tests.benchmarks.recording import NOW, Clinic

KEY = bytes(range(32))


def clinic(folder: str, name: str, key: bytes | None) -> Clinic:
    engine = open_engine(f"sqlite:///{Path(folder) / name}.db", key=key)
    start(engine, at=NOW)
    return Clinic(engine)


def ratio(some: Clinic, others: Clinic) -> float:
    """The median of the ratios of saves made one after the other."""
    return median(a / b for a, b in zip(some.saves, others.saves, strict=True))


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain, again = clinic(folder, "plain", None), clinic(folder, "again", None)
        encrypted = clinic(folder, "encrypted", KEY)
        turns = [plain, encrypted, again]
        for nth in range(rounds):
            for one in turns[nth % 3 :] + turns[: nth % 3]:
                one.once(nth)
        print(
            f"a committed save: {1000 * median(encrypted.saves):.2f} ms encrypted, "
            f"{1000 * median(plain.saves):.2f} ms plain; ratio {ratio(encrypted, plain):.2f}, "
            f"of two plain records {ratio(again, plain):.2f}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 400)
