"""What an import says when it is done: how many rows of each table came to what, and what of rows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from models.exchange.columns.layout import LAYOUTS
from models.exchange.imports.plan import Plan, Skipped
from models.exchange.imports.told_rows import (
    MOST_LISTED,
    Contradiction,
    EarlyInfusion,
    Rejection,
    Unheard,
    patients_shown,
)


@dataclass
class Count:
    """What became of the rows of one table. A patient made of a number elsewhere is new, and not read."""

    read: int = 0
    new: int = 0
    completed: int = 0
    already_there: int = 0
    conflicting: int = 0
    rejected: int = 0


def counts_told(tables: Mapping[str, Mapping[str, int]]) -> dict[str, Count]:
    """What the event of an import tells, table by table; some error where it was tampered with."""
    told = {table: {name: int(count) for name, count in tables[table].items()} for table in LAYOUTS}
    return {table: Count(**counts) for table, counts in told.items()}


class Before(NamedTuple):
    """A file whose very bytes were imported before: when, in the clinic's time, by whom; new now."""

    file: str
    at: datetime
    by: str
    new: int

    def __str__(self) -> str:
        """What came of bringing it again."""
        return (
            f"{self.file}: this file was imported on {self.at:%Y-%m-%d} at {self.at:%H:%M} by {self.by}: "
            f"{self.new} new"
        )

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {**self._asdict(), "at": self.at.isoformat()}


class Result(NamedTuple):
    """What comes of an import, row by row as far as rows are listed: two that are equal store the same."""

    counts: Mapping[str, Count]
    rejections: Sequence[Rejection]
    contradictions: Sequence[Contradiction]
    early: Sequence[EarlyInfusion]
    early_rows: int
    alerts: int
    unheard: Unheard


@dataclass
class Receipt:
    """An import as it went.

    `rows` counts those read of each sheet, `new` those a file added. `rejects` are the files written,
    `before` the files that had been imported already, `alerts` the answers about suicide that raised one,
    `unheard` those in rows not stored; `early_rows` counts the infusions of which the first are `early`,
    `refused_of` are the patients whose record the reasons in the `rejects` tell.
    """

    plan: Plan
    dry_run: bool
    counts: dict[str, Count] = field(default_factory=lambda: {table: Count() for table in LAYOUTS})
    rows: Counter[tuple[str, str]] = field(default_factory=Counter)
    rejections: list[Rejection] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)
    early: list[EarlyInfusion] = field(default_factory=list)
    early_rows: int = 0
    refused_of: set[int] = field(default_factory=set)
    rejects: list[Path] = field(default_factory=list)
    new: Counter[Path] = field(default_factory=Counter)
    before: list[Before] = field(default_factory=list)
    alerts: int = 0
    unheard: Unheard = field(default_factory=Unheard)

    @property
    def result(self) -> Result:
        """What came of it."""
        return Result(
            self.counts,
            self.rejections,
            self.contradictions,
            self.early,
            self.early_rows,
            self.alerts,
            self.unheard,
        )

    def reject(self, rejection: Rejection) -> None:
        """List a rejection, of a great many only the first, and whose record each of them tells."""
        self.refused_of |= patients_shown([rejection])
        if len(self.rejections) < MOST_LISTED:
            self.rejections.append(rejection)

    def contradict(self, contradiction: Contradiction) -> None:
        """List a contradiction, of a great many only the first."""
        if len(self.contradictions) < MOST_LISTED:
            self.contradictions.append(contradiction)

    def question(self, early: EarlyInfusion) -> None:
        """Count an infusion before every course and list it, of a great many only the first."""
        self.early_rows += 1
        if len(self.early) < MOST_LISTED:
            self.early.append(early)

    @property
    def is_clean(self) -> bool:
        """Whether every row there was is now in the record, or would be."""
        damaged = any(skipped.is_damaged for skipped in self.plan.skipped)
        return not damaged and not any(count.rejected or count.conflicting for count in self.counts.values())

    def as_json(self) -> dict[str, Any]:
        """The document `seventy import --json` prints."""
        return {
            "dry_run": self.dry_run,
            "tables": {table: asdict(count) for table, count in self.counts.items()},
            "files": [
                {
                    "file": reading.sheet.name,
                    "table": reading.table,
                    "read_as": reading.sheet.described,
                    "rows": self.rows[reading.sheet.name, reading.table],
                    "left_out": list(reading.left_out),
                }
                for reading in self.plan.readings
            ],
            "skipped": [_named(skipped) for skipped in self.plan.skipped if not skipped.is_damaged],
            "damaged": [_named(skipped) for skipped in self.plan.skipped if skipped.is_damaged],
            "rejections": [rejection.as_json() for rejection in self.rejections],
            "conflicts": [contradiction.as_json() for contradiction in self.contradictions],
            "early_infusions": {
                "count": self.early_rows,
                "listed": [early.as_json() for early in self.early],
            },
            "rejects_files": [str(path) for path in self.rejects],
            "imported_before": [before.as_json() for before in self.before],
            "alerts": self.alerts,
            "unheard_suicide_answers": self.unheard.as_json(),
        }


def _named(skipped: Skipped) -> dict[str, str]:
    return {"name": skipped.name, "why": skipped.why}
