"""The one door to the record. Everything a page knows comes through here, and every cache is here.

What is kept between runs is of the whole record and nobody's own: whoever draws it asks first what its viewer
may see (`identity`). Today is spoken here and nowhere below.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl
import streamlit as st
from sqlalchemy import Engine

from dashboard import door, patients
from dashboard.alerts import OpenAlerts, open_alerts
from dashboard.findings import (
    Findings,
    OfPeople,
    Quarters,
    assemble,
    changes_moved,
    closing,
    count_by_quarter,
    same_people,
)
from dashboard.ledger import Ledger, read_ledger
from dashboard.patients import Names, PatientRecord, Person
from dashboard.snapshot import Snapshot
from dashboard.zone_change import Moved, moved_by
from models.exchange.statements.statement import Statement, statement
from models.outcomes.answers import specifications
from models.outcomes.answers.answer import answer
from models.outcomes.answers.ways import Counts
from models.outcomes.counts.imputation import Imputed, imputed
from models.outcomes.counts.suicide_item import suicide_answers
from models.outcomes.derivation.derive import derive_outcomes
from models.outcomes.question.change import defined_outcomes
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Missing, Outcome, WindowName
from models.store.audit.events import trail_in
from models.store.backups.proving import prove
from models.store.record import read
from models.store.record.claims import Look
from models.store.trail.anchors import anchor_folder
from models.store.trail.audit_check import Verification
from models.tables.facts import ClinicFacts

MOST_DERIVED_KEPT: Final = 8
MOST_FINDINGS_KEPT: Final = 64
PROVED_FOR: Final = timedelta(minutes=10)

engine, scales = door.engine, door.scales


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The clinic's own day."""
    return now().astimezone(zone()).date()


def zone() -> ZoneInfo:
    """Where the clinic's days begin and end."""
    return clinic().zone


def local(at: datetime | None, on: date | None) -> tuple[date, time | None]:
    """A recorded moment as the clinic's day and time; a recorded day has no time."""
    if at is None:
        if on is None:
            raise ValueError("Neither a moment nor a day")
        return on, None
    there = at.astimezone(zone())
    return there.date(), there.time()


def record() -> read.Record:
    """Everything recorded, as it stands."""
    return _snapshot().now()[0]


def clinic() -> ClinicFacts:
    """The clinic and its settings."""
    return record().clinic


def outcomes(scale_id: str) -> pl.DataFrame:
    """One row per course begun until today, derived once for each state of the record."""
    as_it_stands, version = _snapshot().now()
    return _outcomes(as_it_stands, scale_id, today(), version)


def findings(question: Estimand, *, one_by_one: bool) -> Findings:
    """Everything the record says of a question until today.

    `one_by_one` says whether it is for somebody who may read of single people; nobody is taken for one.
    Counted once for each population and each state of the record: another outcome, or another meaning of a
    missing score, is put together from the same counts.
    """
    as_it_stands, version = _snapshot().now()
    scale, as_of = scales()[question.scale], today()
    people = replace(same_people(question, scale), missing=Missing.NON_RESPONDER)
    of_any_outcome = replace(people, outcome=defined_outcomes(scale)[0])
    counted = _counted(as_it_stands, of_any_outcome, as_of, version)
    of_people = _of_people(as_it_stands, people, as_of, version)
    return assemble(counted, of_people, question, scale, ledger().claim, as_of=as_of, one_by_one=one_by_one)


def ledger() -> Ledger:
    """What the clinic advertises, and its locked question: a few rows, read anew for every page."""
    return read_ledger(engine())


def looks(lock_id: int) -> list[Look]:
    """How often a locked question was answered with new counts."""
    return read.looks(engine(), lock_id)


def ways(question: Estimand) -> Counts:
    """Every way to count the same people: all outcomes and windows, with and without the baseline gate."""
    as_it_stands, version = _snapshot().now()
    scale = scales()[question.scale]
    people = replace(
        question, outcome=defined_outcomes(scale)[0], window=WindowName.P14_31, missing=Missing.NON_RESPONDER
    )
    return _ways(as_it_stands, people, today(), version)


def imputed_rate(question: Estimand) -> Imputed | None:
    """The rate with the unseen filled in from people like them."""
    as_it_stands, version = _snapshot().now()
    people = replace(question, missing=Missing.NON_RESPONDER)
    return _imputed(as_it_stands, people, today(), version)


def statement_of(question: Estimand) -> Statement:
    """The public sentence of a question asked today, with its method and the seal on its data."""
    as_it_stands, version = _snapshot().now()
    return _statement(as_it_stands, question, ledger(), today(), version)


def patient(patient_id: int) -> PatientRecord | None:
    """Everything of one person, by any of their records; `None` for somebody who is not there."""
    as_it_stands = record()
    return PatientRecord.cut(as_it_stands, as_it_stands.links.get(patient_id, patient_id))


def outcomes_of(patient_id: int, scale_id: str) -> list[dict[str, Any]]:
    """What `outcomes` says of one patient alone, as plain rows, by course."""
    as_it_stands, version = _snapshot().now()
    return _outcomes_of(as_it_stands, patient_id, scale_id, today(), version)


def count_patients() -> int:
    """How many people are recorded."""
    return record().patients.height


