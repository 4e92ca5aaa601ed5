"""Three clinics, each read once through every door: the golden cohort, the demo clinic, and real scores."""

import os
import shutil
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from models.outcomes.question.estimand import Estimand, Outcome
from models.outcomes.question.vocabulary import TreatmentResistant
from models.scales import all_scales
from models.store.record import read, write
from tests.support.builders import BY, NOW
from tests.support.clinics import TODAY, invented
from tests.support.command import seventy
from tests.support.databases import connected, put_key
from tests.support.doors import Clinic
from tests.support.going_round import read_clinic

GOLDEN: Final = Path(__file__).parents[1] / "spec" / "golden_timeline"
DEMO_PATIENTS: Final = 240


def _golden(db: str) -> date:
    assert seventy("import", GOLDEN, db=db).status == 0
    return date(2026, 1, 31)


def _demo(db: str) -> date:
    with connected(db) as engine:
        invented(engine, DEMO_PATIENTS)
    return TODAY


def _real(db: str) -> date:
    """66 inpatients on the Hamilton scale, of whom a clinic asks what they can be asked."""
    folder = os.environ.get("SEVENTY_REAL_DATA")
    if folder is None:
        pytest.skip("SEVENTY_REAL_DATA names no folder with the real scores")
    assert seventy("import", Path(folder) / "reisby", db=db).status == 0
    asked = Estimand.of(
        all_scales()["hamd17"], outcome=Outcome.RESPONSE, treatment_resistant=TreatmentResistant.ANY
    )
    with connected(db) as engine:
        claim = read.claims(engine)[0].entity_id
        write.lock_question(engine, asked, claim=claim, by=BY, at=NOW, reason="the scale of these scores")
    return date(2026, 1, 1)


CLINICS: Final[dict[str, Callable[[str], date]]] = {"golden": _golden, "demo": _demo, "real": _real}


@pytest.fixture(scope="session")
def _clinics(_empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Clinic]:
    """Makes one of the three and reads it, once."""

    @cache
    def made(name: str) -> Clinic:
        folder = tmp_path_factory.mktemp(name)
        put_key()
        db = f"sqlite:///{shutil.copyfile(_empty_file, folder / 'record.db')}"
        return read_clinic(name, db, CLINICS[name](db), folder)

    return made


@pytest.fixture(params=["golden", pytest.param("demo", marks=pytest.mark.thorough), "real"])
def clinic(request: pytest.FixtureRequest, _clinics: Callable[[str], Clinic]) -> Clinic:
    """Each of the three, as every door shows it."""
    return _clinics(request.param)
