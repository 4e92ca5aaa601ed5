"""Going round one clinic's doors and keeping what each of them says."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

import pytest
import streamlit as st
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard import data, door, identity
from dashboard.components.claim.unseen_card import IMPUTE
from dashboard.components.forms import drafts
from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from dashboard.components.question.population_picker import gate_key
from dashboard.components.question.population_picker import key as key_of
from dashboard.shelf import SHELF, Held
from models.scales import all_scales
from tests.support.command import seventy
from tests.support.databases import connected
from tests.support.doors import ENDINGS, EXPLORED, Clinic, Drawn, Pages, plain
from tests.support.pages import opened, ran, said, turned_to
from tests.support.staff import Staff, manager_who_sees_names

BEHIND: Final = "numbers-The numbers behind these charts"
OPENED: Final = (
    *("how-counted", "certainty", "parts", "mix", "roll", "locks", IMPUTE, BEHIND),
    "numbers-The numbers behind this chart",
    "numbers-Every published rate of this outcome",
)
"""What is folded away on the pages, or switched off, until somebody asks for it."""


def read_clinic(name: str, db: str, as_of: date, folder: Path) -> Clinic:
    """Everything one record says; the pages are read first, for a look at the answer is counted."""
    with connected(db) as engine:
        pages = _read_pages(engine, as_of)
    day = ("--as-of", as_of.isoformat())
    statements = {}
    for ending in ENDINGS:
        path = folder / f"{name}.{ending}"
        assert seventy("claim", *day, "--statement", path, db=db).status == 0
        assert seventy("check", "--verify", path, db=db).out == "confirmed\n"
        statements[ending] = path.read_text(encoding="utf-8")
    claim = seventy("claim", *day, "--json", db=db).document
    question = claim["answer"]["question"]
    explored = [
        seventy("claim", *_options({**question, **parts}), *_gate(parts), *day, "--json", db=db).document
        for parts in EXPLORED
    ]
    asked = (*_options(question), *day, "--claim", str(claim["advertised"]["rate"]))
    check, grid = (seventy(command, *asked, "--json", db=db).document for command in ("check", "grid"))
    told = plain(seventy("claim", *day, db=db).out)
    return Clinic(name, told, claim, explored, check, grid, statements, pages)


def _options(question: Mapping[str, Any]) -> Iterator[str]:
    """A question's document as the options of `check` and `grid`."""
    for part, value in question.items():
        if part == "first_course":
            yield "--first-course" if value else "--all-courses"
        elif value is not None:
            yield from (
                f"--{part.replace('_', '-')}",
                ",".join(value) if isinstance(value, list) else str(value),
            )


def _gate(parts: Mapping[str, Any]) -> Iterator[str]:
    """Any baseline, which no gate at all stands for, as an option."""
    if "baseline_at_least" in parts and parts["baseline_at_least"] is None:
        yield from ("--baseline-at-least", "0")


def _read_pages(engine: Engine, as_of: date) -> Pages:
    files: dict[str, bytes] = {}

    def kept(held: Held, *, at: datetime) -> str:
        files[held.file.name] = held.file.make().content
        return "token"

    noon = datetime.combine(as_of, time(12), UTC)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "now", lambda: noon)
        patch.setattr(door._Door, "engine", None)
        patch.setattr(SHELF, "hold", kept)
        door.open_door(engine, all_scales())
        drafts.forget()
        patch.setattr(identity, "session_hash", Staff(engine).session_hash)
        manager_who_sees_names()  # or what is of a few people would be withheld
        page = opened(Page.CLAIM, role=Role.MANAGER)
        _with_all_open(page)
        title, words, tables = page.title[0].value, plain(said(page)), [each.value for each in page.table]
        odds = float(page.slider[0].value)
        figures = dict(map(_drawn, page.get("plotly_chart")))
        ways = plain(_with_all_open(turned_to(Page.WAYS, page)).title[0].value)
        figures |= dict(map(_drawn, page.get("plotly_chart")))
        turned_to(Page.WORDS, page)
        _with_all_open(opened(Page.CLAIM))  # whose list of courses is a clinician's
        own, explored, scale = dict(files), [], data.ledger().question.scale
        for parts in EXPLORED:
            turned_to(Page.CLAIM, page)
            for part, value in parts.items():
                name = gate_key(scale) if part == "baseline_at_least" else key_of(part)
                page.session_state[name] = value
            page.session_state[BEHIND] = True
            ran(page)
            explored.append(next(made for name, made in files.items() if name.startswith("seventy-2")))
        st.cache_resource.clear()
    return Pages(plain(title), words, tables, odds, ways, figures, own, explored)


def _with_all_open(page: AppTest) -> AppTest:
    for key in OPENED:
        page.session_state[key] = True
    return ran(page)


def _drawn(element: Any) -> tuple[str, Drawn]:
    return Drawn.of(element.proto)
