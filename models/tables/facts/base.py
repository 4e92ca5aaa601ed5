"""What all facts share: strict types, and every problem said in words."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

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


class Facts(BaseModel):
    """Validated input not yet stored. Made by `check`: nothing else knows whether it may be stored."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", arbitrary_types_allowed=True)

    @classmethod
    def check(cls, values: Mapping[str, object], setting: Setting) -> Self:
        """The facts, if every value may stand; `FactsError` with all problems otherwise.

        Values are typed already: text is read by whoever knows its format. An absent one is `None`.
        """
        try:
            facts = cls.model_validate(cls.prepared(values, setting))
        except ValidationError as error:
            raise FactsError(cls.in_words(detail) for detail in error.errors()) from None
        problems = list(facts.problems(setting))
        if problems:
            raise FactsError(problems)
        return facts

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
