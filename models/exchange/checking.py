"""A row's texts become facts by the rules of the record, and by no others.

No rule joins whose a row is, when it was, and what it says. So each part is checked beside stand-ins for the
others, and the answer for a part holds in every row where it stands: the same rules, asked less often.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, TypeVar

from models.exchange.kinds import Dialect
from models.exchange.layout import ITEM, plain
from models.exchange.sheet import Fault
from models.exchange.view import View
from models.scales import Scale
from models.scales.scoring import ScoreError
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


class RejectedError(ValueError):
    """A part of a row that no facts can be made of, and everything wrong in it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.reason for fault in self.faults))


class Checker:
    """Checks the three parts of the rows seen through one view; each raises `RejectedError`."""

    def __init__(self, view: View, dialect: Dialect, setting: Setting) -> None:
        self.view, self._dialect, self._setting = view, dialect, setting
        self._facts = FACTS[view.layout.table]
        apart = {"mrn", view.layout.moment}
        self.content_fields = tuple(name for name in view.columns if name not in apart)
        self._constants = {name: text for name, text in view.constants.items() if name not in apart}

    def mrn(self, text: str) -> str:
        """Whose row it is."""
        return self._check(PatientFacts, {"mrn": self._said("mrn", text) or None}, {"mrn": text}).mrn

    def moment(self, text: str) -> datetime | date | None:
        """When it was, in UTC or as a day; `None` in tables whose content says it."""
        at_name = self.view.layout.moment
        if at_name is None:
            return None
        on_name, said = DATED[at_name], self._said(at_name, text)
        values = self._any_content()
        if said:
            moment = self._value(at_name, said, text)
            values[at_name if isinstance(moment, datetime) else on_name] = moment
        facts = self._check(self._facts, values, {at_name: text})
        at, on = getattr(facts, at_name), getattr(facts, on_name)
        checked: datetime | date = on if at is None else at
        return checked

    def content(self, texts: Sequence[str]) -> Facts:
        """What it says."""
        came = {**dict(zip(self.content_fields, texts, strict=True)), **self._constants}
        said = {name: words for name, text in came.items() if (words := self._said(name, text))}
        values = self._any_row()
        scale = self._scale(said.pop("scale", ""), came) if self.view.layout.has_items else None
        faults: list[Fault] = []
        for name, words in said.items():
            try:
                values[name] = self._value(name, words, came[name], scale)
            except RejectedError as refused:
                faults += refused.faults
        if faults:
            raise RejectedError(faults)
        if scale is not None:
            values = _with_items(values | {"scale": scale.id}, came, scale)
        return self._check(self._facts, values, came)

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

    def _said(self, name: str, text: str) -> str:
        """The text of a cell without the space around it, in our words where a mapping translates it."""
        bare = text.strip()
        return self.view.values.get(name, {}).get(bare.casefold(), bare)

    def _value(self, name: str, said: str, came: str, scale: Scale | None = None) -> object:
        try:
            if self.view.shift and name == self.view.layout.moment:
                return self._dialect.calendar.shifted(said, self.view.shift)
            return self._dialect.value(name, said, scale)
        except ScoreError as off_scale:
            raise RejectedError([Fault(self.view.heading(name), came, str(off_scale))]) from None
        except ValueError as unreadable:
            raise RejectedError(
                [Fault(self.view.heading(name), came, f"{shown(said)} {unreadable}")]
            ) from None

    def _scale(self, said: str, came: Mapping[str, str]) -> Scale:
        scale = self._setting.scales.get(self._dialect.scale_id(said))
        if scale is None:
            known = ", ".join(self._setting.scales)
            why = (
                f"No scale is called {shown(said)}; known are {known}"
                if said
                else f"A scale is needed: one of {known}"
            )
            raise RejectedError([Fault(self.view.heading("scale"), came.get("scale", ""), why)])
        return scale

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
        if name == "items":  # the answers as a whole: said at the first of them
            name = next(item for item in came if ITEM.fullmatch(plain(item)) and came[item].strip())
        return Fault(
            self.view.heading(name),
            came.get(name, ""),
            problem.message + (TO_CONFIRM if problem.confirm else ""),
        )


def _with_items(values: Mapping[str, object], came: Mapping[str, str], scale: Scale) -> dict[str, object]:
    """The answers gathered from their columns. Empty cells beyond the scale's last item say nothing."""
    numbers = {int(found[1]): name for name in came if (found := ITEM.fullmatch(plain(name)))}
    items = {
        number: values.get(name) for number, name in numbers.items() if name in values or scale.item(number)
    }
    kept = {name: value for name, value in values.items() if name not in numbers.values()}
    return {**kept, "items": items} if any(answer is not None for answer in items.values()) else kept
