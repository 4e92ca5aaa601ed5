"""A locked question whose outcome its scale defines no more, because a clinic edited its own file."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard import door
from dashboard.cli import opening
from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.locked import PRIMARY
from models.outcomes.question.vocabulary import Outcome
from models.scales import all_scales
from models.store.record.ledger import lock_question
from tests.support.builders import BY, after
from tests.support.clinics import invented
from tests.support.command import seventy
from tests.support.own_scale import PAIN
from tests.support.pages import opened, ran, said, turned_to

ASKED = PAIN + 'response_percent = { value = 50, source = "Ours" }\n'
REMISSION = 'remission_at_most = { value = 1, source = "Ours" }\n'


PAGES = (Page.CLAIM, Page.CLINIC, Page.METHODS, Page.WAYS, Page.WORDS)


@pytest.fixture(name="file")
def _file(record: Engine, tmp_path: Path) -> Path:
    """The clinic's own file, and a record whose locked question is remission on it."""
    file = tmp_path / "pain.toml"
    file.write_text(ASKED + REMISSION)
    door.open_door(record, all_scales(tmp_path), tmp_path)
    invented(record, 30)
    question = Estimand(scale="pain", outcome=Outcome.REMISSION, baseline_at_least=0)
    lock_question(record, question, claim=None, by=BY, at=after(100), reason="our own scale counts")
    return file


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_so_and_asks_the_products_own_question(file: Path, page: Page) -> None:
    file.write_text(ASKED)
    shown = opened(page, role=Role.MANAGER)
    (error,) = [each for each in shown.error if "cannot be answered" in each.value]
    assert "no longer defines remission" in error.value
    assert "PHQ-9" in said(shown)


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("gone", [False, True], ids=["other", "gone"])
def test_whoever_asks_it_while_the_file_changes_asks_another_from_then_on(
    file: Path, page: Page, *, gone: bool
) -> None:
    shown = turned_to(page, opened(Page.CLAIM, role=Role.MANAGER))
    if gone:
        file.unlink()
    else:
        file.write_text(ASKED)
    assert any("cannot be answered" in each.value for each in ran(shown).error)


@pytest.mark.usefixtures("record")
def test_another_question_locked_since_keeps_the_earlier_in_its_history(file: Path, record: Engine) -> None:
    lock_question(record, PRIMARY, claim=None, by=BY, at=after(200), reason="back to the usual scale")
    file.write_text(ASKED)
    shown = opened(Page.CLAIM, role=Role.MANAGER)
    assert not [each for each in shown.error if "cannot be answered" in each.value]
    assert any("Locked before it" in each.value for each in shown.info)


def test_the_command_says_so(file: Path, record: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "own_scales", lambda: file.parent)
    file.write_text(ASKED)
    run = seventy("claim", db=str(record.url))
    assert run.status == 2
    assert "the file of its scale, pain, no longer defines remission" in run.err
