"""A number that would not fit where it is packed is refused, never wrapped around."""

import pytest

from models.outcomes.derivation.checks import FrameError
from models.outcomes.derivation.derive import derive_outcomes
from tests.support.drawn import PHQ9, day
from tests.support.timelines import ENGINES, Assessment, Course, Infusion, Record, frames, plain_rows

MOST = 2**27 - 1


def derive(record: Record, engine: str = "polars") -> list[dict[str, object]]:
    return plain_rows(derive_outcomes(frames(record, ENGINES[engine]()), PHQ9, day(500)))


@pytest.mark.parametrize("engine", ENGINES)
def test_the_greatest_numbers_that_fit_come_back_unharmed(engine: str) -> None:
    """Every bit of the packing in use: the greatest ids, total, places and distances."""
    midnight = 86_399
    record = Record(
        [Course(1, MOST, 20_000)],
        [Infusion(MOST, MOST, 20_000, midnight)],
        [
            Assessment(MOST, MOST, 20_000, 1023, midnight),
            Assessment(MOST - 1, MOST, 20_240, 1022, midnight),
            Assessment(MOST - 2, MOST, 20_425, 0, None),
        ],
    )
    (row,) = derive(record, engine)
    assert (row["baseline"], row["baseline_id"], row["baseline_day"]) == (1023, MOST, 20_000)
    assert (row["m6_endpoint"], row["m6_id"]) == (1022, MOST - 1)
    assert (row["m12_endpoint"], row["m12_id"], row["m12_carried"]) == (0, MOST - 2, 1022)


@pytest.mark.parametrize(
    ("what", "record"),
    [
        ("infusion id", Record([], [Infusion(MOST + 1, 1, 20_000)], [])),
        ("patient id", Record([], [Infusion(1, MOST + 1, 20_000)], [])),
        ("patient id", Record([Course(1, -1, 20_000)], [], [])),
        ("day", Record([], [Infusion(1, 1, -1)], [])),
        ("day", Record([Course(1, 1, 2**17)], [], [])),
        ("assessment id", Record([], [], [Assessment(MOST + 1, 1, 20_000, 5)])),
        ("total", Record([], [], [Assessment(1, 1, 20_000, 1024)])),
        ("total", Record([], [], [Assessment(1, 1, 20_000, -1)])),
        ("second in its day", Record([], [], [Assessment(1, 1, 20_000, 5, 3 * 86_400)])),
        ("second in its day", Record([], [Infusion(1, 1, 20_000, -86_400)], [])),
    ],
)
def test_what_does_not_fit_is_refused_by_name(what: str, record: Record) -> None:
    with pytest.raises(FrameError, match=what):
        derive(record)


def test_an_empty_record_is_no_error() -> None:
    assert derive(Record([], [], [])) == []
