"""Relief in hours: only a score that asks about one day can say so (clinical specification §3.2)."""

from models.outcomes.derivation.rapid import rapid_outcomes
from models.scales import all_scales
from tests.support.drawn import day, record
from tests.support.timelines import Record, frames, plain_rows

MADRS = all_scales()["madrs"]


def endpoint(table: str) -> tuple[int | None, int | None]:
    """Baseline and 24-hour endpoint."""
    seen = record(table)
    scores = [score._replace(scale="madrs") for score in seen.assessments]
    (row,) = plain_rows(rapid_outcomes(frames(Record([], seen.infusions, scores)), MADRS, day(1000)))
    return row["baseline"], row["h24_endpoint"]


def test_a_longer_recall_nearer_to_24_hours_does_not_hide_the_score_that_can_answer() -> None:
    assert endpoint("""
        day | time  | infusion | score | recall
        0   | 08:00 |          | 30    | 7
        0   | 09:00 | yes      |       |
        1   | 09:00 |          | 22    | 7
        1   | 10:00 |          | 12    | 1
    """) == (30, 12)


def test_a_score_about_one_day_on_the_day_itself_counts_from_twelve_hours_on() -> None:
    assert endpoint("""
        day | time  | infusion | score | recall
        0   | 08:00 |          | 30    | 7
        0   | 09:00 | yes      |       |
        0   | 22:00 |          | 14    | 1
    """) == (30, 14)


def test_a_score_about_seven_days_answers_nothing() -> None:
    assert endpoint("""
        day | time  | infusion | score | recall
        0   | 08:00 |          | 30    | 7
        0   | 09:00 | yes      |       |
        1   | 09:00 |          | 12    | 7
    """) == (30, None)
