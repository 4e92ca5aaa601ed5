"""What is brought in as files: looked at first, and stored once somebody has confirmed what they saw."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from dashboard import data
from dashboard.identity import acting, allowed
from models.access.roles import Right
from models.exchange.browser.sending import Said, Sent, opened
from models.exchange.columns.mapping import MappingError
from models.exchange.imports.doubts import Doubt
from models.exchange.imports.intake import Agreed, ChangedError, Recorder, import_plan
from models.exchange.imports.plan import Skipped
from models.exchange.imports.reading import Place
from models.exchange.imports.receipt import Before, Result
from models.tables.facts import Setting

__all__ = ["ChangedError", "MappingError", "Read", "Seen", "look", "store"]

MOST_FILES: Final = 20


class Read(NamedTuple):
    """One table of one file: what it was taken for, how it was read, and the columns left out."""

    file: str
    table: str
    how: str
    rows: int
    left_out: tuple[str, ...]


class Seen(NamedTuple):
    """What would come of storing some files, or came of it; `refused` are the rows to take away, by file.

    `refused_of` are the patients of whose record these rows' reasons tell.
    """

    read: tuple[Read, ...]
    skipped: tuple[Skipped, ...]
    doubts: tuple[Doubt, ...]
    result: Result
    before: tuple[Before, ...]
    refused: tuple[tuple[str, bytes], ...]
    refused_of: frozenset[int]

    @property
    def stored(self) -> int:
        """The rows that are new, or completed."""
        return sum(count.new + count.completed for count in self.result.counts.values())


def look(sent: Sequence[Sent], mapping: Sent | None, said: Said) -> Seen:
    """What these files are and what storing them would do; nothing is stored.

    Raises `MappingError` for a mapping file that cannot be used, `StoreError` when the record cannot be read.
    """
    return _bring(sent, mapping, said, None)


def store(sent: Sequence[Sent], mapping: Sent | None, said: Said, *, seen: Seen, key: str) -> Seen:
    """Store what was seen, in one transaction; under the same key only once. What was stored.

    Raises `ChangedError` when something else would come of it by now, and what `look` raises.
    """
    done = _bring(sent, mapping, said, Agreed(key, seen.result)).result
    return seen._replace(result=seen.result._replace(counts=done.counts, alerts=done.alerts))


def _bring(sent: Sequence[Sent], mapping: Sent | None, said: Said, agreed: Agreed | None) -> Seen:
    recorder = Recorder(
        acting(Right.FILES), data.now(), reads_patients=allowed(Right.PATIENTS), agreed=agreed
    )
    clinic = data.clinic()
    place = Place(Setting(data.today(), clinic.zone, data.scales(), clinic.weight_unit), clinic.zone)
    with opened(sent, mapping, said) as files:
        receipt = import_plan(
            data.engine(), files.plan, place, recorder, dry_run=agreed is None, rejects=files.rejects
        )
        return Seen(
            tuple(
                Read(
                    reading.sheet.name,
                    reading.table,
                    reading.sheet.described,
                    receipt.rows[reading.sheet.name, reading.table],
                    reading.left_out,
                )
                for reading in files.plan.readings
            ),
            files.plan.skipped,
            files.doubts,
            receipt.result,
            tuple(receipt.before),
            tuple((path.name, path.read_bytes()) for path in receipt.rejects),
            frozenset(receipt.refused_of),
        )
