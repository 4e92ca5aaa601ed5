"""What all facts share: strict types, and every problem said in words."""

from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from math import copysign
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, FiniteFloat, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from models.tables.facts.problems import FactsError, Problem, refused
from models.tables.facts.setting import Setting

_KINDS: Final = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "date_type": "a date",
    "date_from_datetime_inexact": "a date",
    "datetime_type": "a date with a time",
    "timezone_aware": "a time with its time zone",
    "string_type": "text",
    "bool_type": "yes or no",
    "dict_type": "item numbers with their answers",
}


def _to_the_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


ClinicalMoment = Annotated[AwareDatetime, AfterValidator(_to_the_second)]
"""When something happened to a patient: UTC, whole seconds."""


def _unsigned_zero(number: float) -> float:
    if number == 0 and copysign(1, number) < 0:
        raise PydanticCustomError("text", "0, without a sign")
    return number


Quantity = Annotated[FiniteFloat, AfterValidator(_unsigned_zero)]
"""A number that may have decimals; never infinite, never -0, which says that something went wrong."""


class Facts(BaseModel):
    """Validated input not yet stored. Made by `check`: nothing else knows whether it may be stored."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", arbitrary_types_allowed=True)

    MISSED_AS: ClassVar[Mapping[str, str]] = {}
    """Of fields of which one is enough: the one at which it is said that all are missing."""

    @classmethod
    def check(cls, values: Mapping[str, object], setting: Setting) -> Self:
        """The facts, if every value may stand; `FactsError` with all problems otherwise.

        Values are typed already: text is read by whoever knows its format. An absent one is `None`, and one
        that could not be read is the `Problem` with it. What is wrong with one value hides nothing that is
        wrong with another.
        """
        unread = {name: value for name, value in values.items() if isinstance(value, Problem)}
        given = {name: value for name, value in values.items() if name not in unread} if unread else values
        facts, found = cls._made(cls.prepared(given, setting), setting)
        problems = [*unread.values(), *cls._beside(unread, found)]
        if facts is None or problems:
            raise FactsError(problems)
        return facts

    @classmethod
    def _made(cls, values: Mapping[str, object], setting: Setting) -> tuple[Self | None, list[Problem]]:
        """The facts, if every value is of the right kind, and everything wrong in them."""
        try:
            facts = cls.model_validate(values)
        except ValidationError as error:
            unfit = {str(detail["loc"][0]) for detail in error.errors()}
            found = [cls.in_words(detail) for detail in error.errors()]
            with suppress(ValidationError):  # where one that is needed is missing, that was said
                rest = cls.model_validate({name: values[name] for name in values if name not in unfit})
                found += cls._beside(unfit, rest.problems(setting))
            return None, found
        return facts, list(facts.problems(setting))

    @classmethod
    def _beside(cls, aside: Collection[str], found: Iterable[Problem]) -> Iterator[Problem]:
        """What is wrong beside values that were put aside: these are missing only because they were."""
        silent = {*aside, *(cls.MISSED_AS[name] for name in aside if name in cls.MISSED_AS)}
        return (problem for problem in found if problem.value is not None or problem.field not in silent)

    @classmethod
    def prepared(cls, values: Mapping[str, object], setting: Setting) -> Mapping[str, object]:  # noqa: ARG003
        """The values as the fields take them; a place to look up what an id stands for."""
        return values

    @abstractmethod
    def problems(self, setting: Setting) -> Iterator[Problem]:
        """What is wrong between values that are each of the right kind."""

    def days(self, zone: tzinfo) -> Iterator[tuple[str, str, date]]:  # noqa: ARG002
        """Field, title and calendar day of everything that happened to the patient."""
        return iter(())

    @classmethod
    def title(cls, name: str) -> str:
        """A field as people read it."""
        field = cls.model_fields.get(name)
        return (field.title if field else None) or name.replace("_", " ").capitalize()

    @classmethod
    def in_words(cls, detail: ErrorDetails) -> Problem:
        """Pydantic's finding as a problem of ours."""
        name = "_".join(str(part) for part in detail["loc"]).replace("items_", "item_")
        title, kind, value = cls.title(name), detail["type"], detail["input"]
        if kind == "missing" or (value is None and kind not in {"text", "literal_error"}):
            return Problem(name, None, "a value", f"{title} is needed")
        if kind == "extra_forbidden":
            return refused(name, title, value, "left out: it is not recorded here")
        return refused(name, title, value, _allowed(kind, detail.get("ctx", {}), detail["msg"]))


def _allowed(kind: str, context: Mapping[str, Any], message: str) -> str:
    if kind == "literal_error":
        return f"one of {context['expected'].replace(chr(39), '')}"
    return _KINDS.get(kind, message)
