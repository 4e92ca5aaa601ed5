"""The four tables a file may hold, their columns, and how a header is matched to them."""

import re
from dataclasses import dataclass

SEPARATORS = re.compile(r"[\s_-]+")
ITEM = re.compile(r"^item0*([1-9][0-9]{0,2})$")


@dataclass(frozen=True)
class Layout:
    """One table: the columns every row of it needs, and those it may have beside them."""

    table: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    moment: str | None = None
    has_items: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column by its canonical name, the items of a scale aside."""
        return (*self.required, *self.optional)

    def field(self, name: str) -> str | None:
        """The canonical column a name stands for, whatever its case, spaces, hyphens and underscores."""
        matched = plain(name)
        item = ITEM.fullmatch(matched) if self.has_items else None
        if item:
            return f"item_{item[1]}"
        return next((column for column in self.columns if plain(column) == matched), None)


PATIENTS = Layout(
    "patients",
    ("mrn",),
    ("given_name", "family_name", "birth_date", "sex", "part2", "part2_consent_until"),
)
COURSES = Layout(
    "courses",
    ("mrn", "started_on"),
    (
        *("indication", "planned_infusions", "failed_trials_episode", "failed_trials_lifetime"),
        *("ended_on", "end_reason", "clinician", "site"),
    ),
)
INFUSIONS = Layout(
    "infusions",
    ("mrn", "given_at"),
    ("route", "dose_mg", "weight_kg", "minutes", "clinician", "confirmed"),
    moment="given_at",
)
ASSESSMENTS = Layout(
    "assessments",
    ("mrn", "scale", "assessed_at"),
    ("total", "timing", "recall_days", "mode", "suicide_item"),
    moment="assessed_at",
    has_items=True,
)
LAYOUTS = {layout.table: layout for layout in (PATIENTS, COURSES, INFUSIONS, ASSESSMENTS)}
"""In the order they are stored: a row may rest on rows of the tables before it."""


def plain(name: str) -> str:
    """A header as it is compared: without regard to case, spaces, hyphens and underscores."""
    return SEPARATORS.sub("", name).casefold()
