"""The command that reads a clinic's files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import Engine

from dashboard.cli.acting import reads_patients, told_by
from dashboard.cli.answering import DATA_SAY_NO, UsageError, say
from dashboard.cli.erased_words import erased_words
from dashboard.cli.exchange.mapping_help import MAPPING
from dashboard.cli.opening import clinic_zone, crisis_text_of, known_scales, now, record_to_import, told
from dashboard.cli.options import AsJson, Database, KeptKey, examples, print_json
from dashboard.cli.progress import progress_of
from dashboard.cli.row_words import counted
from dashboard.cli.tables import table
from models.exchange.columns.conventions import zone_named
from models.exchange.columns.mapping import read_mapping
from models.exchange.imports.intake import Recorder, import_plan
from models.exchange.imports.plan import plan
from models.exchange.imports.reading import Place
from models.exchange.imports.receipt import Receipt
from models.exchange.imports.rejects import RejectsError
from models.exchange.imports.told_rows import CONFLICTS_READ, EARLY_OPENS, are_early, patients_shown
from models.store.audit.events import Event
from models.store.engine.database import is_sqlite
from models.store.engine.sqlite import file_of
from models.store.trail.erasures import come_back
from models.store.trail.listed import compact
from models.tables.facts import Setting

LISTED: Final = 20
BESIDE_RECORD: Final = ("", "-wal", "-shm", "-journal")
EXAMPLES: Final = (
    examples(
        "seventy import exports/",
        "seventy import scores.csv infusions.xlsx --dry-run",
        "seventy import registry.csv --mapping registry.toml --rejects rejects.csv",
    )
    + MAPPING
)


def import_files(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH", exists=True, help="Files, or folders of files.")
    ],
    *,
    mapping: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, metavar="FILE", help="How foreign and wide files are to be read."
        ),
    ] = None,
    time_zone: Annotated[
        str | None,
        typer.Option(
            metavar="ZONE",
            help="The zone of times without an offset. Default: the mapping file's, else the clinic's.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; store nothing.")] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False, metavar="FILE", help="Where to write the rows that cannot be stored, as CSV."
        ),
    ] = None,
    as_json: AsJson = False,
    kept: KeptKey = False,
    db: Database = None,
) -> None:
    """Read patients, courses, infusions and assessments from CSV and Excel files.

    A table is known by its headers, whatever the file is called: patients (mrn, given_name, family_name,
    birth_date, sex, part2, part2_consent_until), courses (mrn, started_on, indication, planned_infusions,
    failed_trials_episode, failed_trials_lifetime, ended_on, end_reason, clinician, site), infusions (mrn,
    given_at, route, dose_mg, weight_kg, minutes, clinician, confirmed), assessments (mrn, scale, assessed_at,
    total or item_1 … or both, timing, recall_days, mode, suicide_item).

    Every good row is stored, in one transaction. A row that cannot be stored is rejected with its reason; one
    that contradicts what is recorded is reported, and what is recorded stands. A new infusion before every
    course of its patient is stored and named, for its day may be mistyped. The same file again adds nothing.

    part2 is yes of a patient under 42 CFR Part 2 (substance use treatment records), and part2_consent_until
    the last day on which the patient consents in writing to disclosure by extracts; one that was taken back
    comes back by hand alone.
    """
    if rejects is not None and not rejects.absolute().parent.is_dir():
        raise UsageError(f"--rejects: there is no folder {rejects.absolute().parent}")
    planned = plan(paths, read_mapping(mapping) if mapping else None)
    moment, named_zone = now(), _zone(time_zone)
    opened = record_to_import(context, db, dry_run=dry_run, kept=kept)
    with opened as engine, progress_of(planned) as progress:
        _refuse_record(rejects, engine)
        zone, scales = clinic_zone(engine), known_scales(engine)
        place = Place(Setting(moment.astimezone(zone).date(), zone, scales), zone, named_zone)
        recorder = Recorder(told_by("seventy import"), moment, reads_patients=reads_patients())
        receipt = import_plan(
            engine, planned, place, recorder, dry_run=dry_run, rejects=rejects, progress=progress
        )
        back = [] if dry_run else come_back(engine, moment)
        _note_shown(engine, receipt, as_json=as_json)
        crisis = crisis_text_of(engine) if receipt.unheard.count else ""
    _tell(receipt)
    _tell_unheard(receipt, crisis)
    _list("erased before", [f"{number}, {erased_words(one, zone)}" for number, one in back], len(back))
    if as_json:
        print_json(receipt.as_json())
    else:
        typer.echo(_summary(receipt))
    if not receipt.is_clean:
        raise typer.Exit(DATA_SAY_NO)


def _refuse_record(rejects: Path | None, engine: Engine) -> None:
    """No rejects under the record's own name, nor under those of the files SQLite keeps beside it."""
    if rejects is not None and is_sqlite(engine):
        record = file_of(engine.url).resolve()
        if rejects.resolve() in {record.with_name(record.name + end) for end in BESIDE_RECORD}:
            raise RejectsError(rejects, "is the record itself")


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return None if name is None else zone_named(name)
    except ValueError as unknown:
        raise UsageError(f"--time-zone: {unknown}") from None


