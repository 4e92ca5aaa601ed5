"""Why something was not stored, or cannot be read, in words that go to the screen as they stand.

StoreError
  BusyError          another save took too long
  UnsureError        the database failed at the very end: it may be stored
  RefusedError       a rule of the database does not allow it
  ConflictError      something else is recorded for the same key
  SupersededError    someone corrected or withdrew it first
  NotFoundError      it does not exist, or no longer does
  InUseError         it cannot be withdrawn while other things refer to it
  CannotOpenError    the database cannot be opened
    EncryptedError     it is encrypted, and not with the key it was tried with
    WrongVersionError  it was made by another version
    UnfinishedError    a restore has filled it and did not end
  NoRoomError        the disk would be full
  BackupError        a copy could not be made, or is not what it should be
"""

from collections.abc import Mapping
from datetime import datetime

from models.scales.safety import AlertLevel
from models.tables.facts.problems import shown


class StoreError(Exception):
    """Something could not be stored or read. Nothing of it was saved, unless it is an `UnsureError`.

    `alert` is set when the answers not stored raise one: whoever shows the error shows the crisis text first.
    """

    alert: AlertLevel | None = None


class BusyError(StoreError):
    """Another save holds the database longer than anyone should wait."""

    def __init__(self) -> None:
        super().__init__("The record is busy, nothing was saved, try again.")


class UnsureError(StoreError):
    """The server was lost, or the disk failed, while the database was storing: all is stored, or nothing."""

    def __init__(self) -> None:
        super().__init__(
            "The database failed at the end of the save: it may be saved or not. "
            "Save again; what is already recorded is not recorded twice. "
            "If it stays so, `seventy doctor` says what is wrong."
        )


class RefusedError(StoreError):
    """A rule of the database refuses the row, whatever the code thought. Names the rule, never the row."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        super().__init__(f"Nothing was saved: the database does not allow it ({rule}).")


class ConflictError(StoreError):
    """Another value is recorded for the same key. `stored` and `given` hold the fields that differ.

    `subject` is what was given, as a sentence begins with it; `id` and `entity_id` are those of the row that
    stands.
    """

    def __init__(
        self,
        subject: str,
        stored: Mapping[str, object],
        given: Mapping[str, object],
        row_id: int,
        entity_id: int,
    ) -> None:
        self.subject = subject
        self.stored = dict(stored)
        self.given = dict(given)
        self.id = row_id
        self.entity_id = entity_id
        differences = ", ".join(
            f"{name.replace('_', ' ')} {_said(stored[name])} (got {_said(given[name])})" for name in given
        )
        super().__init__(f"{subject} is already recorded with {differences}.")


class SupersededError(StoreError):
    """Someone corrected or withdrew the row first, at a moment in the clinic's zone."""

    def __init__(self, by: str, at: datetime, why: str, *, withdrawn: bool = False) -> None:
        self.by, self.at, self.why = by, at, why
        done = "withdrew" if withdrawn else "corrected"
        super().__init__(
            f"Someone saved before you: {by} {done} this at {at:%Y-%m-%d %H:%M} {at.tzinfo} ({why}). "
            "Nothing was saved; look at it as it now stands."
        )


class NotFoundError(StoreError):
    """Nothing current has that id."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"This {kind} is not in the record, or was withdrawn.")


class InUseError(StoreError):
    """Other current rows refer to it."""


class CannotOpenError(StoreError):
    """The database cannot be opened."""


class EncryptedError(CannotOpenError):
    """The database needs another key than it was given; or none. It was left as it is."""


class WrongVersionError(CannotOpenError):
    """The database was made by another version of the product, or by something else."""


class UnfinishedError(CannotOpenError):
    """A restore has filled the record and did not end. `says` it, and what to `do`."""

    says = (
        "A restore of this record was broken off: whoever was erased or disabled since the backup was made "
        "may be back in it, and nothing opens it."
    )
    do = (
        "Run `seventy restore FILE` again, as the operator (without --as): it first puts back what stood "
        "there before."
    )

    def __init__(self) -> None:
        super().__init__(f"{self.says} {self.do}")


class NoRoomError(StoreError):
    """The disk has hardly any room: what takes much of it is not begun."""


class BackupError(StoreError):
    """A backup could not be made, or does not hold what it should."""


class AnotherClinicError(BackupError):
    """A record would be replaced by that of another clinic."""


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value is None else shown(value).strip("'")
