"""An invented record as frames, before it is written anywhere."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class InventedClinic:
    """A patient, course, infusion, assessment, answer, slip a row.

    `patient` is a row number of `patients`, `assessment` one of `assessments`. Assessments and answers are as
    they stand today; a few were first typed otherwise (`slips`) and then corrected.
    """

    patients: pl.DataFrame
    courses: pl.DataFrame
    infusions: pl.DataFrame
    assessments: pl.DataFrame
    item_scores: pl.DataFrame
    slips: pl.DataFrame

    @property
    def rows(self) -> int:
        """How many rows there are to write, answers and slips aside."""
        return len(self.patients) + len(self.courses) + len(self.infusions) + len(self.assessments)
