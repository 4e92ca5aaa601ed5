"""The command that hands one patient's whole record over as one file to read."""

from pathlib import Path
from typing import Annotated, Final

import typer

from dashboard.cli.answering import UsageError
from dashboard.cli.numbers import patient_of
from dashboard.cli.opening import clinic_zone, known_scales, now, record_to_read, told
from dashboard.cli.options import Database, examples
from dashboard.cli.row_words import counted
from models.exchange.one_patient.whole_record import as_json, document_of
from models.exchange.one_patient.whole_record_page import as_html
from models.store.audit.events import Event
from models.store.engine.database import reading
from models.store.engine.files import whole
from models.store.engine.lookup import clinic_name
from models.store.record.history import patient_history, survivor_of

EXAMPLES: Final = examples("seventy patient 1043 --to 1043.html", "seventy patient 1043 --to 1043.json")
WRITTEN: Final = {".html": as_html, ".json": as_json}


def patient(
    context: typer.Context,
    number: Annotated[str, typer.Argument(help="The patient's number.", metavar="NUMBER")],
    *,
    to: Annotated[
        Path, typer.Option(metavar="FILE", help="A new file, .html to read or .json for another program.")
    ],
    db: Database = None,
) -> None:
    """Write everything recorded of one patient, corrections included, for the person it is about."""
    writer = WRITTEN.get(to.suffix.lower())
    if writer is None:
        raise UsageError(f"--to ends in {' or '.join(WRITTEN)}; got {str(to)!r}")
    if to.exists():
        raise UsageError(f"--to {str(to)!r} is there already; name a new file")
    engine = record_to_read(context, db)
    patient_id = survivor_of(engine, patient_of(engine, "NUMBER", number))
    with reading(engine) as connection:
        named = clinic_name(connection)
    history = patient_history(engine, patient_id)
    scales, zone = known_scales(engine), clinic_zone(engine)
    document = document_of(history, scales, clinic=named, zone=zone, made_at=now())
    with whole(to.absolute()) as unfinished:
        unfinished.write_text(writer(document), encoding="utf-8")
        told(engine, Event("export", f"patient {patient_id}", patient_id), "seventy patient")
    rows = counted(len(document["rows"]), "row", "rows")
    typer.echo(f"{to} holds {rows} of patient {' and '.join(document['numbers'])}.")
