"""Thirteen texts that would do something if a page took them for more than text, and a record of them.

The thirteen are those of the safety specification, §2.5. Each stands behind a mark that says of which field
it is, so that wherever the mark shows, the whole text has to follow it.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine

from models.access.roles import Role
from models.access.tokens import token_hash
from models.outcomes.question.estimand import Estimand
from models.scales import all_scales
from models.store.accounts.sessions import break_glass, open_session
from models.store.accounts.staff import accounts
from models.store.record import write
from models.store.record.correct import correct_assessment
from models.store.record.ledger import lock_question
from models.tables.facts import (
    AssessmentFacts,
    ClaimFacts,
    ClinicFacts,
    CourseFacts,
    Facts,
    InfusionFacts,
    PatientFacts,
    Setting,
)
from tests.support.builders import named_before

PAYLOADS: Final = (
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=2>",
    "<svg onload=window.hit=3>",
    "![p](http://e.example/4.png)",
    "<img src=http://e.example/5.png>",
    "[c](javascript:window.hit=6)",
    "[c](http://e.example/7)",
    "<a href=javascript:window.hit=8>c</a>",
    "<a href=http://e.example/9>c</a>",
    "# **b** $x^2$ :red[r] :material/home: :wave: `c` -> d",
    '<iframe srcdoc="<script>parent.hit=11</script>">',
    "<style>*{--hit:12}</style>",
    "<math><mtext><mglyph><style><img src onerror=hit=13>",
)
GROUPS: Final = (range(4), range(4, 8), range(8, 11), range(11, 13))
"""The numbers of payloads that fit together into 200 characters."""

MARK: Final = re.compile(r"zq([a-z]+)(\d\d)[ /]")
WORDING: Final = re.compile(r'\b(name|text|label|stem|rights|source) = "[^"]*"')
NAMES: Final = {"phq9": (3, 8), "phq2": (9, 6)}
COUNTED: Final = 20
"""Courses of each of two clinicians, from which on they are compared by name."""


def marked(field: str, number: int) -> str:
    """A payload as the text of a field."""
    return f"zq{field}{number % len(PAYLOADS):02} {PAYLOADS[number % len(PAYLOADS)]}"


def all_marked(field: str, numbers: Iterable[int] = range(len(PAYLOADS))) -> str:
    """Several of them as one text."""
    return " ".join(marked(field, number) for number in numbers)


def unspaced(text: str) -> str:
    """The same for an old user name, which has no spaces; to HTML a slash does as well."""
    return text.replace(" ", "/")


def lost_in(text: str) -> Iterator[str]:
    """Every mark in a page's text without all that stood behind it, unless it was cut off with …."""
    for mark in MARK.finditer(text):
        wanted, there = PAYLOADS[int(mark[2])], text[mark.end() :]
        cut = there.partition("…")[0]
        if not there.startswith((wanted, unspaced(wanted))) and not wanted.startswith(cut):
            yield f"{mark[0]}{there[: len(wanted) + 9]}"


def own_scales(folder: Path) -> None:
    """PHQ-9 and PHQ-2 as a clinic's own files, with payloads for all words that are its to choose."""
    folder.mkdir(parents=True)
    numbers = count()
    for name in ("phq9", "phq2"):
        lines = (files("models.scales") / f"{name}.toml").read_text(encoding="utf-8").splitlines()
        (folder / f"{name}.toml").write_text("\n".join(_reworded(lines, name, numbers)), encoding="utf-8")


def _reworded(lines: Iterable[str], scale: str, numbers: Iterator[int]) -> Iterator[str]:
    def payload(found: re.Match[str]) -> str:
        return f"{found[1]} = '{marked(found[1], next(numbers))}'"

    kept = False  # what stored scores rest on is as it was shipped
    for line in lines:
        kept = line == "[suicide_item]" or (kept and not line.startswith("["))
        if line.startswith("id"):
            yield line.replace("phq2", "own")
        elif line.startswith("name"):
            yield f"name = '{all_marked('scale', NAMES[scale])}'"
        elif kept or (scale == "phq9" and line.startswith("  { number")):
            yield line
        else:
            yield WORDING.sub(payload, line)


