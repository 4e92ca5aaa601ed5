"""What a form may send by accident or design, and which of its values are of their fields' kinds."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from math import isnan
from typing import Any, Final, NoReturn

from hypothesis import strategies as st

from models.scales import all_scales
from models.tables.facts import AssessmentFacts, CourseFacts, Facts, InfusionFacts, PatientFacts, Setting
from tests.support.plain_cells import DAYS, LONGEST, WORDS, YES_OR_NO, UnreadableError, line
from tests.support.plain_rules import TODAY

SETTING: Final = Setting(TODAY, UTC, all_scales())
FACTS: Final[Mapping[str, type[Facts]]] = {
    "patients": PatientFacts,
    "courses": CourseFacts,
    "infusions": InfusionFacts,
    "assessments": AssessmentFacts,
}
WHOLE: Final = (
    *("planned_infusions", "failed_trials_episode", "failed_trials_lifetime", "minutes", "total"),
    *("recall_days", "suicide_item"),
)
QUANTITIES: Final = ("dose_mg", "weight_kg")
EAST: Final = timezone(timedelta(hours=14))

_MOMENTS: Final = [datetime(2026, 3, day, 9, tzinfo=UTC) for day in (3, 4, 5)]
_PLAUSIBLE: Final[Mapping[str, tuple[Any, ...]]] = {
    "birth_date": (date(1980, 5, 4), date(1980, 5, 4), date(2026, 3, 4)),
    "started_on": (date(2026, 3, 3), date(2026, 3, 4), date(2026, 4, 1)),
    "ended_on": (None, date(2026, 4, 2), date(2026, 3, 3)),
    "planned_infusions": (None, 6, 8),
    "failed_trials_episode": (None, 2, 0),
    "failed_trials_lifetime": (None, 2, 3),
    "end_reason": (None, None, "moved"),
    "minutes": (40, None, 300),
    "dose_mg": (40.0, 37.5, None, 40, 300.0),
    "weight_kg": (80.0, 72.55, None),
    "total": (None, None, None, 9),
    "recall_days": (None, None, None, 14),
    "suicide_item": (None, None, None, None, 1),
    "scale": ("phq9", "phq9", "gad7", "qids_sr16", "promis_depression"),
    "confirmed": (False, True),
    "part2": (True, True, False),
    "part2_consent_until": (None, None, date(2027, 1, 31), date(2025, 12, 31)),
    "blanks_confirmed": (True, True, False),
    **dict.fromkeys(("given_at", "assessed_at"), (*_MOMENTS, *_MOMENTS, None)),
    **{name: (*[None] * 9, date(2026, 3, 3)) for name in ("given_on", "assessed_on")},
    **dict.fromkeys(LONGEST, ("Roe", "Zoë", " A  b ", "=1")),
}
_HOSTILE: Final = (
    *(None, True, False, "", "5", " ", "\0", "\ud800", "x" * 64, "x" * 201, "\u202ex", "Male", b"5", [5], {}),
    *(0, -1, 4, 28, 51, 101, 2**31, -(2**63), 10**400, 5.5, 0.0, -0.0, 1e-300, 4000.0, 5000.1),
    *(float("nan"), float("inf"), date.min, date.max, date(1899, 12, 31), TODAY, TODAY + timedelta(days=1)),
    *(TODAY + timedelta(days=2), datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
    *(datetime(2026, 7, 1, 23, 59, 59, 999_999, tzinfo=UTC), datetime(2026, 7, 2, 9, tzinfo=EAST)),
    datetime(2026, 3, 3, 9),  # noqa: DTZ001 - a time of no zone
)
_answer = st.integers(0, 3) | st.none() | st.sampled_from([0, 1, 2, 4, -1, True, 1.0, 10**30, "1"])
_some_answers = st.dictionaries(st.integers(1, 10) | st.sampled_from([0, 16, 10**30]), _answer, max_size=10)
_all_answers = st.sampled_from([7, 9, 9, 9, 16]).flatmap(
    lambda count: st.fixed_dictionaries({n: st.integers(0, 3) for n in range(1, count + 1)})
)
_a_gap = st.tuples(_all_answers, st.integers(1, 9)).map(lambda told: {**told[0], told[1]: None})


def _field(name: str) -> st.SearchStrategy[Any]:
    """Mostly what belongs into the field."""
    if name == "items":
        fitting: st.SearchStrategy[Any] = _all_answers | _a_gap | st.none() | _some_answers
    else:
        fitting = st.sampled_from(_PLAUSIBLE[name] if name in _PLAUSIBLE else (None, *WORDS[name]))
    return st.integers(0, 24).flatmap(lambda dice: st.sampled_from(_HOSTILE) if dice == 0 else fitting)


def forms(table: str) -> st.SearchStrategy[dict[str, Any]]:
    """The values of a form, some of them left out; whose it is is for the test to say."""
    apart = {"patient_id", "mrn"}
    names = [name for name in FACTS[table].model_fields if name not in apart]
    needed = {
        "scale",
        "given_at",
        "assessed_at",
        "items",
        "started_on",
        "indication",
        "confirmed",
        "blanks_confirmed",
    } & set(names)
    return st.fixed_dictionaries(
        {name: _field(name) for name in names if name in needed},
        optional={name: _field(name) for name in names if name not in needed},
    )


some_forms = st.lists(
    st.sampled_from(list(FACTS)).flatmap(
        lambda table: st.tuples(st.just(table), st.sampled_from("AB"), forms(table))
    ),
    min_size=1,
    max_size=6,
)


def typed(table: str, values: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """The values as they may be recorded, as far as each is of its field's kind; the fields that are not."""
    row: dict[str, Any] = {}
    unfit: set[str] = set()
    for name, value in values.items():
        try:
            row[name] = None if value is None else _kept(name, value)
        except UnreadableError:
            unfit.add(name)
    for name in ("indication", "blanks_confirmed", *YES_OR_NO):
        if name in values and values[name] is None:
            unfit.add(name)
    for at_name in ("given_at", "assessed_at"):
        on = row.pop(f"{at_name[:-2]}on", None)
        if on is not None and row.get(at_name) is not None:
            unfit |= {at_name, f"{at_name[:-2]}on"}
        if on is not None:
            row[at_name] = on
    return row, unfit


