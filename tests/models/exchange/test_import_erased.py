"""Of who is erased no name and no hash of a file stays in the trail that brought nothing of anybody else."""

from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from models.exchange.imports.intake import Recorder, import_plan
from models.exchange.imports.plan import plan
from models.exchange.imports.reading import Place
from models.store.erasure.erasing import erase
from models.store.trail.audit_check import verify
from tests.support.builders import BY, NOW, SETTING, after
from tests.support.tampering import events, tamper
from tests.support.two_people import everything

PLACE = Place(SETTING, ZoneInfo("UTC"))
HERS = {
    "Wuthering.csv": "mrn,given_name,family_name\nQ1,Zephyrine,Wuthering\n",
    "Wuthering-phq9.csv": "mrn,scale,assessed_at,total\nQ1,phq9,2026-03-03,19\n",
}
OF_BOTH = "mrn,scale,assessed_at,total\nQ1,phq9,2026-03-13,18\nZ2,phq9,2026-03-13,17\n"


def bring(engine: Engine, folder: Path, name: str, content: str) -> None:
    path = folder / name
    path.write_text(content)
    import_plan(engine, plan([path]), PLACE, Recorder(BY, NOW, reads_patients=True))


@pytest.mark.parametrize("keep_scores", [False, True])
def test_a_file_of_one_person_goes_with_them_and_a_file_of_more_stays(
    engine: Engine, tmp_path: Path, *, keep_scores: bool
) -> None:
    bring(engine, tmp_path, "all.csv", OF_BOTH)
    for name, content in (*HERS.items(), *HERS.items()):  # the second time nothing of it is new
        bring(engine, tmp_path, name, content)
    erase(engine, 1, by="Ada", at=after(5), reason="asked for it in writing", keep_scores=keep_scores)

    told = everything(engine)
    assert [name for name in ("Zephyrine", "Wuthering") if name in told] == []
    assert [name for name, text in HERS.items() if sha256(text.encode()).hexdigest() in told] == []
    imports = [event.detail for event in events(engine) if event.action == "import"]
    assert ["all.csv" in detail for detail in imports] == [True, False, False, False, False]
    assert verify(engine).findings == []


def test_an_import_event_somebody_broke_keeps_nobody_from_being_erased(
    engine: Engine, tmp_path: Path
) -> None:
    bring(engine, tmp_path, "all.csv", OF_BOTH)
    nested = "[" * 100_000
    tamper(engine, f"UPDATE audit_event SET detail = '{nested}' WHERE action = 'import'")  # noqa: S608
    erase(engine, 1, by="Ada", at=after(5), reason="asked for it in writing", keep_scores=False)
    assert {finding.event for finding in verify(engine).findings} >= {
        event.id for event in events(engine) if event.action == "import"
    }