def _summary(receipt: Receipt) -> str:
    """What became of the rows, table by table; rows completed are rare, and told where there are any."""
    counts = receipt.counts
    columns = ["read", "new", "completed", "already_there", "conflicting", "rejected"]
    if not any(count.completed for count in counts.values()):
        columns.remove("completed")
    rows = [(name, *(getattr(count, column) for column in columns)) for name, count in counts.items()]
    summed = table(("", *(column.replace("_", " ") for column in columns)), rows)
    return f"{summed}\nNothing was stored: this was a dry run." if receipt.dry_run else summed


def _note_shown(engine: Engine, receipt: Receipt, *, as_json: bool) -> None:
    """Whoever's record the conflicts, early infusions and refusals tell was read: one event of them all."""
    most = None if as_json else LISTED
    listed = (receipt.contradictions, receipt.early, receipt.rejections)
    in_files = receipt.refused_of if receipt.rejects else set()
    if shown := in_files | patients_shown(each for some in listed for each in some[:most]):
        note = Event("read", CONFLICTS_READ, detail={"patients": compact(shown)})
        told(engine, note, "seventy import")


def _tell(receipt: Receipt) -> None:
    """What was left alone, and what is wrong with which rows."""
    for reading in receipt.plan.readings:
        rows = receipt.rows[reading.sheet.name, reading.table]
        left_out = f"; left out: {', '.join(reading.left_out)}" if reading.left_out else ""
        how = f"{counted(rows, 'row', 'rows') if rows else 'no rows'}, {reading.sheet.described}"
        say(f"{reading.sheet.name}: {reading.table} ({how}){left_out}")
    for skipped in receipt.plan.skipped:
        how = "cannot be read" if skipped.is_damaged else "skipped"
        say(f"{skipped.name}: {how}, {skipped}")
    _list("rejected", receipt.rejections, sum(count.rejected for count in receipt.counts.values()))
    _list("conflicting", receipt.contradictions, sum(count.conflicting for count in receipt.counts.values()))
    _list("early", receipt.early, receipt.early_rows)
    if receipt.early:
        say(f"{are_early(receipt.early_rows)}. {EARLY_OPENS}")
    for before in receipt.before:
        say(str(before))
    if receipt.alerts:
        say(_alarm(receipt))
    for path in receipt.rejects:
        say(f"The rejected rows stand in {path}; mend and import them.")


def _alarm(receipt: Receipt) -> str:
    number = "1 answer" if receipt.alerts == 1 else f"{receipt.alerts:,} answers"
    did = "would raise" if receipt.dry_run else "raised"
    return f"{number} about suicide {did} an alert. Nobody watches this in real time."


def _tell_unheard(receipt: Receipt, crisis: str) -> None:
    """The answers about suicide in rows that are not stored, and the clinic's crisis text."""
    unheard = receipt.unheard
    if not unheard.count:
        return
    say(str(unheard))
    for place in unheard.places[:LISTED]:
        say(f"about suicide, not stored: {place}")
    if len(unheard.places) > LISTED:
        say(f"… and more; --json lists {len(unheard.places)}.")
    say(f"What to tell the patient: {crisis}")


def _list(what: str, lines: Sequence[object], rows: int) -> None:
    for line in lines[:LISTED]:
        say(f"{what}: {line}")
    if len(lines) > LISTED:
        say(f"… {rows} rows are {what} in all; --json lists {len(lines)}, --rejects FILE keeps all rejected.")
