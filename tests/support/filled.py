"""A record with rows in every table, and among them whatever a copy could get wrong."""

from datetime import date
from typing import Any

from sqlalchemy import Engine, inspect, text

from models.access.roles import Role
from models.access.tokens import token_hash
from models.outcomes.question.estimand import Estimand
from models.store.accounts.failures import note_failure
from models.store.accounts.identities import first_link
from models.store.accounts.sessions import break_glass, open_session
from models.store.accounts.staff import add_account, finish_setup, new_setup_link
from models.store.audit.events import Event, append
from models.store.engine.database import reading, writing
from models.store.erasure.erasing import erase
from models.store.record import write
from models.store.record.ledger import lock_question
from models.tables.facts import ClaimFacts, ClinicFacts
from tests.support.builders import (
    BY,
    NOW,
    SETTING,
    after,
    course_facts,
    infusion_facts,
    moment,
    patient_facts,
    phq9_facts,
    score_facts,
)
from tests.support.own_scale import pain_facts

STRANGE = 'Zoë "Ö\'Brien"\\N, \\. 李 🙂'
"""A name that quotes, COPY's own marks and other alphabets could break."""


def filled(engine: Engine) -> Engine:
    """The record with one of everything, corrected, withdrawn, dated without an hour, and locked again."""
    write.save_clinic(
        engine, ClinicFacts.check({"name": "West", "time_zone": "America/New_York"}, SETTING), by=BY, at=NOW
    )
    patient = write.record_patient(
        engine, patient_facts("00123", family_name=STRANGE, birth_date=date(1950, 2, 28)), by=BY, at=NOW
    )
    write.correct_patient(
        engine, patient.id, patient_facts("00123", sex="female"), by=BY, at=after(1), why="asked her"
    )
    treated = patient_facts("Null", part2=True, part2_consent_until=date(2027, 1, 31))
    someone = write.record_patient(engine, treated, by=BY, at=after(1.5), save_key="k1")
    write.void_patient(engine, someone.id, by=BY, at=after(2), why="entered twice by mistake")
    write.record_course(engine, course_facts(patient.entity_id, failed_trials_episode=2), by=BY, at=after(3))
    for day, values in enumerate(
        ({"weight_kg": 80.1 + 0.2}, {"given_at": None, "given_on": moment(1).date()})
    ):
        facts = infusion_facts(patient.entity_id, day, **values)
        write.record_infusion(engine, facts, by=BY, at=after(4 + day))
    for day, answer in enumerate((0, 3, None)):
        facts = phq9_facts(patient.entity_id, item_9=answer, day=day)
        seen = write.record_assessment(engine, facts, by=BY, at=after(10 + day), save_key=f"s{day}")
    right = score_facts(patient.entity_id, 9, day=2, assessed_at=None, assessed_on=moment(2).date())
    write.correct_assessment(engine, seen.id, right, by=BY, at=after(20), why="typed wrong")
    claim = ClaimFacts.check({"words": "7 in 10 feel better", "rate": 0.7, "source": "our site"}, SETTING)
    claimed = write.record_claim(engine, claim, by="Roe,\tJane\n", at=after(21))
    lock = lock_question(
        engine,
        Estimand(scale="phq9"),
        claim=claimed.entity_id,
        by=BY,
        at=after(22),
        reason="as it is advertised",
    )
    write.note_look(engine, lock.id, as_of=NOW.date(), numerator=4, denominator=18, at=after(23))
    twin = write.record_patient(engine, patient_facts("00123-A"), by=BY, at=after(23.5)).entity_id
    same = "registered twice at the desk"
    link = write.merge_patients(engine, patient.entity_id, twin, by=BY, at=after(23.6), why=same)
    write.undo_merge(engine, link.id, by=BY, at=after(23.7), why="two sisters of one name")
    write.merge_patients(engine, patient.entity_id, twin, by=BY, at=after(23.8), why=same)
    gone = write.record_patient(engine, patient_facts("00124", family_name="Roe"), by=BY, at=after(23.5))
    erase(engine, gone.id, by=BY, at=after(23.7), reason="asked for it in writing")
    write.record_assessment(engine, pain_facts(patient.entity_id, 7), by=BY, at=after(23.9))
    _fill_the_staff(engine)
    empty = [table for table, rows in rows_of(engine).items() if not rows and table != "erasing"]
    assert not empty, f"Record something in {empty}: a copy is proven only of what it held."
    return engine


def _fill_the_staff(engine: Engine) -> None:
    """Someone who is signed in, who broke the glass, and who once mistyped."""
    someone = add_account(engine, "roe", STRANGE, Role.CLINICIAN, by=BY, at=after(24))
    link = new_setup_link(engine, "roe", by=BY, at=after(25))
    finish_setup(
        engine,
        link,
        password_hash="$argon2id$",
        totp_secret="sealed",
        totp_step=7,
        code_hashes=["Zb", "aZ", "a_"],  # in the order of their bytes, not in that of a dictionary
        at=after(26),
    )
    one, _ = (
        open_session(engine, someone.id, proved_by="code", address="::1", browser=browser, at=after(27))
        for browser in ("one", "another")
    )
    break_glass(engine, token_hash(one), "a seizure at night", at=after(28))
    note_failure(engine, ["roe", "::1"], at=after(29))
    first_link(engine, "https://id.clinic", "17", "roe", at=after(30))
    with writing(engine) as connection:
        append(connection, [Event("serve", detail={"a": "ü"})], by="roe", at=after(31))


def rows_of(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the record, in an order that is the same on every engine."""
    with reading(engine) as connection:
        tables = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
        every = {table: text(f"SELECT * FROM {table}") for table in tables}  # noqa: S608
        return {
            table: sorted((tuple(row) for row in connection.execute(sql)), key=_first_two)
            for table, sql in every.items()
        }


def in_columns_of(before: dict[str, list[tuple[Any, ...]]], engine: Engine) -> dict[str, Any]:
    """The same tables and columns as they are now, whatever later revisions put beside them."""
    now = rows_of(engine)
    return {
        table: [row[: len(rows[0])] for row in now[table]] if rows else now[table]
        for table, rows in before.items()
    }


def _first_two(row: tuple[Any, ...]) -> list[tuple[str, Any]]:
    return [(type(value).__name__, value) for value in row[:2]]
