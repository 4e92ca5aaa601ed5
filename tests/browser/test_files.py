"""A file with names, in a real browser: it arrives where it was asked for and nowhere else."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from models.access.roles import Role
from models.store.record import read
from models.store.trail.entries import Wanted, entries
from tests.browser.conftest import Served
from tests.support.browsing import open_page, settle
from tests.support.clinics import invented


def test_a_list_with_names_arrives_at_a_click_and_no_other_browser_is_given_it(
    served: Served, page: Page, chromium: Browser
) -> None:
    invented(served.engine, 60)
    one = read.record(served.engine).patients.row(0, named=True)
    name = f"{one['family_name']}, {one['given_name']}"
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    open_page(page, served.address, "claim")
    page.get_by_text("List the ").click()
    settle(page)
    link = page.get_by_role("link", name="Download this list")
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.startswith("seventy-courses-")
    assert name in Path(download.value.path()).read_text(encoding="utf-8")
    assert not any(one["family_name"] in url or url.endswith(".csv") for url in asked)
    expect(link).to_be_visible()
    (event,) = entries(served.engine, Wanted(action="export"))
    assert (event.by, event.subject, event.address) == (
        Role.CLINICIAN,
        "list of courses with names",
        "127.0.0.1",
    )
    address = served.address + str(link.get_attribute("href"))
    for role, status in ((Role.MANAGER, 404), (Role.CLINICIAN, 404), (None, 401)):
        other = chromium.new_context()
        if role:
            served.sign_in(other, role)
        answered = other.request.get(address)
        assert (answered.status, name in answered.text()) == (status, False)
        other.close()
    assert page.context.request.get(address).status == 200
    assert len(entries(served.engine, Wanted(action="export"))) == 2
