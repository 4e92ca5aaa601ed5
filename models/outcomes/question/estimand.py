"""The question as a value: of whom, on which scale, what, when, and what a missing score means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from models.outcomes.question.document import QuestionError, choices_of, gate_in_steps, indications, member
from models.outcomes.question.sentence import sentence_of
from models.outcomes.question.vocabulary import (
    Indication,
    Missing,
    Outcome,
    Route,
    TreatmentResistant,
    WindowName,
)
from models.scales.scale import HIGHEST_TOTAL

if TYPE_CHECKING:
    from models.scales import Scale

__all__ = [
    "Estimand",
    "Indication",
    "Missing",
    "Outcome",
    "QuestionError",
    "Route",
    "TreatmentResistant",
    "WindowName",
]


@dataclass(frozen=True)
class Estimand:
    """A whole question (ICH E9(R1)). Two rates stand side by side only if their estimands say what differs.

    The defaults are the primary specification (§3.7) but for the baseline gate, which is a figure of the
    scale: `Estimand.of(scale)` asks with the scale's own. `clinician` and `site` narrow who is treated at
    all; the period, indication and route are exclusions and are counted. Plain strings are taken for the
    vocabulary's members; anything else raises `QuestionError`.
    """

    scale: str = "phq9"
    outcome: Outcome = Outcome.RESPONSE
    window: WindowName = WindowName.P14_31
    missing: Missing = Missing.NON_RESPONDER
    baseline_at_least: int | None = None
    treatment_resistant: TreatmentResistant = TreatmentResistant.YES
    first_course: bool = True
    indications: tuple[Indication, ...] = (Indication.DEPRESSION, Indication.BIPOLAR_DEPRESSION)
    route: Route = Route.ANY
    started_from: date | None = None
    started_to: date | None = None
    clinician: str | None = None
    site: str | None = None

    def __post_init__(self) -> None:
        self._become("outcome", member(Outcome, "outcome", self.outcome))
        self._become("window", member(WindowName, "window", self.window))
        self._become("missing", member(Missing, "missing", self.missing))
        resistant = member(TreatmentResistant, "treatment_resistant", self.treatment_resistant)
        self._become("treatment_resistant", resistant)
        self._become("route", member(Route, "route", self.route))
        self._become("indications", indications(self.indications))
        gate = self.baseline_at_least
        whole = isinstance(gate, int) and not isinstance(gate, bool)
        if gate is not None and not (whole and 0 <= gate <= HIGHEST_TOTAL):
            allowed = f"a whole number from 0 to {HIGHEST_TOTAL}, which no scale exceeds, or none"
            raise QuestionError("baseline_at_least", gate, allowed)
        if self.started_from and self.started_to and self.started_from > self.started_to:
            allowed = f"on or after the day the period begins, {self.started_from}"
            raise QuestionError("started_to", self.started_to, allowed)

    @classmethod
    def of(cls, scale: "Scale", **choices: Any) -> Self:
        """The question on one scale, with the scale's own baseline gate unless another is chosen."""
        return cls(**{"scale": scale.id, "baseline_at_least": scale.baseline_at_least, **choices})

    @classmethod
    def from_question(cls, document: Mapping[str, Any]) -> Self:
        """The question a document asks: the inverse of `question()`, for ever; `QuestionError` otherwise."""
        return cls(**choices_of(document))

    @classmethod
    def from_told(cls, document: Mapping[str, Any], scale: "Scale") -> Self:
        """The inverse of `told()`; the same error."""
        return cls.from_question({**document, **gate_in_steps(document, scale.decimals)})

    @property
    def any_indication(self) -> bool:
        """Whether the indication does not matter."""
        return Indication.ANY in self.indications

    def sentence(self, scale: "Scale") -> str:
        """The question in one sentence: the caption of every rate, the alt text of every chart."""
        return sentence_of(self, scale)

    def question(self) -> dict[str, object]:
        """The question as it is kept and hashed, in the interface's names and order; scores are totals."""
        return {
            "scale": self.scale,
            "outcome": str(self.outcome),
            "window": str(self.window),
            "missing": str(self.missing),
            "baseline_at_least": self.baseline_at_least,
            "treatment_resistant": str(self.treatment_resistant),
            "first_course": self.first_course,
            "indication": [str(indication) for indication in self.indications],
            "route": str(self.route),
            "started_from": self.started_from.isoformat() if self.started_from else None,
            "started_to": self.started_to.isoformat() if self.started_to else None,
            "clinician": self.clinician,
            "site": self.site,
        }

    def told(self, scale: "Scale | None") -> dict[str, object]:
        """The question as documents tell it: with scores as people read them, where the scale is known."""
        gate = self.baseline_at_least
        told = {} if gate is None or scale is None else {"baseline_at_least": scale.score(gate)}
        return self.question() | told

    def _become(self, field: str, value: object) -> None:
        object.__setattr__(self, field, value)
