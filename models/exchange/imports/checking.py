"""A row's texts become facts by the rules of the record, and by no others.

No rule joins whose a row is, when it was, and what it says. So each part is checked beside stand-ins for the
others, and the answer for a part holds in every row where it stands: the same rules, asked less often.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, TypeVar

from models.exchange.columns.cells import Cell, Cells
from models.exchange.columns.kinds import Dialect
from models.exchange.columns.layout import ITEM, plain
from models.exchange.columns.memory import Refusal, RejectedError
from models.exchange.columns.view import View
from models.exchange.imports.unheard import is_above_0
from models.exchange.sheets.sheet import Fault
from models.scales import Scale
from models.tables.facts import (
    AssessmentFacts,
    CourseFacts,
    Facts,
    FactsError,
    InfusionFacts,
    PatientFacts,
    Problem,
    Setting,
)
from models.tables.facts.problems import shown

FACTS: Final[Mapping[str, type[Facts]]] = {
    "patients": PatientFacts,
    "courses": CourseFacts,
    "infusions": InfusionFacts,
    "assessments": AssessmentFacts,
}
DATED: Final = {"given_at": "given_on", "assessed_at": "assessed_on"}
"""Where a moment goes whose time is not known."""

AT: Final = {on_name: at_name for at_name, on_name in DATED.items()}

TO_CONFIRM: Final = "; if it is right, write yes in a column named confirmed"

SomeFacts = TypeVar("SomeFacts", bound=Facts)


class Checker:
    """Checks the three parts of the rows seen through one view; each raises `RejectedError`."""

    def __init__(self, view: View, dialect: Dialect, setting: Setting) -> None:
        self.view, self._setting = view, setting
        self._cells = Cells(view, dialect)
        self._facts = FACTS[view.layout.table]
        apart = {"mrn", view.layout.moment}
        self.content_fields = tuple(name for name in view.columns if name not in apart)
        self._constants = {name: text for name, text in view.constants.items() if name not in apart}
        fields = (*self.content_fields, *self._constants)
        self._items = {name: int(found[1]) for name in fields if (found := ITEM.fullmatch(plain(name)))}

    def mrn(self, text: str) -> str:
        """Whose row it is; the header over again, as in files put one below the other, is nobody's."""
        if plain(text) == plain(heading := self.view.heading("mrn")):
            raise RejectedError([Fault(heading, text, f"{shown(text)} is the header again, not a number")])
        return self._check(PatientFacts, {"mrn": self._cells.value(Cell("mrn", text))}, {"mrn": text}).mrn

    def moment(self, text: str) -> datetime | date | None:
        """When it was, in UTC or as a day; `None` in tables whose content says it."""
        at_name = self.view.layout.moment
        if at_name is None:
            return None
        on_name, moment = DATED[at_name], self._cells.value(Cell(at_name, text))
        values = {**self._any_content(), at_name if isinstance(moment, datetime) else on_name: moment}
        facts = self._check(self._facts, values, {at_name: text})
        at, on = getattr(facts, at_name), getattr(facts, on_name)
        checked: datetime | date = on if at is None else at
        return checked

    def content(self, texts: Sequence[str]) -> Facts:
        """What it says."""
        came = {**dict(zip(self.content_fields, texts, strict=True)), **self._constants}
        scale = self._cells.scale(came.get("scale", "")) if self.view.layout.has_items else None
        values, answers = self._any_row(), {}
        faults: list[Fault] = []
        for name, text in came.items():
            exact = scale.id if scale and scale.decimals and name == "total" else None
            value = None if name == "scale" else self._cells.values[Cell(name, text, exact)]
            if isinstance(value, Refusal):
                faults += value.faults
            elif name in self._items:
                answers[self._items[name]] = value
            elif value is not None:
                values[name] = value
        if faults:
            raise RejectedError(faults)
        if scale is not None:
            values |= {"scale": scale.id, "items": _items(answers, scale)}
        return self._check(self._facts, values, came)

    def speaks(self, texts: Sequence[str]) -> bool:
        """Whether the same texts hold an answer about suicide above 0, right or wrong."""
        if not self.view.layout.has_items:
            return False
        came = {**dict(zip(self.content_fields, texts, strict=True)), **self._constants}
        try:
            scale = self._cells.scale(came.get("scale", ""))
        except RejectedError:
            scale = None
        asked = scale.suicide_item.number if scale and scale.suicide_item else None
        return any(
            is_above_0(self._cells.said(name, text), scale)
            for name, text in came.items()
            if name == "suicide_item" or self._items.get(name, 0) == asked
        )

    def _any_row(self) -> dict[str, object]:
        """Stand-ins for whose and when."""
        if self._facts is PatientFacts:
            return {"mrn": "0"}
        today = {DATED[self.view.layout.moment]: self._setting.today} if self.view.layout.moment else {}
        return {"patient_id": 0, **today}

    def _any_content(self) -> dict[str, object]:
        """Stand-ins for whose and what."""
        scale = next(iter(self._setting.scales.values()))
        return {
            "patient_id": 0,
            **({"scale": scale.id, "total": scale.low} if self.view.layout.has_items else {}),
        }

    def _check(
        self, kind: type[SomeFacts], values: Mapping[str, object], came: Mapping[str, str]
    ) -> SomeFacts:
        try:
            return kind.check(values, self._setting)
        except FactsError as wrong:
            raise RejectedError(self._in_words(problem, came) for problem in wrong.problems) from None

    def _in_words(self, problem: Problem, came: Mapping[str, str]) -> Fault:
        """A problem of the facts, at the column and with the value the file has."""
        name = AT.get(problem.field, problem.field)
        names = self._unanswered(problem, came) if name == "items" else [name]
        return Fault(
            ", ".join(self.view.heading(each) for each in names),
            came.get(names[0], ""),
            problem.message + (TO_CONFIRM if problem.confirm else ""),
        )

    def _unanswered(self, problem: Problem, came: Mapping[str, str]) -> list[str]:
        """Where answers are missing; of a scale that takes none, the first there is."""
        if not isinstance(problem.value, str):
            return [next(item for item in self._items if came[item].strip())]
        named = {str(number): name for name, number in self._items.items()}
        return [named.get(number, f"item_{number}") for number in problem.value.split(", ")]


def _items(answers: Mapping[int, object], scale: Scale) -> dict[int, object] | None:
    """The answers, `None` where one of the scale's was left out; nothing for empty cells beyond its last."""
    if all(answer is None for answer in answers.values()):
        return None
    return {number: answer for number, answer in answers.items() if answer is not None or scale.item(number)}