def find_people(typed: str, *, most: int) -> tuple[list[Person], int]:
    """The first people whose name or number has every word typed, and how many more there are.

    Somebody is found by the name and number of a merged record as well.
    """
    as_it_stands = record()
    everyone = as_it_stands.everyone
    found = patients.fitting(as_it_stands, _searched(everyone, id(everyone)), typed)
    return patients.people_of(found.head(most)), max(0, found.height - most)


def reading_alike(person: Person) -> list[str]:
    """The numbers of other people that read like this one's: most likely one person, registered twice."""
    return _alike(*_snapshot().now()).get(person.patient_id, [])


def names() -> Names:
    """Everybody who gave an infusion or led a course, and every site."""
    return _names(*_snapshot().now())


def days_moved_by(zone_name: str) -> Moved:
    """What happened on another day by the clocks of another zone."""
    return moved_by(record(), zone_name)


def alerts() -> OpenAlerts:
    """The alerts of everybody's last answers."""
    return _open_alerts(*_snapshot().now())


def proof(*, anew: bool = False) -> tuple[Verification, datetime]:
    """Whether all is as it was recorded, and the moment that was seen: ten minutes ago at most, or `anew`."""
    if anew:
        _proved.clear()
    return _proved(str(engine().url), engine())


@st.cache_resource(show_spinner=False)
def _snapshot() -> Snapshot:
    return Snapshot(engine(), st.cache_resource.clear)


@st.cache_resource(show_spinner=False, max_entries=MOST_DERIVED_KEPT)
def _outcomes(_record: read.Record, scale_id: str, as_of: date, version: int) -> pl.DataFrame:  # noqa: ARG001
    derived: pl.DataFrame = derive_outcomes(_record, scales()[scale_id], as_of)
    return derived


@st.cache_resource(show_spinner=False, max_entries=MOST_FINDINGS_KEPT)
def _outcomes_of(
    _record: read.Record,
    patient_id: int,
    scale_id: str,
    as_of: date,
    version: int,  # noqa: ARG001
) -> list[dict[str, Any]]:
    derived: pl.DataFrame = derive_outcomes(patients.part_of(_record, patient_id), scales()[scale_id], as_of)
    return derived.sort("course_number").rows(named=True)


@st.cache_resource(show_spinner=False, max_entries=MOST_FINDINGS_KEPT)
def _counted(
    _record: read.Record, question: Estimand, as_of: date, version: int
) -> Mapping[Outcome, Quarters]:
    derived = _outcomes(_record, question.scale, as_of, version)
    return count_by_quarter(derived, question, scales()[question.scale])


@st.cache_resource(show_spinner=False, max_entries=MOST_FINDINGS_KEPT)
def _imputed(_record: read.Record, question: Estimand, as_of: date, version: int) -> Imputed | None:
    derived = _outcomes(_record, question.scale, as_of, version)
    return imputed(derived, question, scales()[question.scale])


@st.cache_resource(show_spinner=False, max_entries=MOST_DERIVED_KEPT)
def _ways(_record: read.Record, question: Estimand, as_of: date, version: int) -> Counts:
    scale = scales()[question.scale]
    return specifications.counts(_outcomes(_record, question.scale, as_of, version), question, scale)


@st.cache_resource(show_spinner=False, max_entries=MOST_FINDINGS_KEPT)
def _of_people(_record: read.Record, question: Estimand, as_of: date, version: int) -> OfPeople:
    derived, scale = _outcomes(_record, question.scale, as_of, version), scales()[question.scale]
    return OfPeople(
        changes_moved(derived, question, scale),
        closing(derived, question, scale),
        suicide_answers(derived, _record.assessments, question, scale),
    )


@st.cache_resource(show_spinner=False, max_entries=1)
def _open_alerts(_record: read.Record, version: int) -> OpenAlerts:  # noqa: ARG001
    return open_alerts(_record, scales().values())


@st.cache_resource(show_spinner=False, max_entries=1)
def _searched(_everyone: pl.DataFrame, frame: int) -> pl.Series:  # noqa: ARG001
    return patients.search(_everyone)


@st.cache_resource(show_spinner=False, max_entries=1)
def _alike(_record: read.Record, version: int) -> dict[int, list[str]]:  # noqa: ARG001
    return patients.alike(_record)


@st.cache_resource(show_spinner=False, max_entries=1)
def _names(_record: read.Record, version: int) -> Names:  # noqa: ARG001
    return patients.names_of(_record)


@st.cache_resource(show_spinner=False, max_entries=MOST_DERIVED_KEPT)
def _statement(
    _record: read.Record, question: Estimand, known: Ledger, as_of: date, version: int
) -> Statement:
    derived, scale = _outcomes(_record, question.scale, as_of, version), scales()[question.scale]
    found = answer(derived, question, scale, known.claim, as_of=as_of)
    return statement(
        found, scale, derived, known_at=_record.known_until, locks=known.locks, trail=trail_in(engine())
    )


@st.cache_resource(ttl=PROVED_FOR, max_entries=1, show_spinner="Every event is checked …")
def _proved(place: str, _engine: Engine) -> tuple[Verification, datetime]:  # noqa: ARG001
    at = now()
    return prove(_engine, folder=anchor_folder(), at=at), at
