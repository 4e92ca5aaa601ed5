"""One recorded row named whole, for whoever is about to take it out: what, when, and whose."""

from datetime import date

from dashboard import data
from dashboard.charts.words import on
from dashboard.components.forms.words import TIMING_LABELS
from dashboard.components.page.plain import plain
from dashboard.components.record.stored_card import said_how, said_when
from dashboard.patients import PatientRecord, Person
from models.outcomes.question.vocabulary import Indication
from models.outcomes.question.words import INDICATION_LABELS
from models.store.record.history import Version


def named(record: PatientRecord, version: Version) -> str:
    """As "PHQ-9 17, 3 Mar 2026, 09:20, before infusion 2, of Ann Roe (SV-12)"; so any row of care."""
    words = {"assessment": _score, "infusion": _infusion, "course": _course}[version.kind]
    return f"{words(record, version)}, of {_whose(record.person)}"


def _score(record: PatientRecord, version: Version) -> str:
    values = version.values
    scale = data.scales().get(values["scale"])
    total = values["total"] if scale is None else scale.shown(values["total"])
    day, clock = data.local(values["assessed_at"], values["assessed_on"])
    score = f"{plain(values['scale'] if scale is None else scale.name)} {total}"
    return ", ".join(filter(None, (score, said_when(day, clock), _beside(record, day, values["timing"]))))


def _beside(record: PatientRecord, day: date, timing: str | None) -> str | None:
    """Before or after which infusion it was answered, where that is recorded."""
    if timing is None:
        return None
    given = [one for one in record.infusions if one.day == day]
    if len(given) != 1:
        return TIMING_LABELS[timing].lower()
    return f"{timing} infusion {given[0].number}"


def _infusion(record: PatientRecord, version: Version) -> str:
    """By its number and dose; one recorded a moment ago, which the record in hand lacks, by its day alone."""
    found = next((one for one in record.infusions if one.infusion_id == version.entity_id), None)
    day, clock = data.local(version.values["given_at"], version.values["given_on"])
    said = (f"Infusion {found.number}", said_how(found)) if found else ("Infusion",)
    return ", ".join(filter(None, (*said, said_when(day, clock))))


def _course(record: PatientRecord, version: Version) -> str:
    values = version.values
    given = len(record.of_course(version.entity_id))
    label = INDICATION_LABELS[Indication(values["indication"])]
    why = label if label.isupper() else f"{label[0].lower()}{label[1:]}"
    times = "1 infusion" if given == 1 else f"{given or 'no'} infusions"
    return f"Course begun {on(values['started_on'])} for {why}, {times}"


def _whose(person: Person) -> str:
    if person.given_name or person.family_name:
        return f"{plain(person.full_name)} ({plain(person.numbers)})"
    return f"No. {plain(person.numbers)}"