def record_payloads(engine: Engine, scales: Path, now: datetime) -> None:
    """Payloads in every free text: thirteen patients, and forty more whose two clinicians are compared."""
    setting = Setting(today=now.date(), zone=UTC, scales=all_scales(scales))
    name_clinic(engine, 0, now)
    for role in Role:
        named_before(engine, role, all_marked("me"), role, by="roe", at=now)
    for number in range(2 * COUNTED):
        _record_counted(engine, setting, number, now)
    for number in range(len(PAYLOADS)):
        who = unspaced(marked("user", number))
        _record_office(engine, who, number, now)
        _record_patient(engine, setting, number, now, by=who)
    (administrator,) = (each.id for each in accounts(engine) if each.username == Role.ADMINISTRATOR)
    for group in GROUPS:
        browser, place = all_marked("browser", group), all_marked("place", group)
        open_session(engine, administrator, proved_by="test", address=place, browser=browser, at=now)


def name_clinic(engine: Engine, group: int, now: datetime) -> None:
    """Some of the payloads as the clinic's name, and all of them to say in a crisis."""
    facts = ClinicFacts(name=all_marked("clinic", GROUPS[group]), crisis_text=all_marked("crisis"))
    write.save_clinic(engine, facts, by="roe", at=now)


def _record_office(engine: Engine, who: str, number: int, now: datetime) -> None:
    """Somebody with an account, who broke the glass, advertised and locked a question."""
    account = named_before(engine, who, marked("person", number), Role.MANAGER, by=who, at=now)
    token = open_session(engine, account.id, proved_by="test", address="::1", browser="test", at=now)
    break_glass(engine, token_hash(token), marked("glass", number), at=now)
    words, source, where = (marked(field, number) for field in ("words", "source", "where"))
    claim = ClaimFacts(words=words, rate=0.7, source=source, advertised_where=where)
    claimed = write.record_claim(engine, claim, by=who, at=now)
    asked, reason = Estimand(scale="phq9"), marked("lock", number)
    lock_question(engine, asked, claim=claimed.entity_id, by=who, at=now, reason=reason)


def _record_patient(engine: Engine, setting: Setting, number: int, now: datetime, *, by: str) -> None:
    names = {"given_name": marked("given", number + 4), "family_name": marked("family", number + 8)}
    patient = PatientFacts.check({"mrn": marked("number", number), **names}, setting)
    entity = write.record_patient(engine, patient, by=by, at=now).entity_id
    begun, group = now - timedelta(days=16), GROUPS[number % len(GROUPS)]
    led = {"clinician": all_marked("led", group), "site": all_marked("site", group)}
    _record_course(engine, setting, entity, begun, now, by=by, gave=all_marked("gave", group), **led)
    for day, scale, items, answer in ((-1, "phq9", 9, 2), (0, "own", 2, 1), (7, "phq9", 9, 1)):
        answers = dict.fromkeys(range(1, items + 1), answer)
        facts = {"scale": scale, "assessed_at": begun + timedelta(days=day), "items": answers}
        seen = write.record_assessment(engine, _of(AssessmentFacts, setting, entity, **facts), by=by, at=now)
    right = _of(AssessmentFacts, setting, entity, **facts | {"items": answers | {1: 2}})
    correct_assessment(engine, seen.id, right, by=by, at=now, why=all_marked("reason", group))


def _record_counted(engine: Engine, setting: Setting, number: int, now: datetime) -> None:
    entity = write.record_patient(engine, PatientFacts(mrn=f"{number}"), by="roe", at=now).entity_id
    begun, name = now - timedelta(days=100), marked("led", 3 + 6 * (number % 2))
    _record_course(engine, setting, entity, begun, now, by="roe", gave=name, clinician=name)
    for day, total in ((-1, 20), (21, 5 + number % 12)):
        facts = {"scale": "phq9", "assessed_at": begun + timedelta(days=day), "total": total}
        write.record_assessment(engine, _of(AssessmentFacts, setting, entity, **facts), by="roe", at=now)


def _record_course(
    engine: Engine, setting: Setting, patient: int, begun: datetime, now: datetime, *, by: str, **values: str
) -> None:
    gave = values.pop("gave")
    course = _of(CourseFacts, setting, patient, started_on=begun.date(), failed_trials_episode=3, **values)
    write.record_course(engine, course, by=by, at=now)
    given = {"given_at": begun, "route": "iv", "dose_mg": 40.0, "weight_kg": 80.0, "minutes": 40}
    infusion = _of(InfusionFacts, setting, patient, clinician=gave, **given)
    write.record_infusion(engine, infusion, by=by, at=now)


def _of(kind: type[Facts], setting: Setting, patient: int, **values: Any) -> Any:
    return kind.check({"patient_id": patient, **values}, setting)
