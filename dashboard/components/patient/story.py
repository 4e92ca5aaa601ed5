"""One course of one patient, put together from the record and from the rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from dashboard import data
from dashboard.charts.patient import course as drawn
from dashboard.components.patient.patient_figure import comes_after_start, drawn_course, scores_of
from dashboard.components.patient.standing import Standing, standing_of
from dashboard.components.question.estimand_picker import asked
from dashboard.components.record.version_list import first_totals
from dashboard.patients import Assessment, Course, PatientRecord
from models.outcomes.question.windows import WINDOWS, Window
from models.scales import Scale
from models.store.record.history import History


@dataclass(frozen=True)
class Story:
    """What the page says of one course: the derived row, scale and window asked about, where it stands."""

    record: PatientRecord
    course: Mapping[str, Any]
    scale: Scale
    window: Window
    scores: tuple[Assessment, ...]
    standing: Standing
    versions: History

    @classmethod
    def of(cls, record: PatientRecord, number: int | None, versions: History) -> Self | None:
        """The course of that number, or the latest; `None` before a first infusion."""
        scales = data.scales()
        question = asked(scales)
        scale, window = _scale_for(record, scales[question.scale]), WINDOWS[question.window]
        courses = data.outcomes_of(record.person.patient_id, scale.id)
        course = next(
            (one for one in courses if one["course_number"] == number), courses[-1] if courses else None
        )
        if course is None:
            return None
        scores = tuple(one for one in scores_of(record, course) if one.scale == scale.id)
        standing = standing_of(course, scale, window, _later(scores, course, window))
        return cls(record, course, scale, window, scores, standing, versions)

    @property
    def recorded(self) -> Course:
        """The course as it was written down, or as its infusions say."""
        return next(one for one in self.record.courses if one.course_id == self.course["course_id"])

    def drawn(self) -> drawn.Course:
        """The same for the figure."""
        totals = first_totals(self.versions)
        return drawn_course(self.record, self.course, self.scale, self.window, data.scales(), totals)


def _scale_for(record: PatientRecord, wanted: Scale) -> Scale:
    """The scale asked about, or the first one this patient was scored on."""
    if not record.assessments or record.of_scale(wanted.id):
        return wanted
    return next((scale for scale in data.scales().values() if record.of_scale(scale.id)), wanted)


def _later(scores: tuple[Assessment, ...], course: Mapping[str, Any], window: Window) -> list[int]:
    """Totals after the endpoint."""
    chosen = course[f"{window.name}_id"]
    place = next((n for n, one in enumerate(scores) if one.assessment_id == chosen), None)
    if place is None:
        return []
    return [one.total for one in scores[place + 1 :] if comes_after_start(one, course)]
