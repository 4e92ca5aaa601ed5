"""What commands say of people who were erased: never who, always when and how many."""

from collections.abc import Sequence
from datetime import tzinfo
from itertools import groupby
from pathlib import Path
from typing import Any

from dashboard.cli.answering import say
from dashboard.cli.row_words import counted
from models.store.backups.holding import Held
from models.store.engine.clocks import day, minute
from models.store.erasure.erasing import Done
from models.store.trail.erasures import Erasure


def erased_words(one: Erasure, zone: tzinfo) -> str:
    """One erasure, in a sentence, in the clinic's time."""
    what = f"{counted(one.rows, 'row', 'rows')} of one person"
    if one.keeps_scores:
        what = f"who it was in {what}, whose scores are kept as {one.known_as}"
    told = "and what the audit trail told of them"
    return f"Erased on {minute(one.at, zone)} by {one.by}: {what}, {told} ({one.reason})."


def erased_document(one: Erasure) -> dict[str, Any]:
    """The same for programs, without what a number could be recognised by."""
    said = one._asdict()
    del said["numbers"]
    return {**said, "at": one.at.isoformat()}


def erased_since(gone: Sequence[Erasure], zone: tzinfo) -> str:
    """Why a statement made before can no longer be counted."""
    first, last = (day(moment, zone) for moment in (gone[0].at, gone[-1].at))
    when = f"on {first}" if first == last else f"from {first} to {last}"
    people = "1 person was" if len(gone) == 1 else f"{len(gone)} people were"
    return (
        f"{people} erased from this record since it was made, {when}: what it counted may no longer be there."
    )


def tell_of_backups(held: Sequence[Held], people: int, copies: Path | None, zone: tzinfo) -> None:
    """Which copies still hold who was erased, and until when; those that will go, folder by folder."""
    who = "the person" if people == 1 else "somebody of them"
    if copies and not copies.is_dir():
        say(f"{copies} is not there: which copies in it still hold {who} is not known.")
    regular = [one for one in held if one.sure and one.until]
    for folder, found in groupby(regular, lambda one: one.backup.path.parent):
        here = list(found)
        newest = max(one.backup.made_at for one in here)
        last = max(one.until for one in here if one.until)
        hold = counted(len(here), "still holds", "still hold")
        every = "day" if copies and folder == copies.absolute() else "hour"
        say(
            f"Of the backups in {folder}, {hold} {who}, the newest of "
            f"{minute(newest, zone)}. If one is made every {every}, the last of them is gone by "
            f"{day(last, zone)}."
        )
    for one in held:
        if one not in regular:
            holds = "still holds" if one.sure else "cannot be read here, and may still hold"
            until = f"{day(one.until, zone)} at the latest" if one.until else "somebody deletes it"
            say(f"{one.backup.path} {holds} {who}, until {until}.")


def tell_of_erased(again: Sequence[Done], known: int, left: str | None) -> None:
    """Who was erased again after a restore, and what of them could not be wiped."""
    if again:
        say(
            f"{len(again)} of {known} people erased here were in it, and are erased again; the backup itself "
            "still holds them."
        )
    elif known:
        say("Nobody who was erased here was in it.")
    if left:
        say(left)
