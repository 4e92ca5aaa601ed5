"""Commands for whoever has to answer for the record: is it whole, and who did what."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer

from dashboard import trail
from dashboard.cli.answering import DATA_SAY_NO, UsageError, say, shown
from dashboard.cli.erased_words import erased_document, erased_words
from dashboard.cli.numbers import patient_of
from dashboard.cli.opening import clinic_zone, now, record_to_read, released, told
from dashboard.cli.options import AsJson, Database, examples, print_json
from dashboard.cli.row_words import counted
from dashboard.cli.tables import table
from models.exchange.columns.moments import Calendar, MomentError
from models.exchange.leaving.part2 import NOTICE
from models.store.backups.proving import prove
from models.store.engine.database import reading
from models.store.engine.files import whole
from models.store.engine.lookup import has_part2
from models.store.trail.anchors import anchor_folder
from models.store.trail.entries import Wanted

VERIFY_EXAMPLES: Final = examples(
    "seventy verify", "seventy verify --backup /mnt/copies/clinic-2026-01-31.db", "seventy verify --json"
)
AUDIT_EXAMPLES: Final = examples(
    "seventy audit --since 2026-01-01 --patient 1043",
    "seventy audit --by 'Dr Roe' --csv roe.csv",
    "seventy audit --since 2026-01-31T08:00Z --until 2026-01-31T12:00Z --json",
)
Moment = Annotated[str | None, typer.Option(metavar="DATE|TIME", show_default=False)]


def verify(
    context: typer.Context,
    *,
    backups: Annotated[
        list[Path] | None,
        typer.Option(
            "--backup",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="A backup; the manifest beside it (FILE.json) knows how far the trail had come.",
        ),
    ] = None,
    as_json: AsJson = False,
    db: Database = None,
) -> None:
    """Check that nobody changed, removed or moved anything behind the program's back, and name what was.

    Every event of the audit trail is sealed again, every recorded row compared with what the trail says of
    it, and the end of the trail with what was written down beside the clinic's key. Who was erased by
    `seventy erase` is named apart: that their rows and what the trail told of them are gone is no finding.
    """
    with released(record_to_read(context, db)) as engine:
        zone = clinic_zone(engine)
        found = prove(engine, folder=anchor_folder(), at=now(), backups=backups or ())
    if as_json:
        said = [finding._asdict() for finding in found.findings]
        erased = [erased_document(one) for one in found.erasures]
        print_json({**found._asdict(), "findings": said, "erasures": erased, "is_well": found.is_well})
    elif found.is_well:
        typer.echo(f"All is as it was recorded: {found.events} events of the audit trail, and every row.")
    else:
        for finding in found.findings:
            typer.echo(shown(finding.words))
    if not as_json:
        for erasure in found.erasures:
            typer.echo(shown(erased_words(erasure, zone)))
    if not found.anchors:
        say(
            "Nothing outside the database told how far the trail had come: had a part been cut off its end, "
            f"it would not show. Is a file gone from {anchor_folder()}? `--backup FILE` asks a backup."
        )
    if not found.is_well:
        raise typer.Exit(DATA_SAY_NO)


HIGHEST_ID: Final = 2**63 - 1


def audit(
    context: typer.Context,
    *,
    since: Moment = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="DATE|TIME", help="A day is included, a time is not.", show_default=False),
    ] = None,
    patient: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Of one patient.", show_default=False)
    ] = None,
    patient_id: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=HIGHEST_ID,
            metavar="ID",
            help="The same by the number the trail itself knows a patient by, under Patient: also of one who "
            "was withdrawn or erased.",
            show_default=False,
        ),
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Of one person.")] = None,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", dir_okay=False, help="Write a CSV; it is an event."),
    ] = None,
    as_json: AsJson = False,
    db: Database = None,
) -> None:
    """Who did what, when, from where, and what was before and after. Each look at it is an event too."""
    if csv is not None and csv.exists():
        raise UsageError(f"--csv: {csv} is there already")
    if patient is not None and patient_id is not None:
        raise UsageError("--patient and --patient-id both name a patient; one of them is enough")
    engine = record_to_read(context, db)
    zone = clinic_zone(engine)
    whose = patient_id if patient is None else patient_of(engine, "--patient", patient)
    wanted = Wanted(
        _moment("--since", since, zone), _moment("--until", until, zone, whole_day=True), by, None, whose
    )
    found, event = trail.taken(engine, wanted)
    told(engine, event, "seventy audit")
    if csv is not None:
        with whole(csv.absolute()) as unfinished:
            unfinished.write_text(trail.as_csv(found), encoding="utf-8-sig", newline="")
        stand = counted(len(found), "event stands", "events stand")
        say(f"{stand} in {csv}")
    if csv is not None or as_json:
        with reading(engine) as connection:
            if has_part2(connection):
                say(NOTICE)
    if as_json:
        print_json(trail.as_documents(found))
    elif csv is None:
        typer.echo(shown(table(trail.LINE, [trail.line_of(entry, zone) for entry in found])))


def _moment(option: str, text: str | None, zone: ZoneInfo, *, whole_day: bool = False) -> datetime | None:
    if text is None:
        return None
    try:
        moment = Calendar(zone).moment(text)
    except MomentError as unclear:
        raise UsageError(f"{option} {text!r} {unclear}") from None
    if isinstance(moment, datetime):
        return moment
    try:
        return trail.days(moment, moment, zone)[whole_day]
    except OverflowError:
        raise UsageError(f"{option} {text!r} lies beyond any calendar") from None
