"""Whoever may not read of single patients is told rates and counts, and never the score or answer of one."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard import data
from dashboard.charts.claim.changes import Changes
from dashboard.components.claim.claim_numbers import numbers_of
from dashboard.components.page.pages import Page
from dashboard.parts import flattery_of, middle_of, mix_of, parts_of
from models.access.keys import Keys
from models.access.roles import Role
from models.outcomes.answers.claim import FEWEST_COURSES
from models.outcomes.answers.of_many import Withheld
from models.outcomes.answers.ways import staircase
from models.outcomes.counts.selection import ChosenIll
from models.outcomes.counts.suicide_item import SuicideItemChange
from models.outcomes.question.locked import PRIMARY
from models.store.accounts.staff import add_account, change_account
from models.store.engine.database import open_engine
from models.store.moves.migrate import start
from models.store.record import write
from tests.support.builders import BY, NOW, course_facts, infusion_facts, moment, record_patient, score_facts
from tests.support.command import seventy
from tests.support.pages import opened, said
from tests.support.staff import manager_who_sees_names

FEW = FEWEST_COURSES - 1
WITHOUT = (Role.MANAGER, Role.AUDITOR)
OF_A_FEW = ("suicide_item", "changes", "case_mix", "case_mix_quartiles")


def treated(engine: Engine, people: int, *, mrn: str = "", baseline: int = 23) -> None:
    """So many people resistant to treatment, scored 10 afterwards; about suicide they answer 2, then 1."""
    for number in range(people):
        patient = record_patient(engine, f"{mrn}{number}", birth_date=date(1961, 5, 4))
        course = course_facts(patient, moment(0).date(), indication="depression", failed_trials_episode=3)
        write.record_course(engine, course, by=BY, at=NOW)
        for day in range(0, 18, 3):
            given = infusion_facts(patient, day, given_at=moment(day, 12))
            write.record_infusion(engine, given, by=BY, at=NOW)
        for day, total, answer in ((0, baseline, 2), (36, 10, 1)):
            scored = score_facts(patient, total, day=day, suicide_item=answer)
            write.record_assessment(engine, scored, by=BY, at=NOW)


@pytest.fixture
def one(record: Engine) -> Engine:
    treated(record, 1)
    return record


def exported(*, one_by_one: bool) -> tuple[list[str], str]:
    """The tables under the charts of the locked question, by title, and the file."""
    found = data.findings(PRIMARY, one_by_one=one_by_one)
    steps = staircase(data.ways(PRIMARY), PRIMARY)
    numbers = numbers_of(found, steps, data.scales()["phq9"], 0)
    return [table.title for table in numbers.tables], numbers.file.decode()


def charts(page: Any) -> str:
    return " ".join(chart.proto.spec for chart in page.get("plotly_chart"))


@pytest.mark.parametrize("role", WITHOUT)
def test_the_page_tells_nothing_of_one_person(one: Engine, role: Role) -> None:
    page = opened(Page.CLAIM, role=role)
    words = said(page)
    assert f"Suicide item. {Withheld.ANSWERS}" in words
    assert Withheld.CHANGES in words
    assert "Suicide item: better" not in charts(page) + words
    assert "23 to 10" not in charts(page)


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.MANAGER])
def test_the_page_tells_whoever_may_read_records_everything(one: Engine, role: Role) -> None:
    manager_who_sees_names()
    page = opened(Page.CLAIM, role=role)
    assert "Suicide item: better" in charts(page)
    assert "23 to 10" in charts(page)
    assert "Withheld" not in said(page)


def test_the_numbers_under_the_charts_tell_nothing_of_one_person(one: Engine) -> None:
    titles, file = exported(one_by_one=False)
    assert "Change from baseline" not in titles
    for why in (Withheld.ANSWERS, Withheld.CHANGES, Withheld.MIX, Withheld.BASELINES):
        assert (
            why in file or why is Withheld.BASELINES
        )  # one baseline has no spread, and nothing is made of it
    for told in ("Suicide item: better", "item resolved", "case mix: severity"):
        assert told not in file
    titles, file = exported(one_by_one=True)
    assert "Change from baseline" in titles
    assert "Suicide item: better" in file
    assert "case mix: severity" in file


def test_the_parts_and_the_mix_tell_nothing_of_one_person(one: Engine) -> None:
    found = data.findings(PRIMARY, one_by_one=False)
    (about_suicide,) = [part for part in parts_of(found) if part.phrase == "suicidality"]
    assert (about_suicide.rate, about_suicide.remark) == (None, Withheld.ANSWERS)
    assert (mix_of(found), middle_of(found)) == (Withheld.MIX, Withheld.MIX)


def test_two_baselines_are_not_told_by_their_mean_and_spread(record: Engine) -> None:
    treated(record, 1)
    treated(record, 1, mrn="other", baseline=18)
    found = data.findings(PRIMARY, one_by_one=True)
    assert isinstance(flattery_of(found), ChosenIll)
    assert flattery_of(found.of_many()) is Withheld.BASELINES
    assert Withheld.BASELINES in exported(one_by_one=False)[1]


@pytest.mark.parametrize(("people", "withheld"), [(FEW, True), (FEWEST_COURSES, False)])
def test_it_is_told_from_as_many_on_as_make_a_rate(record: Engine, people: int, *, withheld: bool) -> None:
    treated(record, people)
    found = data.findings(PRIMARY, one_by_one=False)
    assert isinstance(found.suicide_item, SuicideItemChange) is not withheld
    assert isinstance(found.changes, Changes) is not withheld
    assert (mix_of(found) == Withheld.MIX) is withheld


def test_bars_of_many_tell_no_score(demo: Engine) -> None:
    for role in WITHOUT:
        assert "hovertext" not in waterfall_of(role)
    assert " to " in str(waterfall_of(Role.CLINICIAN)["hovertext"])
    moved = data.findings(PRIMARY, one_by_one=False).changes
    assert isinstance(moved, Changes)
    assert set(moved.baseline) == {100}


def waterfall_of(role: Role) -> dict[str, Any]:
    """All that the bars of the chart of each person's change carry."""
    specs = [json.loads(chart.proto.spec) for chart in opened(Page.CLAIM, role=role).get("plotly_chart")]
    bars = [bar for spec in specs for bar in spec["data"] if bar["type"] == "bar" and len(bar["y"]) > 1]
    assert bars
    return {key: value for bar in bars for key, value in bar.items()}


