"""What is advertised: on record with its history, corrected and added to by a manager."""

from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.charts.words import on
from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from models.store.record import write
from models.tables.facts import ClaimFacts
from tests.support.builders import NOW
from tests.support.pages import errors, opened, press, said, type_in, widget


def settings() -> AppTest:
    return opened(Page.SETTINGS, role=Role.MANAGER)


def shown(page: AppTest) -> list[str]:
    """Of each claim its rate and how it stands."""
    lines = [each.value.partition("  \n")[0] for each in page.markdown]
    return [line for line in lines if "\u00a0%**, " in line]


def test_the_seventy_per_cent_are_there_from_the_start(record: Engine) -> None:
    page = settings()
    assert shown(page) == ["**70\u00a0%**, advertised now; the verdict is given on it"]
    words = said(page)
    assert "Advertised: not said  \nSource: As advertised; the advertisement names no source." in words
    assert f"Recorded: {on(NOW.date())}" in words


def test_another_claim_is_added_beside_it(record: Engine) -> None:
    page = press(settings(), "Another claim")
    widget(page, "text_area", "words").set_value("8 in 10 feel better after one infusion")
    type_in(page, "number_input", "percent", 80.0)
    type_in(page, "text_input", "source", "Our leaflet of 2025")
    press(page, "Add")
    assert not errors(page)
    assert shown(page) == [
        "**70\u00a0%**, advertised now; the verdict is given on it",
        "**80\u00a0%**, advertised now",
    ]
    assert data.ledger().claim.rate == 0.7


def test_a_claim_nothing_could_contradict_is_refused_in_words(record: Engine) -> None:
    page = press(settings(), "Another claim")
    widget(page, "text_area", "words").set_value("Everybody feels better")
    type_in(page, "number_input", "percent", 100.0)
    type_in(page, "text_input", "source", "Our leaflet")
    press(page, "Add")
    assert any("more than 0 and less than 1" in each.replace("\\", "") for each in errors(page))
    assert len(data.ledger().claims) == 1


def test_a_correction_keeps_what_was_advertised_before(record: Engine) -> None:
    claim = data.ledger().claims[0]
    facts = ClaimFacts(words=claim.words, rate=0.72, source="Oliver 2022")
    write.correct_claim(record, claim.id, facts, by="a test", at=NOW, why="the website says 72")
    before, now = shown(settings())
    assert before.startswith("**70\u00a0%**, corrected since")
    assert now == "**72\u00a0%**, advertised now; the verdict is given on it"
