"""Importing in a real browser: files go through the gate, are seen, and stored once however one clicks."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from models.access.roles import Role
from models.store.record import read
from models.store.trail.entries import Wanted, entries
from tests.browser.conftest import Served
from tests.support.browsing import open_page, settle, turn_to

EXPORTS = {
    "people.csv": "mrn,family_name,birth_date\n7,Zoë,1980-05-04\n8,Bakke,1975-01-31\n".encode("cp1252"),
    "courses.csv": b"mrn,started_on,failed_trials_episode\n7,2026-01-06,3\n8,2026-01-06,2\n",
    "doses.csv": b"mrn;given_at;route;dose_mg;weight_kg\n7;2026-01-06;iv;37,5;75\n8;2026-01-06;iv;40;80\n",
    "scores.csv": b"mrn,scale,assessed_at,total\n"
    b"7,phq9,01/05/2026,21\n7,phq9,01/27/2026,9\n8,phq9,01/05/2026,18\n",
}


@pytest.fixture(name="exports")
def _exports(tmp_path: Path) -> list[Path]:
    """Files of another program: another encoding, decimal commas, months first."""
    for name, content in EXPORTS.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in EXPORTS]


def heading(page: Page, words: str) -> None:
    """The page's one title says so, once every file was read by a process of its own."""
    expect(page.locator("h1")).to_have_text(words, timeout=60_000)


def bring(page: Page, served: Served, exports: list[Path]) -> None:
    """Choose the files, and answer what is asked."""
    open_page(page, served.address, "import")
    heading(page, "Bring past records in")
    page.locator("input[type=file]").first.set_input_files([str(path) for path in exports])
    for title, said in (
        ("3 questions first", "(Windows-1252)"),
        ("2 questions first", "A comma: 37,5 is 37.5"),
        ("A question first", "Month first"),
    ):
        heading(page, title)
        page.get_by_test_id("stMain").get_by_text(said).click()
        settle(page)
    heading(page, "9 rows to store")


def test_files_of_another_program_change_the_clinics_count(
    served: Served, page: Page, exports: list[Path]
) -> None:
    open_page(page, served.address, "claim")
    expect(page.get_by_test_id("stMain")).to_contain_text("No one begun")
    bring(page, served, exports)
    page.get_by_role("button", name="Store 9 rows").click()
    heading(page, "9 rows stored")
    turn_to(page, "Claim")
    expect(page.get_by_test_id("stMain")).to_contain_text("List the 2 courses")
    assert read.record(served.engine).patients["family_name"].to_list() == ["Zoë", "Bakke"]
    turn_to(page, "Import")
    page.get_by_role("button", name="Bring more in").click()
    heading(page, "Bring past records in")


def test_a_double_click_stores_once(served: Served, page: Page, exports: list[Path]) -> None:
    bring(page, served, exports)
    page.get_by_role("button", name="Store 9 rows").dblclick()
    heading(page, "9 rows stored")
    settle(page)
    assert read.record(served.engine).assessments.height == 3
    assert len(entries(served.engine, Wanted(action="import"))) == 1


def test_who_may_not_import_cannot_send_a_file_either(
    served: Served, chromium: Browser, exports: list[Path]
) -> None:
    context = chromium.new_context()
    served.sign_in(context, Role.MANAGER)
    page = context.new_page()
    open_page(page, served.address, "import")
    expect(page.locator("input[type=file]")).to_have_count(0)
    whose = "The page Import is for: administrator, clinician. Your role is practice manager; this is Claim."
    expect(page.get_by_test_id("stMain")).to_contain_text(whose)
    status = page.evaluate(
        "async () => (await fetch('/_stcore/upload_file/x/y', {method: 'PUT', body: 'mrn'})).status"
    )
    assert status == 403
    context.close()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_nothing_but_a_table_scrolls_sideways_on_a_phone(
    served: Served, chromium: Browser, exports: list[Path], mode: str
) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme=mode)
    served.sign_in(context)
    page = context.new_page()
    page.set_default_timeout(60_000)
    bring(page, served, exports)
    wide = page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth")
    assert wide == 0
    context.close()


def test_the_longest_reason_is_read_whole_at_a_desk_and_on_a_phone(
    served: Served, page: Page, tmp_path: Path
) -> None:
    (tmp_path / "s.csv").write_text("mrn,scale,assessed_at,total\n" + "7,phq99,2026-01-05,21\n" * 21)
    open_page(page, served.address, "import")
    page.locator("input[type=file]").first.set_input_files(str(tmp_path / "s.csv"))
    page.get_by_text("All 21 reasons").click()
    settle(page)
    last = "cadss6"  # with which the longest reason ends
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        settle(page)
        for role in ("listitem", "cell"):
            shown = page.get_by_role(role).filter(has_text=last).first
            box = shown.bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert shown.evaluate("cell => cell.scrollWidth <= cell.clientWidth")
