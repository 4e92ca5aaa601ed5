"""What may stand as an advertised claim, and what is said of what may not."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from models.store.record import write
from models.tables import AdvertisedClaim, ClaimLock, ClaimLook
from models.tables.facts import ClaimFacts, FactsError
from tests.support.builders import NOW, SETTING

SAID = {"words": "70 % find relief", "rate": 0.7, "source": "None is named."}


def test_a_claim_is_recorded_composed_and_on_one_line() -> None:
    facts = ClaimFacts.check(
        SAID | {"words": "  70 %\u200b  find   relief ", "advertised_where": " Home  page "}, SETTING
    )
    assert (facts.words, facts.advertised_where) == ("70 % find relief", "Home page")
    assert ClaimFacts.check(SAID, SETTING).advertised_since is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"rate": 0.0},
            "rate must be more than 0 and less than 1, such as 0.7 for 70 %; got 0",
        ),
        ({"rate": 1.0}, "The claimed rate must be more than 0 and less than 1"),
        ({"rate": 70}, "The claimed rate must be more than 0 and less than 1, .*; got 70"),
        ({"rate": float("nan")}, "The claimed rate must be a number; got nan"),
        ({"rate": None}, "The claimed rate is needed"),
        ({"rate": "0.7"}, "The claimed rate must be a number; got '0.7'"),
        ({"words": " "}, "The claim in words must be given"),
        ({"words": "x" * 501}, "The claim in words must be at most 500 characters long"),
        ({"words": "70 %\x00"}, "must be text without control characters"),
        ({"source": ""}, "The claim's source must be given"),
        ({"advertised_where": "x" * 201}, "Where it is advertised must be at most 200 characters long"),
        ({"advertised_since": date(2026, 7, 1)}, "Advertised since must be today, 2026-06-30, or earlier"),
        ({"advertised_since": date(1999, 12, 31)}, "Advertised since must be 2000-01-01 or later"),
        ({"colour": "red"}, "Colour must be left out: it is not recorded here; got 'red'"),
    ],
)
def test_a_claim_that_cannot_stand_says_why(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(FactsError, match=words):
        ClaimFacts.check(SAID | changes, SETTING)


def test_everything_wrong_with_a_claim_is_said_at_once() -> None:
    with pytest.raises(FactsError) as refused:
        ClaimFacts.check(SAID | {"rate": 2.0, "advertised_since": date(2030, 1, 1)}, SETTING)
    assert [problem.field for problem in refused.value.problems] == ["rate", "advertised_since"]


def test_a_claim_a_lock_and_a_look_read_as_objects_mean_what_was_recorded(engine: Engine) -> None:
    write.note_look(engine, 1, as_of=date(2026, 6, 1), numerator=4, denominator=18, at=NOW)
    with Session(engine) as session:
        claim = session.exec(select(AdvertisedClaim)).one()
        assert (claim.rate, claim.recorded_at, claim.voided) == (0.7, NOW, False)
        lock = session.exec(select(ClaimLock)).one()
        assert (lock.claim_id, lock.locked_at, lock.reason) == (claim.entity_id, NOW, None)
        look = session.exec(select(ClaimLook)).one()
        assert (look.as_of, look.looked_at, look.numerator) == (date(2026, 6, 1), NOW, 4)
