"""The Methods page: every definition in words, for every question that can be asked."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard import data, door
from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from models.outcomes.answers.claim import FEWEST_COURSES
from models.outcomes.question.change import defined_outcomes
from models.outcomes.question.locked import PRIMARY
from models.outcomes.question.vocabulary import Exclusion, Missing, WindowName
from models.outcomes.question.words import EXCLUSION_WORDS
from models.scales import all_scales
from tests.support.pages import opened, ran, said


def test_it_counts_one_course_aloud_by_the_question_asked(record: Engine) -> None:
    words = said(opened(Page.METHODS)).replace("\\", "")
    scales = data.scales()
    assert PRIMARY.sentence(scales["phq9"]) in words
    assert "Baseline 21, endpoint 9: a change of −12 on the PHQ-9." in words
    assert "**Response: yes.**" in words


def test_it_follows_the_question(record: Engine) -> None:
    page = opened(Page.METHODS)
    page.session_state["question-outcome"] = "remission"
    assert "**Remission: no.**" in said(ran(page))


def test_every_reason_window_outcome_strategy_and_scale_is_there(record: Engine) -> None:
    page = opened(Page.METHODS)
    words = said(page)
    assert all(EXCLUSION_WORDS[reason] in words for reason in Exclusion)
    windows, outcomes, strategies, scales = (len(table.value) for table in page.table)
    assert windows == len(WindowName)
    assert outcomes == len(defined_outcomes(data.scales()["phq9"]))
    assert strategies == len(Missing)
    assert scales == len(data.scales())


def test_it_says_the_rule_of_the_verdict_and_what_the_product_is_not(record: Engine) -> None:
    words = said(opened(Page.METHODS))
    assert f"under {FEWEST_COURSES} courses with a closed window" in words
    assert "**Not a trial.** There is no comparison group." in words
    assert "Nobody monitors these answers in real time." in words


def test_the_rights_of_each_scale_are_one_click_away(record: Engine) -> None:
    page = opened(Page.METHODS)
    (rights,) = page.main.expander
    assert len(rights.markdown) == len(data.scales())
    assert "No permission required" in rights.markdown[0].value


@pytest.mark.parametrize("role", list(Role))
def test_everybody_may_read_it(record: Engine, role: Role) -> None:
    assert opened(Page.METHODS, role=role).title[0].value == "How a rate is counted"


def test_it_speaks_of_every_scale_that_can_be_asked_about(record: Engine) -> None:
    page = opened(Page.METHODS)
    for scale in data.scales().values():
        if defined_outcomes(scale):
            page.session_state["question-scale"] = scale.id
            assert f"What counts on the {scale.name}" in said(ran(page))


def test_a_file_of_a_scale_that_cannot_be_used_is_named(
    record: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mood.toml").write_text("name = 7")
    monkeypatch.setattr(door._Door, "scales", all_scales(tmp_path))
    page = ran(opened(Page.METHODS))
    assert any("left out" in each.value and "mood" in each.value for each in page.warning)
