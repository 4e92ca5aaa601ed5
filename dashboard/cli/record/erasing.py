"""Commands about how long a person's record stays, and about taking it out."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import tzinfo
from typing import Annotated, Final

import typer
from sqlalchemy import Engine

from dashboard.cli.acting import told_by
from dashboard.cli.answering import DATA_SAY_NO, UsageError, say
from dashboard.cli.erased_words import tell_of_backups
from dashboard.cli.opening import clinic_zone, now, record_to_read, released, write_anchor
from dashboard.cli.options import AsJson, Copies, Database, examples, print_json
from dashboard.cli.row_words import counted, rows_said
from dashboard.cli.tables import table
from models.store.backups.holding import held_in
from models.store.engine.clocks import minute
from models.store.erasure import due
from models.store.erasure.erasing import Done, see_reason
from models.store.erasure.erasing import erase as take_out
from models.store.erasure.wiping import wipe
from models.store.trail.erasures import Erasure, erased_as, known_by
from models.tables.facts import FactsError

RETENTION_EXAMPLES: Final = examples("seventy retention", "seventy retention --json")
ERASE_EXAMPLES: Final = examples(
    "seventy erase 1043 --reason 'asked for it on 3 May, letter 17'",
    "seventy erase 1043 --reason 'asked for it on 3 May, letter 17' --keep-scores",
    "seventy erase --due --reason 'kept for ten years, policy of 2024'",
)
ELSEWHERE: Final = (
    "Backups elsewhere, extracts and files handed over are not known here. Restoring an older backup over "
    "this record erases the person again; an old file imported again would bring them back."
)
HEADER: Final = ("number", "last contact", "was", "due since")


def retention(context: typer.Context, *, as_json: AsJson = False, db: Database = None) -> None:
    """List whose records have been kept as long as the clinic's settings say, by number and without names.

    The years are counted from the last contact: the last infusion, score, or beginning or end of a course.
    Nothing is due until Settings says for how many years, and nothing is ever erased by itself. How long a
    record must be kept, and from when on it may not be, is for the law of the clinic's place to say; of
    children, and of people in a study, it often says otherwise, which is not reckoned with here.

    The audit trail is kept whole: six years are the least (45 CFR 164.316(b)(2)), and no event of it is ever
    pruned.
    """
    engine = record_to_read(context, db)
    today = now().astimezone(clinic_zone(engine)).date()
    found = due.retention(engine, today)
    rows = [(one.contact.number, one.contact.day, one.contact.was, one.since) for one in found.due]
    if as_json:
        names = ("number", "last_contact", "was", "due_since")
        listed = [dict(zip(names, map(str, row), strict=True)) for row in rows]
        document = {"keep_years": found.years, "as_of": str(today), "people": found.people, "due": listed}
        print_json(document)
        return
    if found.years is None:
        typer.echo("Nothing is due: Settings does not say for how many years a record is kept.")
        say(due.LAW)
        return
    kept = f"for {counted(found.years, 'year', 'years')} after the last contact"
    typer.echo(f"Records are kept {kept}; {len(found.due)} of {found.people} people are due.")
    if rows:
        typer.echo(table(HEADER, [tuple(map(str, row)) for row in rows]))


def erase(
    context: typer.Context,
    number: Annotated[
        str | None, typer.Argument(metavar="NUMBER", help="The person's number.", show_default=False)
    ] = None,
    *,
    reason: Annotated[
        str,
        typer.Option(help="Why, in ten characters or more. It stays for ever: not the name or the number."),
    ],
    confirm: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER", help="The number once more, instead of typing it back.", show_default=False
        ),
    ] = None,
    is_due: Annotated[
        bool,
        typer.Option(
            "--due", help="Only if `seventy retention` lists them; without NUMBER, everybody it lists."
        ),
    ] = False,
    keep_scores: Annotated[
        bool,
        typer.Option(
            "--keep-scores",
            help="Keep dates of treatment and totals under a random code, so that rates stay as they are. "
            "Pseudonymous, not anonymous: it may not be what the person can ask for.",
        ),
    ] = False,
    copies: Copies = None,
    as_json: AsJson = False,
    db: Database = None,
) -> None:
    """Erase a person from the record and from what the audit trail tells of them. It cannot be undone.

    Names, number, birth date, courses, infusions, scores, answers and alerts go in one transaction; that
    somebody was erased, when, by whom, why and how many rows stays, and `seventy verify` says so. Rates that
    counted the person change, and a statement made before can no longer be counted again; with --keep-scores
    neither does. Backups are never rewritten: it is said which still hold the person and until when, of those
    beside the record and in the second folder.
    """
    with released(record_to_read(context, db)) as engine:
        zone = clinic_zone(engine)
        wanted = _wanted(engine, number, due_alone=is_due)
        with _reason_in_words():
            see_reason(engine, wanted, reason)  # before anything is asked
        done: list[Done] = []
        if wanted:
            asked = number if number is not None else str(len(wanted))
            _see_confirmed(asked, confirm, everybody=number is None)
            done = _erase(engine, wanted, reason, keep_scores=keep_scores)
        left = wipe(engine)
        held = held_in(engine, [one.erasure for one in done], at=now(), copies=copies) if done else []
    if as_json:
        print_json(
            {"erased": [_described(one) for one in done], "backups": [one.described(zone) for one in held]}
        )
    else:
        for one in done:
            typer.echo(_said(one))
    if done:
        tell_of_backups(held, len(done), copies, zone)
        say(ELSEWHERE)
    if left:
        say(left)
        raise typer.Exit(DATA_SAY_NO)


def _erase(engine: Engine, wanted: list[int], reason: str, *, keep_scores: bool) -> list[Done]:
    """Erase them one by one; each stands once it is done, whatever becomes of the next."""
    done: list[Done] = []
    by = told_by("seventy erase")
    try:
        with _reason_in_words():
            for patient in wanted:
                one = take_out(engine, patient, by=by, at=now(), reason=reason, keep_scores=keep_scores)
                done.append(one)
    finally:
        if done:
            write_anchor(engine)
    return done


@contextmanager
def _reason_in_words() -> Iterator[None]:
    try:
        yield
    except FactsError as refused:
        raise UsageError(f"--reason: {refused}") from None


def _wanted(engine: Engine, number: str | None, *, due_alone: bool) -> list[int]:
    """Whom to erase, by id; nobody when they are erased already, or when nobody is due."""
    if number is None and not due_alone:
        raise UsageError("erase needs a NUMBER, or --due for everybody whose time is over")
    found = due.retention(engine, now().astimezone(clinic_zone(engine)).date()).due if due_alone else []
    if number is None:
        if not found:
            say("Nobody is due; nothing was done.")
        return [one.contact.patient_id for one in found]
    known = known_by(engine, number)
    if known is None:
        before = erased_as(engine, number)
        if before is None:
            raise UsageError(f"NUMBER {number!r} is nobody's in this record")
        say(f"{number} was erased already, {_when(before, clinic_zone(engine))}; nothing was done.")
        return []
    people = {known.patient_id, *known.linked}
    if due_alone and people.isdisjoint(one.contact.patient_id for one in found):
        raise UsageError(f"NUMBER {number!r} is not due; `seventy retention` lists who is")
    if known.linked:
        say(f"{number} is read with {', '.join(known.linked.values())} as one person's: all of it is erased.")
    return [known.patient_id]


def _see_confirmed(wanted: str, given: str | None, *, everybody: bool) -> None:
    """Go on only once the number was typed back, or of many how many they are."""
    if given is None:
        due_now = f"{wanted} {'person is' if wanted == '1' else 'people are'} due"
        asked = f"{due_now}: type how many" if everybody else "Type the number to erase"
        given = typer.prompt(f"This cannot be undone. {asked}", err=True)
    if given != wanted:
        what = "how many people are due" if everybody else "NUMBER"
        raise UsageError(f"--confirm {given!r} is not {what}, {wanted!r}; nothing was done")


def _described(done: Done) -> dict[str, object]:
    one = done.erasure
    return {
        "erasure": one.id,
        "erased_at": one.at.isoformat(),
        "erased_by": one.by,
        "reason": one.reason,
        "known_as": one.known_as,
        "rows": done.counts,
    }


def _said(done: Done) -> str:
    rows = rows_said(done.counts)
    if done.erasure.known_as is None:
        return f"Erased: {rows}. It is erasure {done.erasure.id}."
    return f"Stripped of who it was: {rows}. What is counted is kept as {done.erasure.known_as}."


def _when(one: Erasure, zone: tzinfo) -> str:
    return f"on {minute(one.at, zone)} by {one.by}"
