"""What one more score costs beside a million: `python -m tests.benchmarks.recording [PATIENTS]`.

A PHQ-9 of nine items is recorded, in turn, into an empty record and into that of an invented clinic (of
100,000 patients by default: about a million assessments), and the frames of each catch up with it. The
target: at most 1.5 times the empty record's cost, and nothing read again.
"""

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import Engine

from models.scales import all_scales
from models.store.engine.database import open_engine
from models.store.moves.migrate import start
from models.store.record import read
from models.store.record.write import record_assessment, record_patient
from models.tables.facts import AssessmentFacts, PatientFacts, Setting
from seed.clinic import invent, write

NOW = datetime.now(UTC)
SETTING = Setting(today=NOW.date(), zone=UTC, scales=all_scales())
ROUNDS = 200


def opened(folder: Path, name: str) -> Engine:
    engine = open_engine(f"sqlite:///{folder / name}.db", audit_key=b"benchmark")
    start(engine, at=NOW)
    return engine


class Clinic:
    """A record with one more patient, whose scores are timed."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        facts = PatientFacts.check({"mrn": "BENCH-1"}, SETTING)
        self.patient_id = record_patient(engine, facts, by="benchmark", at=NOW).entity_id
        self.record = read.record(engine)
        self.saves: list[float] = []
        self.catches: list[float] = []

    def once(self, nth: int) -> None:
        answers = {item: (item + nth) % 4 for item in range(1, 10)}
        moment = NOW - timedelta(days=400) + timedelta(minutes=nth)
        values = {"patient_id": self.patient_id, "scale": "phq9", "assessed_at": moment, "items": answers}
        facts = AssessmentFacts.check(values, SETTING)
        began = perf_counter()
        record_assessment(self.engine, facts, by="benchmark", at=NOW + timedelta(seconds=nth))
        saved = perf_counter()
        self.record = read.catch_up(self.engine, self.record)
        self.catches.append(perf_counter() - saved)
        self.saves.append(saved - began)


def told(name: str, large: list[float], small: list[float]) -> None:
    ratios = sorted(a / b for a, b in zip(large, small, strict=True))
    print(
        f"{name}: {1000 * median(large):.2f} ms beside {1000 * median(small):.2f} ms when empty; "
        f"ratio of medians {median(large) / median(small):.2f}, of pairs {median(ratios):.2f}"
    )


def main(patients: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        full = opened(Path(folder), "full")
        write(full, invent(patients, 70, NOW.date()), NOW - timedelta(hours=1))
        large, small = Clinic(full), Clinic(opened(Path(folder), "empty"))
        print(f"{large.record.assessments.height:,} assessments beside none")
        for nth in range(ROUNDS):
            large.once(nth)
            small.once(nth)
        told("recording a PHQ-9", large.saves, small.saves)
        told("catching up", large.catches, small.catches)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100_000)
