"""The audit trail as the auditor's page asks for it: some of its events, what they name, and a file."""

from collections.abc import Callable

from dashboard import data, trail
from dashboard.shelf import Taken
from models.store.trail import entries
from models.store.trail.entries import Entry, Wanted


def events(wanted: Wanted, *, newest: int) -> list[Entry]:
    """The newest events of those wanted, at most so many."""
    return entries.entries(data.engine(), wanted, newest=newest)


def count() -> int:
    """The number of the newest event: how many there are."""
    return sum(entry.number for entry in entries.entries(data.engine(), newest=1))


def known() -> tuple[list[str], list[str]]:
    """Everybody who did something, and all that was done: by name."""
    return entries.known(data.engine())


def file_of(wanted: Wanted) -> Callable[[], Taken]:
    """What makes a file of the events wanted, outside any page; taking it is an event."""
    engine = data.engine()

    def made() -> Taken:
        found, event = trail.taken(engine, wanted)
        return Taken(trail.as_csv(found).encode("utf-8-sig"), event)

    return made
