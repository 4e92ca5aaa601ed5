"""The law of the record: at any moment it is what a plain list of versions says it is.

Random people record, correct, withdraw and enter again, merge two records and part them, at random moments,
in a clinic that changes its time zone. A reader who catches up sees what a fresh reader sees, and a reader of
the past sees the past.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from polars.testing import assert_frame_equal

from models.store.engine.errors import ConflictError
from models.store.record import read, write
from models.store.record.merging import conflicts
from models.tables.columns import day_number
from models.tables.facts import AssessmentFacts, ClinicFacts
from tests.support.builders import BY, NOW, SETTING, moment, patient_facts
from tests.support.databases import Databases, connected

ZONES = ("UTC", "America/New_York", "Pacific/Auckland")
FRAMES = ("patients", "courses", "infusions", "assessments", "everyone")
WHY = "born on the same day"
days = st.integers(0, 3)
totals = st.integers(0, 27)
minutes = st.integers(0, 3)
hours = st.sampled_from([0.0, 9.0, 23.5, None])


def score(patient_id: int, day: int, hour: float | None, total: int) -> AssessmentFacts:
    when = {"assessed_on": moment(day).date()} if hour is None else {"assessed_at": moment(day, hour)}
    return AssessmentFacts.check({"patient_id": patient_id, "scale": "phq9", "total": total, **when}, SETTING)


def when(facts: AssessmentFacts) -> tuple[Any, Any]:
    return facts.assessed_at, facts.assessed_on


@dataclass(frozen=True)
class Version:
    """A row as the plain list keeps it."""

    entity: int
    facts: AssessmentFacts
    at: datetime
    supersedes: int | None
    voided: bool


class Life(RuleBasedStateMachine):
    """What happens to a record, and the plain list that says what it must then hold."""

    url: str

    @initialize()
    def begin(self) -> None:
        self.opened = connected(self.url)
        self.engine = self.opened.__enter__()
        self.now = NOW
        self.versions: dict[int, Version] = {}
        self.zones = [(NOW, "UTC")]
        self.patients = [
            write.record_patient(self.engine, patient_facts(mrn), by=BY, at=NOW).entity_id for mrn in "AB"
        ]
        self.links: list[tuple[datetime, dict[int, int]]] = [(NOW, {})]
        self.link = 0
        self.seen = read.record(self.engine)

    def teardown(self) -> None:
        self.opened.__exit__(None, None, None)

    @rule(minutes=minutes)
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(who=st.integers(0, 1), day=days, hour=hours, total=totals)
    def a_score_is_recorded(self, who: int, day: int, hour: float | None, total: int) -> None:
        facts = score(self.patients[who], day, hour, total)
        standing = self.standing(facts)
        try:
            saved = write.record_assessment(self.engine, facts, by=BY, at=self.now)
        except ConflictError:
            assert standing is not None
            assert self.versions[standing].facts.total != total
            return
        assert saved.already == (standing is not None)
        if not saved.already:
            self.versions[saved.id] = Version(saved.id, facts, self.now, None, voided=False)

    @rule(which=st.integers(0, 100), day=days, hour=hours, total=totals)
    def a_score_is_corrected(self, which: int, day: int, hour: float | None, total: int) -> None:
        row_id = self.some_current(which)
        if row_id is None:
            return
        old = self.versions[row_id]
        facts = score(old.facts.patient_id, day, hour, total)
        standing = None if when(facts) == when(old.facts) else self.standing(facts)
        try:
            saved = write.correct_assessment(self.engine, row_id, facts, by=BY, at=self.now, why="mistyped")
        except ConflictError:
            assert standing is not None
            return
        assert standing is None
        if not saved.already:
            self.versions[saved.id] = Version(old.entity, facts, self.now, row_id, voided=False)

    @rule(which=st.integers(0, 100))
    def a_score_is_withdrawn(self, which: int) -> None:
        row_id = self.some_current(which)
        if row_id is not None:
            saved = write.void_assessment(self.engine, row_id, by=BY, at=self.now, why="of another patient")
            old = self.versions[row_id]
            self.versions[saved.id] = Version(old.entity, old.facts, self.now, row_id, voided=True)

    @rule(keep=st.integers(0, 1))
    def two_records_are_one_persons_or_are_not(self, keep: int) -> None:
        kept, retired = self.patients[keep], self.patients[1 - keep]
        links: dict[int, int] = {}
        if self.links[-1][1]:
            write.undo_merge(self.engine, self.link, by=BY, at=self.now, why="they are two sisters")
        else:
            seen = conflicts(self.engine, kept, retired)
            told = {"by": BY, "at": self.now, "why": WHY, "confirmed": seen}
            self.link = write.merge_patients(self.engine, kept, retired, **told).id  # type: ignore[arg-type]
            links[retired] = kept
        self.links.append((self.now, links))

    @rule(zone=st.sampled_from(ZONES))
    def the_clinic_says_where_it_is(self, zone: str) -> None:
        if zone != self.zones[-1][1]:
            write.save_clinic(self.engine, ClinicFacts(time_zone=zone), by=BY, at=self.now)
            self.zones.append((self.now, zone))

    @rule()
    def a_reader_catches_up(self) -> None:
        self.seen = read.catch_up(self.engine, self.seen)
        fresh = read.record(self.engine)
        for name in FRAMES:
            assert_frame_equal(getattr(self.seen, name), getattr(fresh, name), categorical_as_str=True)
        assert (self.seen.clinic, self.seen.links) == (fresh.clinic, fresh.links)
        assert read.catch_up(self.engine, self.seen) is self.seen

    @rule(back=st.integers(0, 12))
    def someone_asks_what_was_known(self, back: int) -> None:
        then = self.now - timedelta(minutes=back)
        known = read.record(self.engine, known_at=then)
        assert known.patients.height == (0 if then < NOW else 2 - len(self.links_at(then)))
        found = known.assessments
        rows = {
            (row["patient_id"], row["assessment_id"], row["row_id"], row["total"], row["day"], row["second"])
            for row in found.iter_rows(named=True)
        }
        assert rows == self.expected(then)

    def current(self, at: datetime) -> dict[int, Version]:
        known = {row_id: version for row_id, version in self.versions.items() if version.at <= at}
        replaced = {version.supersedes for version in known.values()}
        return {
            row_id: version
            for row_id, version in known.items()
            if row_id not in replaced and not version.voided
        }

    def expected(self, at: datetime) -> set[tuple[Any, ...]]:
        zone = ZoneInfo(next((name for since, name in reversed(self.zones) if since <= at), "UTC"))
        links = self.links_at(at)
        rows = set()
        for row_id, version in self.current(at).items():
            facts = version.facts
            if facts.assessed_at is None:
                day, second = facts.assessed_on, None
            else:
                local = facts.assessed_at.astimezone(zone)
                day, second = local.date(), local.hour * 3600 + local.minute * 60 + local.second
            assert day is not None
            whose = links.get(facts.patient_id, facts.patient_id)
            rows.add((whose, version.entity, row_id, facts.total, day_number(day), second))
        return rows

    def links_at(self, at: datetime) -> dict[int, int]:
        return next((links for since, links in reversed(self.links) if since <= at), {})

    def standing(self, facts: AssessmentFacts) -> int | None:
        """The current score of that moment: the patient's own, else the person's recorded first."""
        links = self.links[-1][1]
        whose = links.get(facts.patient_id, facts.patient_id)
        of_person = [
            (version.facts.patient_id != facts.patient_id, row_id)
            for row_id, version in self.current(self.now).items()
            if links.get(version.facts.patient_id, version.facts.patient_id) == whose
            and when(version.facts) == when(facts)
        ]
        return min(of_person)[1] if of_person else None

    def some_current(self, which: int) -> int | None:
        current = sorted(self.current(self.now))
        return current[which % len(current)] if current else None


def live(new_url: Callable[[], str], *, lives: int) -> None:
    def machine() -> Life:
        life = Life()
        life.url = new_url()
        return life

    patient = settings(
        max_examples=lives, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(machine, settings=patient)


@pytest.mark.parametrize("lives", [8, pytest.param(25, marks=pytest.mark.thorough)])
def test_the_record_is_what_a_plain_list_of_versions_says_on_sqlite(
    new_sqlite: Callable[[], str], lives: int
) -> None:
    live(new_sqlite, lives=lives)


@pytest.mark.postgres
def test_the_record_is_what_a_plain_list_of_versions_says_on_postgresql(postgres: Databases) -> None:
    live(postgres.started, lives=6)
