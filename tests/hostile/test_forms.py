"""Whatever a form holds, it is stored exactly, or refused by field and reason.

The same as `python -m tests.benchmarks.hostile`, with few forms.
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from models.tables.facts import AssessmentFacts, FactsError
from tests.support.builders import SETTING
from tests.support.databases import Databases
from tests.support.hostile_forms import some_forms
from tests.support.hostile_runs import all_of, few

Sent = list[tuple[str, str, dict[str, Any]]]


@few(30)
@given(sent=some_forms)
def test_a_form_is_stored_exactly_or_refused_in_words(new_sqlite: Callable[[], str], sent: Sent) -> None:
    all_of(new_sqlite(), sent)


@pytest.mark.postgres
@few(8)
@given(sent=some_forms)
def test_the_same_on_postgresql(postgres: Databases, sent: Sent) -> None:
    all_of(postgres.started(), sent)


def test_items_that_are_not_there_at_all_are_asked_about_like_those_left_blank() -> None:
    values = {"patient_id": 1, "scale": "phq9", "assessed_on": SETTING.today, "blanks_confirmed": False}
    with pytest.raises(FactsError, match="Items 8 and 9 have no answer"):
        AssessmentFacts.check({**values, "items": dict.fromkeys(range(1, 8), 1)}, SETTING)


def test_a_total_no_float_can_hold_is_refused_in_words() -> None:
    values = {"patient_id": 1, "scale": "promis_depression", "assessed_on": SETTING.today}
    with pytest.raises(FactsError, match=r"runs from 10\.0 to 90\.0; got -1000"):
        AssessmentFacts.check({**values, "total": -(10**400)}, SETTING)
