"""A question as a document: what each part of it may be, and what is wrong with one that cannot be asked."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, NoReturn, TypeVar
from unicodedata import category

from models.outcomes.question.vocabulary import Indication

PARTS: Final = (
    *("scale", "outcome", "window", "missing", "baseline_at_least", "treatment_resistant", "first_course"),
    *("indication", "route", "started_from", "started_to", "clinician", "site"),
)
"""The names of a question's parts, as the interface writes them and in its order."""

Member = TypeVar("Member", bound=StrEnum)


class QuestionError(ValueError):
    """A part of the question that cannot be asked: which field, which value, what is allowed."""

    def __init__(self, field: str, value: object, allowed: str) -> None:
        self.field, self.value, self.allowed = field, value, allowed
        super().__init__(self.under(field))

    def under(self, name: str) -> str:
        """The same of a field that whoever asked knows by another name."""
        got = self.value.isoformat() if isinstance(self.value, date) else repr(self.value)
        return f"{name} is {self.allowed}; got {got}"


def choices_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """The choices a document makes, under the names an `Estimand` gives them.

    Strict, because a question that was written down must mean the same for ever: every part is there, none
    is unknown, and nothing is read as what it merely resembles. Raises `QuestionError`.
    """
    for name, value in document.items():
        if name not in PARTS:
            raise QuestionError(name, value, "no part of a question, which has " + ", ".join(PARTS))
    for name in PARTS:
        if name not in document:
            raise QuestionError(name, None, "needed in a whole question")
    chosen = dict(document)
    for name in ("scale", "outcome", "window", "missing", "treatment_resistant", "route"):
        _text(name, chosen[name])
    for name in ("clinician", "site"):
        if chosen[name] is not None:
            _text(name, chosen[name])
    if not isinstance(chosen["first_course"], bool):
        _refuse("first_course", chosen["first_course"], "true or false")
    for name in ("started_from", "started_to"):
        chosen[name] = _day(name, chosen[name])
    chosen["indications"] = _several("indication", chosen.pop("indication"))
    return chosen


def gate_in_steps(document: Mapping[str, Any], decimals: int) -> dict[str, int]:
    """The baseline gate of a document whose scores have so many decimals, where it has one, as a total."""
    gate = document.get("baseline_at_least")
    if not decimals or not isinstance(gate, int | float) or isinstance(gate, bool):
        return {}
    steps = Decimal(str(gate)).scaleb(decimals)
    if not steps.is_finite() or steps != steps.to_integral_value():
        _refuse("baseline_at_least", gate, f"a score with at most {decimals} decimals, or none")
    return {"baseline_at_least": int(steps)}


def member(vocabulary: type[Member], field: str, value: Any) -> Member:
    """The word of a vocabulary that is meant; `QuestionError` lists those there are."""
    try:
        return vocabulary(value)
    except ValueError:
        raise QuestionError(field, value, "one of " + ", ".join(vocabulary)) from None


def indications(given: Iterable[str]) -> tuple[Indication, ...]:
    """The indications asked about, each once and in the vocabulary's order; `QuestionError` for none."""
    chosen = {
        member(Indication, "indication", each) for each in ([given] if isinstance(given, str) else given)
    }
    if not chosen:
        raise QuestionError("indication", given, "at least one of " + ", ".join(Indication))
    if Indication.ANY in chosen:
        return (Indication.ANY,)
    return tuple(indication for indication in Indication if indication in chosen)


def _text(field: str, value: object) -> None:
    if not isinstance(value, str) or any(category(char) == "Cs" for char in value):
        _refuse(field, value, "a text")


def _several(field: str, value: object) -> list[str]:
    if not isinstance(value, list):
        _refuse(field, value, "a list of at least one of " + ", ".join(Indication))
    return value


def _day(field: str, value: object) -> date | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:
        _refuse(field, value, "a date such as 2026-01-31, or null")
    return day


def _refuse(field: str, value: object, allowed: str) -> NoReturn:
    raise QuestionError(field, value, allowed)
