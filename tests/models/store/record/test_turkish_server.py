"""A server whose language has another lower case: numbers are told apart as they are everywhere."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from models.store.moves.migrate import start
from models.store.record import write
from models.store.record.history import patients_numbered
from tests.support.builders import BY, NOW, patient_facts
from tests.support.databases import Databases, connected

pytestmark = pytest.mark.postgres


@pytest.fixture
def turkish(postgres: Databases) -> Iterator[Engine]:
    with connected(postgres.new("LOCALE_PROVIDER icu ICU_LOCALE 'tr'")) as opened:
        start(opened, at=NOW)
        yield opened


@pytest.mark.parametrize(("first", "alike"), [("ID-1", "id-1"), ("id-1", "ID-1"), ("Idi", "iDI")])
def test_numbers_that_read_alike_are_one_patients(turkish: Engine, first: str, alike: str) -> None:
    one = write.record_patient(turkish, patient_facts(first), by=BY, at=NOW)
    assert write.record_patient(turkish, patient_facts(alike), by=BY, at=NOW).id == one.id
    assert patients_numbered(turkish, alike) == [(one.entity_id, first)]
    dotless = write.record_patient(turkish, patient_facts(first.lower().replace("i", "ı")), by=BY, at=NOW)
    assert dotless.id != one.id
