"""Real scores: 66 inpatients on the Hamilton scale over six weeks (Reisby et al. 1977), counted by hand.

The files lie in the folder that SEVENTY_REAL_DATA names; no copy of them belongs to the project.
"""

import os
from pathlib import Path

import pytest

from models.store.record.read import record
from tests.support.command import counts, seventy
from tests.support.databases import connected, put_key

FOLDER = os.environ.get("SEVENTY_REAL_DATA")
pytestmark = [
    pytest.mark.skipif(FOLDER is None, reason="SEVENTY_REAL_DATA names no folder with the real scores"),
    pytest.mark.usefixtures("some_key"),
]
REISBY = Path(FOLDER or ".") / "reisby"

QUESTION = (
    *("check", "--scale", "hamd17", "--window", "d7", "--baseline-at-least", "0"),
    *("--treatment-resistant", "any", "--as-of", "2026-01-01", "--json"),
)
WIDE = """
[[table]]
reads = "assessments"
columns = { mrn = "subject" }
constants = { scale = "HAM-D17" }
day_0 = 2025-01-06
time_of_day = 09:00:00
time_points = [
  { day = 0, columns = { total = "week0" } },
  { day = 7, columns = { total = "week1" } },
  { day = 14, columns = { total = "week2" } },
  { day = 21, columns = { total = "week3" } },
  { day = 28, columns = { total = "week4" } },
  { day = 35, columns = { total = "week5" } },
]
"""


@pytest.fixture(name="db", scope="module")
def _db(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A record with the folder imported once."""
    folder = tmp_path_factory.mktemp("reisby")
    db = f"sqlite:///{folder}/clinic.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEVENTY_KEY_FILE", str(folder / "seventy.key"))
        put_key()
        run = seventy("import", REISBY, "--json", db=db)
    assert run.status == 0
    assert counts(run, "assessments") == {"read": 375, "new": 375}
    assert counts(run, "courses") == {"read": 66, "new": 66}
    assert counts(run, "infusions") == {"read": 66, "new": 66}
    assert counts(run, "patients") == {"new": 66}
    return db


def test_a_second_import_adds_nothing(db: str) -> None:
    run = seventy("import", REISBY, "--json", db=db)
    assert run.status == 0
    assert [table["new"] for table in run.document["tables"].values()] == [0, 0, 0, 0]


@pytest.mark.conformance(
    figures="response and remission of 66 inpatients on HAM-D17",
    source="Reisby 1977, counted by hand",
)
@pytest.mark.parametrize(
    ("outcome", "missing", "numerator", "denominator"),
    [
        ("response", "observed", 5, 65),
        ("response", "non_responder", 5, 66),
        ("remission", "observed", 0, 65),
        ("remission", "non_responder", 0, 66),
    ],
)
def test_the_rates_are_those_counted_by_hand(
    db: str, outcome: str, missing: str, numerator: int, denominator: int
) -> None:
    document = seventy(*QUESTION, "--outcome", outcome, "--missing", missing, db=db).document
    assert (document["numerator"], document["denominator"]) == (numerator, denominator)


def test_the_wide_file_holds_the_same_assessments(db: str, tmp_path: Path) -> None:
    mapping = tmp_path / "reisby.toml"
    mapping.write_text(WIDE)
    wide = ("import", REISBY / "wide.csv", "--mapping", mapping, "--json")
    assert counts(seventy(*wide, db=db), "assessments") == {"read": 375, "already_there": 375}
    alone = f"sqlite:///{tmp_path}/wide.db"
    assert counts(seventy(*wide, db=alone), "assessments") == {"read": 375, "new": 375}
    columns = ("mrn", "scale", "instant", "total")
    with connected(db) as one, connected(alone) as other:
        long, short = (
            stored.assessments.join(stored.patients, on="patient_id").select(columns).sort(columns)
            for stored in (record(one), record(other))
        )
    assert long.equals(short)
