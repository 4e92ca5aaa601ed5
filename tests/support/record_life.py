"""The life of a record beside a dictionary: whatever is done to it, it holds what the dictionary says.

Forms, corrections, withdrawals and files come in any order, at any pace, with restarts between them. After
every step what is current is the dictionary; at any moment of the past, what the dictionary was then; and at
the end the audit trail is whole.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from models.store.engine.errors import ConflictError, InUseError
from models.store.record import write
from models.store.record.history import Version, link_of
from models.store.record.merging import conflicts
from models.store.trail.audit_check import verify
from models.tables.facts import FactsError
from tests.support.brought import bring, check, expected
from tests.support.builders import BY, NOW
from tests.support.databases import connected
from tests.support.hostile import File, files
from tests.support.hostile_forms import FACTS, SETTING, forms, typed
from tests.support.hostile_runs import UTC_ZONE, a_form_is_stored_or_refused, is_left_blank
from tests.support.plain_record import (
    WHEN,
    Key,
    PlainRecord,
    key_of,
    known,
    match_key,
    recorded,
    standing,
    stored,
)
from tests.support.plain_rules import faults

CORRECT: Final[dict[str, Callable[..., Any]]] = {
    "patients": write.correct_patient,
    "courses": write.correct_course,
    "infusions": write.correct_infusion,
    "assessments": write.correct_assessment,
}
WITHDRAW: Final[dict[str, Callable[..., Any]]] = {
    "patients": write.void_patient,
    "courses": write.void_course,
    "infusions": write.void_infusion,
    "assessments": write.void_assessment,
}
NUMBERS: Final = ("7", "P-9")
numbers = st.sampled_from(NUMBERS)
which = st.integers(0, 1000)


class Life(RuleBasedStateMachine):
    """What happens to a record, and the dictionary that says what it must then hold."""

    url: str
    steps: ClassVar[Counter[str]] = Counter()
    """What was done in all lives, and what came of it."""

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.record, self.now = PlainRecord(), NOW
        self.past: dict[datetime, PlainRecord] = {}
        self._open()
        for mrn in NUMBERS:
            a_form_is_stored_or_refused(self.engine, self.record, "patients", mrn, {}, at=self.now)

    def _open(self) -> None:
        self.opened = connected(self.url)
        self.engine = self.opened.__enter__()

    def teardown(self) -> None:
        if not hasattr(self, "engine"):
            return
        try:
            for then, was in self.past.items():
                assert known(self.engine, then) == was.as_read()
            assert verify(self.engine, []).findings == []
        finally:
            self.opened.__exit__(None, None, None)
            self.folder.cleanup()

    @invariant()
    def what_is_current_is_the_dictionary(self) -> None:
        if hasattr(self, "engine"):
            found = stored(self.engine)
            assert (found, found.links) == (self.record, self.record.links)
            self.past[self.now] = deepcopy(self.record)

    @rule(minutes=st.integers(1, 3), again=st.booleans())
    def time_passes_and_the_program_may_be_started_again(self, minutes: int, again: bool) -> None:  # noqa: FBT001
        self.now += timedelta(minutes=minutes)
        if again:
            self.opened.__exit__(None, None, None)
            self._open()
            self.steps["restarts"] += 1

    @rule(mrn=numbers, form=st.sampled_from(list(FACTS)).flatmap(lambda t: st.tuples(st.just(t), forms(t))))
    def a_form_is_sent(self, mrn: str, form: tuple[str, dict[str, Any]]) -> None:
        came = a_form_is_stored_or_refused(self.engine, self.record, form[0], mrn, form[1], at=self.now)
        self.steps[f"forms {came}"] += 1

    @rule(sent=files(most_rows=3))
    def a_file_is_brought(self, sent: File) -> None:
        folder = Path(self.folder.name)
        told = expected(sent, self.record, UTC_ZONE)
        check(sent, told, bring(self.engine, sent, folder, at=self.now), folder)
        self.steps.update(f"rows {outcome}" for outcome in told.outcomes.values())

    @precondition(lambda self: getattr(self, "record", None))
    @rule(chosen=which, mrn=numbers, data=st.data())
    def something_is_corrected(self, chosen: int, mrn: str, data: st.DataObject) -> None:
        key, version, old = self._one(chosen)
        table, values = key[0], data.draw(forms(key[0]))
        row, unfit = typed(table, values)
        row["mrn"] = mrn if table == "patients" else key[1]
        whose = {"mrn": mrn} if table == "patients" else {"patient_id": version.values["patient_id"]}
        wrong = unfit or faults(table, row) or is_left_blank(table, row, values)
        try:
            facts = FACTS[table].check({**values, **whose}, SETTING)
            saved = CORRECT[table](self.engine, version.id, facts, by=BY, at=self.now, why="mistyped")
        except FactsError:
            assert wrong or self._cannot_be(key, row)
            return
        except ConflictError:
            assert self._stands(key, table, row)
            return
        assert not wrong
        assert not self._stands(key, table, row)
        new_key, new = key_of(table, row), recorded(table, row)
        assert saved.already == ((key, {**old, "status": 0}) == (new_key, {**new, "status": 0}))
        if not saved.already:
            self.record.replace(key, new_key, new)
            self.steps["corrections"] += 1

    @precondition(lambda self: getattr(self, "record", None))
    @rule(chosen=which)
    def something_is_withdrawn(self, chosen: int) -> None:
        key, version, _ = self._one(chosen)
        in_use = key[0] == "patients" and (self.record.of(key[1]) or len(self.record.people(key[1])) > 1)
        try:
            WITHDRAW[key[0]](self.engine, version.id, by=BY, at=self.now, why="of another patient")
        except InUseError:
            assert in_use
            return
        assert not in_use
        self.record.withdraw(key)
        self.steps["withdrawals"] += 1

    @precondition(lambda self: {("patients", "7"), ("patients", "P-9")} <= getattr(self, "record", {}).keys())
    @rule(keep=numbers)
    def two_records_are_one_persons_or_are_not(self, keep: str) -> None:
        ids = {
            version.values["mrn"]: version.entity_id
            for key, version, _ in standing(self.engine)
            if key[0] == "patients"
        }
        retire = "P-9" if keep == "7" else "7"
        told = {"by": BY, "at": self.now, "why": "born on the same day"}
        if self.record.links.get(retire) == keep:
            link = link_of(self.engine, ids[keep], ids[retire])
            write.undo_merge(self.engine, link, **told)
            del self.record.links[retire]
            self.steps["merges undone"] += 1
            return
        found = conflicts(self.engine, ids[keep], ids[retire])
        try:
            write.merge_patients(
                self.engine,
                ids[keep],
                ids[retire],
                confirmed=[each for each in found if each.confirm],
                **told,
            )
        except FactsError:
            assert self._must_not_be_one(keep, retire)
            return
        assert not self._must_not_be_one(keep, retire)
        self.record.links[retire] = keep
        self.steps["merges"] += 1

    @precondition(lambda self: getattr(self, "past", None))
    @rule(chosen=which)
    def someone_asks_what_was_known(self, chosen: int) -> None:
        then = sorted(self.past)[chosen % len(self.past)]
        assert known(self.engine, then) == self.past[then].as_read()
        self.steps["looks back"] += 1

    def _one(self, chosen: int) -> tuple[Key, Version, dict[str, Any]]:
        """One of the things that stand."""
        rows = sorted(standing(self.engine), key=lambda found: str(found[0]))
        return rows[chosen % len(rows)]

    def _must_not_be_one(self, keep: str, retire: str) -> bool:
        """Whether they are linked otherwise, or something of both would count twice."""
        links = self.record.links
        linked = keep in links or retire in links or retire in links.values()
        once = ("courses", "infusions")
        kept, other = (
            {
                (key[0], key[-1])
                for one in self.record.people(mrn)
                for key in self.record.of(one)
                if key[0] in once
            }
            for mrn in (keep, retire)
        )
        return linked or bool(kept & other)

    def _stands(self, key: Key, table: str, row: Mapping[str, Any]) -> bool:
        """Whether another row stands under the key that one is corrected to."""
        new = key_of(table, row)
        if table == "patients":
            alike = {
                other
                for other in self.record
                if other[0] == table and match_key(other[1]) == match_key(row["mrn"])
            }
            return new != key and bool(alike - {key})
        return new != key and self.record.standing(table, row) not in (None, key)

    def _cannot_be(self, key: Key, row: Mapping[str, Any]) -> bool:
        """Whether a correction would be of a patient not yet born."""
        if key[0] == "patients":
            return self.record.born_too_late(key[1], row)
        return self.record.unborn(key[1], row[WHEN[key[0]]])


def lives(new_url: Callable[[], str], *, count: int, steps: int = 20, shrink: bool = True) -> None:
    """So many lives, each of a new record."""

    def machine() -> Life:
        life = Life()
        life.url = new_url()
        return life

    phases = [Phase.explicit, Phase.reuse, Phase.generate, *([Phase.shrink] if shrink else [])]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=count,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=phases,
            derandomize=settings().derandomize or not shrink,
        ),
    )