Claim = Callable[..., dict[str, Any]]


@pytest.fixture
def claim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Claim:
    """What `seventy claim --json` tells of one course, as an account of a role or as the operator."""
    monkeypatch.setenv("SEVENTY_KEY_FILE", str(tmp_path / "seventy.key"))
    key = Keys.create(tmp_path / "seventy.key").derive("audit")
    db = f"sqlite:///{tmp_path}/record.db"
    engine = open_engine(db, audit_key=key)
    start(engine, at=NOW)
    treated(engine, 1)
    for role in Role:
        add_account(engine, role, role.shown, role, by=BY, at=NOW)
    add_account(engine, "mia", "Mia", Role.MANAGER, by=BY, at=NOW)
    change_account(engine, "mia", by=BY, at=NOW, sees_names=True)
    engine.dispose()
    day = moment(0).date().isoformat()

    def told(*acting: str) -> dict[str, Any]:
        run = seventy(*acting, "claim", "--started-from", day, "--started-to", day, "--json", db=db)
        assert run.status == 0, run.err
        document: dict[str, Any] = run.document
        return document

    return told


@pytest.mark.parametrize("role", WITHOUT)
def test_the_command_tells_nothing_of_one_person(claim: Claim, role: Role) -> None:
    document = claim("--as", role)
    for name in OF_A_FEW:
        assert document[name] is None
        assert document[f"{name}_withheld"].startswith("Withheld: fewer than 20 ")
    (part,) = [part for part in document["parts"] if part["phrase"] == "suicidality"]
    assert part["rate"] is None
    assert document["answer"]["numerator"] == 1


def test_the_command_tells_everything_to_whoever_may_read_records(claim: Claim) -> None:
    document = claim()
    assert not [name for name in document if name.endswith("_withheld")]
    assert document["suicide_item"]["improved"] == 1
    for account in (Role.CLINICIAN, "mia"):
        assert claim("--as", account) | {"answer": None} == document | {"answer": None}