def _kept(name: str, value: Any) -> Any:
    """The value as it is recorded; `UnreadableError` of another kind than the field's."""
    if name in WORDS and name not in YES_OR_NO:
        kept: Any = _word(name, value)
    elif name in LONGEST:
        fits = isinstance(value, str) and not any(
            char == "\0" or "\ud800" <= char <= "\udfff" for char in value
        )
        return line(value, LONGEST[name]) if fits else _none_of(name)
    elif name in DAYS or name.endswith("_on"):
        kept = value if isinstance(value, date) and not isinstance(value, datetime) else None
    elif name.endswith("_at"):
        timed = isinstance(value, datetime) and value.tzinfo is not None
        kept = value.astimezone(UTC).replace(microsecond=0) if timed else None
    elif name in WHOLE:
        kept = value if _is_whole(value) else None
    elif name in QUANTITIES:
        kept = _number(value)
    elif name == "items":
        kept = value if isinstance(value, dict) and _are_answers(value) else None
    elif name == "scale":
        kept = value if isinstance(value, str) and value in SETTING.scales else None
    else:
        kept = value if isinstance(value, bool) else None
    return _none_of(name) if kept is None else kept


def _none_of(name: str) -> NoReturn:
    raise UnreadableError(name)


def _word(name: str, value: Any) -> str | None:
    told = value
    if name == "sex" and isinstance(value, str):
        told = value.strip().lower()
        told = next((word for word in WORDS["sex"] if told == word[0]), told)
    return told if isinstance(told, str) and told in WORDS[name] else None


def _number(value: Any) -> float | None:
    if not (isinstance(value, float) or _is_whole(value)) or abs(value) > 10**300 or isnan(value):
        return None
    return None if str(float(value)) == "-0.0" else float(value)


def _are_answers(items: Mapping[Any, Any]) -> bool:
    return all(_is_whole(n) and (answer is None or _is_whole(answer)) for n, answer in items.items())


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
