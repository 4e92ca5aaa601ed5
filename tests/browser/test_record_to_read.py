"""A person's whole record as a file, in a real browser: all of it can be read, by day and by night."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from models.store.engine.database import open_engine
from models.store.record import write
from tests.support.builders import BY, NOW, after, phq9_facts, record_patient
from tests.support.command import seventy
from tests.support.databases import put_key
from tests.support.seeing import colour, contrast

LEAST = 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_also_what_was_corrected_is_dark_enough_to_read(
    chromium: Browser, tmp_path: Path, scheme: str
) -> None:
    db, file = f"sqlite:///{tmp_path}/clinic.db", tmp_path / "1043.html"
    put_key()
    assert seventy("migrate", db=db).status == 0
    engine = open_engine(db)
    ruth = record_patient(engine, "1043", given_name="Ruth", family_name="Adler")
    score = write.record_assessment(engine, phq9_facts(ruth, item_9=1), by=BY, at=NOW).id
    write.correct_assessment(engine, score, phq9_facts(ruth, item_9=3), by=BY, at=after(1), why="misread")
    engine.dispose()
    assert seventy("patient", "1043", "--to", file, db=db).status == 0
    context = chromium.new_context(color_scheme=scheme, viewport={"width": 390, "height": 844})  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(file.as_uri())
    paper = colour(page, "body", "backgroundColor")
    faded = "e => { let o = 1; for (; e; e = e.parentElement) o *= getComputedStyle(e).opacity; return o }"
    for where in ("h1", ".gone dt", ".gone dd", ".gone .who", "section:not(.gone) dt"):
        assert contrast(colour(page, where, "color"), paper) >= LEAST, where
        assert page.locator(where).first.evaluate(faded) == 1, where
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    context.close()
