"""What may stand in a record, said a second time: the fields of a row that keep it from being recorded."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import models.scales

TODAY: Final = date(2026, 6, 30)
EARLIEST: Final = date(2000, 1, 1)
USUAL_MG_PER_KG: Final = {"iv": 2.0, "im": 3.0, "sc": 3.0, "intranasal": 5.0, "oral": 10.0, None: 10.0}
WEIGHTS: Final = ((10.0, 500.0), (30.0, 250.0))
DOSES: Final = ((0.0, 5000.0), (5.0, 300.0))
MINUTES: Final = ((0, 1440), (0, 240))

Row = Mapping[str, Any]


@cache
def scale(scale_id: str) -> Row:
    """A scale's own file."""
    path = Path(str(models.scales.__file__)).with_name(f"{scale_id}.toml")
    return tomllib.loads(path.read_text("utf-8"))


@cache
def scale_ids() -> Mapping[str, str]:
    """The id of each scale, by its id and its name without spaces, hyphens and underscores."""
    files = Path(str(models.scales.__file__)).parent.glob("*.toml")
    read = [tomllib.loads(path.read_text("utf-8")) for path in files]
    named = {each[key]: each["id"] for key in ("name", "id") for each in read}
    return {_bare(name): found for name, found in named.items()}


def scale_called(text: str) -> str | None:
    """The scale a cell names."""
    return scale_ids().get(_bare(text))


def _bare(name: str) -> str:
    return "".join(char for char in name if char not in "-_" and not char.isspace()).casefold()


def day_of(when: date | datetime) -> date:
    """The clinic's day, which is UTC's in these tests."""
    return when.astimezone(UTC).date() if isinstance(when, datetime) else when


def faults(table: str, row: Row) -> set[str]:
    """The fields that keep a row of read values out of the record; of a rule between fields, all of them."""
    found = {
        "patients": _patient,
        "courses": _course,
        "infusions": _infusion,
        "assessments": _assessment,
    }[table](row)
    return set(found) | ({"mrn"} if row.get("mrn") is None else set())


def _patient(row: Row) -> Iterator[str]:
    born = row.get("birth_date")
    if born is not None and not (date(1900, 1, 1) <= born <= TODAY and _years(born) <= 120):
        yield "birth_date"
    until = row.get("part2_consent_until")
    if until is not None and not (row.get("part2") and 2000 <= until.year <= TODAY.year + 120):
        yield "part2_consent_until"


def _years(born: date) -> int:
    return TODAY.year - born.year - ((TODAY.month, TODAY.day) < (born.month, born.day))


def _course(row: Row) -> Iterator[str]:
    started, ended = row.get("started_on"), row.get("ended_on")
    if started is None or not EARLIEST <= started <= TODAY:
        yield "started_on"
    if ended is not None and not (max(EARLIEST, started or EARLIEST) <= ended <= TODAY):
        yield "ended_on"
    if row.get("end_reason") is not None and ended is None:
        yield "end_reason"
    for field, low, high in (
        ("planned_infusions", 1, 100),
        ("failed_trials_episode", 0, 50),
        ("failed_trials_lifetime", 0, 50),
    ):
        if row.get(field) is not None and not low <= row[field] <= high:
            yield field
    episode, lifetime = row.get("failed_trials_episode"), row.get("failed_trials_lifetime")
    if episode is not None and lifetime is not None and lifetime < episode:
        yield "failed_trials_lifetime"


def _infusion(row: Row) -> Iterator[str]:
    when = row.get("given_at")
    if when is None or not EARLIEST <= day_of(when) <= TODAY:
        yield "given_at"
    dose, weight, minutes = row.get("dose_mg"), row.get("weight_kg"), row.get("minutes")
    confirmed = row.get("confirmed") or False
    if weight is not None and not within(weight, WEIGHTS, confirmed=confirmed):
        yield "weight_kg"
    if minutes is not None and not within(minutes, MINUTES, confirmed=confirmed):
        yield "minutes"
    if dose is None:
        return
    if weight is None or not 0 <= dose <= 5000:
        if not within(dose, DOSES, confirmed=confirmed):
            yield "dose_mg"
    elif 10 <= weight <= 500:
        usual = ((0.0, 50.0), (0.1, USUAL_MG_PER_KG[row.get("route")]))
        if not within(dose / weight, usual, confirmed=confirmed):
            yield "dose_mg"


def within(value: float, limits: tuple[tuple[float, float], tuple[float, float]], *, confirmed: bool) -> bool:
    """Possible, and usual or confirmed."""
    (low, high), (usually_low, usually_high) = limits
    return low <= value <= high and (confirmed or usually_low <= value <= usually_high)


def _assessment(row: Row) -> Iterator[str]:
    when = row.get("assessed_at")
    if when is None or not EARLIEST <= day_of(when) <= TODAY + timedelta(days=1):
        yield "assessed_at"
    if row.get("scale") is None:
        yield "scale"
        return
    asked = scale(row["scale"])
    recall, total, spoken = row.get("recall_days"), row.get("total"), row.get("suicide_item")
    if recall is not None and recall not in asked["recall_choices"]:
        yield "recall_days"
    if total is not None and not asked["low"] <= total <= asked["high"]:
        yield "total"
    if row.get("items") is not None:
        yield from _answers(row, asked)
        return
    if total is None:
        yield "total"
    about = asked.get("suicide_item")
    if spoken is not None and (about is None or not about["low"] <= spoken <= about["high"]):
        yield "suicide_item"


def _answers(row: Row, asked: Row) -> Iterator[str]:
    items, total, spoken = row["items"], row.get("total"), row.get("suicide_item")
    wrong = set(_wrong_items(asked, items))
    yield from wrong
    if wrong:
        return
    summed = points(asked, items)
    if summed is None:
        yield from (f"item_{number}" for number in items)
        yield "items"
    elif total is not None and total != summed:
        yield "total"
    if spoken is not None and spoken != items.get((asked.get("suicide_item") or {}).get("number")):
        yield "suicide_item"


def _wrong_items(asked: Row, items: Mapping[int, int | None]) -> Iterator[str]:
    known = {item["number"]: item for item in asked.get("items", ())}
    if not known:
        yield from (f"item_{number}" for number in items)
        yield "items"
    for number, answer in items.items():
        item = known.get(number)
        if answer is not None and (item is None or not item["low"] <= answer <= item["high"]):
            yield f"item_{number}"


def points(asked: Row, items: Mapping[int, int | None]) -> int | None:
    """What answers come to; `None` where too many are missing."""
    answers = {number: answer for number, answer in items.items() if answer is not None}
    if asked["scoring"] == "domain_max":
        groups = [[answers[n] for n in domain["items"] if n in answers] for domain in asked["domains"]]
        return sum(max(group) for group in groups) if all(groups) else None
    count = len(asked["items"])
    if count - len(answers) > asked.get("most_missing", 0):
        return None
    exact = sum(answers.values()) * count / len(answers)
    return int(exact + 0.5)
