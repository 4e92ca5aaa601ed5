"""A scale whose every question is about suicide is asked about by whoever may read single records alone."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard import data
from dashboard.components.page.pages import Page
from dashboard.components.page.role import KEY
from models.access.roles import Role
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Outcome, TreatmentResistant
from models.scales import all_scales
from models.store.record import write
from tests.support.builders import BY, NOW, course_facts, infusion_facts, moment, record_patient, score_facts
from tests.support.command import seventy
from tests.support.databases import connected
from tests.support.pages import opened, said, turned_to
from tests.support.staff import manager_who_sees_names

OF_SUICIDE = ("bss", "sidas")
WITHOUT = (Role.MANAGER, Role.AUDITOR)
LOCKED = Estimand.of(
    all_scales()["sidas"], outcome=Outcome.REMISSION, treatment_resistant=TreatmentResistant.ANY
)
AS_OF = ("--as-of", "2026-06-01")
ASKED = ("--scale", "sidas", "--outcome", "remission", *AS_OF)


def ill(engine: Engine, *, locked: bool = False) -> None:
    """One person with 31 on the SIDAS, and 21 afterwards; the locked question may be about it."""
    patient = record_patient(engine, "1")
    write.record_course(engine, course_facts(patient, moment(0).date()), by=BY, at=NOW)
    write.record_infusion(engine, infusion_facts(patient, 0, given_at=moment(0, 12)), by=BY, at=NOW)
    for day, total in ((0, 31), (20, 21)):
        scored = score_facts(patient, total, day=day, scale="sidas")
        write.record_assessment(engine, scored, by=BY, at=NOW)
    if locked:
        write.lock_question(engine, LOCKED, claim=None, by=BY, at=NOW, reason="ours")


def offered(page: Any) -> list[str]:
    (scale,) = (each for each in page.selectbox if each.label == "Scale")
    return list(scale.options)


def test_which_scales_they_are() -> None:
    assert {name for name, scale in all_scales().items() if scale.is_of_suicide} == {*OF_SUICIDE}


@pytest.mark.parametrize("role", WITHOUT)
def test_the_claim_asks_about_none_for_who_reads_counts_alone(record: Engine, role: Role) -> None:
    ill(record, locked=True)
    name = data.scales()["sidas"].name
    assert name not in offered(opened(Page.CLAIM, role=role))
    assert name in offered(opened(Page.CLAIM, role=Role.CLINICIAN))


@pytest.mark.parametrize("role", WITHOUT)
def test_nor_does_the_clinic_lead_there(record: Engine, role: Role) -> None:
    ill(record)
    leads = f"Show {data.scales()['sidas'].name}"
    assert leads not in [button.label for button in opened(Page.CLINIC, role=role).button]
    assert leads in [button.label for button in opened(Page.CLINIC, role=Role.CLINICIAN).button]


def test_what_was_asked_with_the_right_is_asked_no_more_without_it(record: Engine) -> None:
    ill(record, locked=True)
    page = opened(Page.CLAIM)
    assert page.session_state["question-scale"] == "sidas"
    assert "1 of 1" in said(page)
    page.session_state[KEY] = Role.MANAGER
    page = turned_to(Page.CLAIM, page)
    assert data.scales()["sidas"].name not in offered(page)
    assert "0 of 1" not in said(page)


def test_a_manager_who_sees_names_asks_about_it(record: Engine) -> None:
    ill(record, locked=True)
    manager_who_sees_names()
    assert data.scales()["sidas"].name in offered(opened(Page.CLAIM, role=Role.MANAGER))


@pytest.mark.parametrize(
    "command", [("check", *ASKED), ("grid", *ASKED), ("claim", *ASKED), ("claim", *AS_OF)]
)
def test_no_command_counts_it_for_who_reads_counts_alone(begun: str, command: tuple[str, ...]) -> None:
    with connected(begun) as engine:
        ill(engine, locked=True)
    for name, role in (("ruth", "clinician"), ("mia", "manager"), ("otto", "auditor")):
        assert seventy("user", "add", name, "--role", role, db=begun).status == 0
    for name in ("mia", "otto"):
        run = seventy("--as", name, *command, "--json", db=begun)
        assert run.status == 2
        assert "is about suicide" in run.document["error"]
    assert "is about suicide" not in seventy("--as", "ruth", *command, "--json", db=begun).out


def test_nor_is_a_statement_about_it_checked_for_them(begun: str, tmp_path: Path) -> None:
    with connected(begun) as engine:
        ill(engine, locked=True)
    assert seventy("user", "add", "mia", "--role", "manager", db=begun).status == 0
    file = tmp_path / "words.json"
    assert seventy("claim", *AS_OF, "--statement", file, db=begun).status == 0
    assert seventy("check", "--verify", file, db=begun).out == "confirmed\n"
    run = seventy("--as", "mia", "check", "--verify", file, db=begun)
    assert (run.status, run.out) == (2, "")
