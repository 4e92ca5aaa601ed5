"""The command that writes the record as it may leave the clinic."""

from pathlib import Path
from shutil import rmtree
from typing import Annotated, Final

import typer

from dashboard.cli.answering import UsageError, say
from dashboard.cli.opening import record_to_read, told
from dashboard.cli.options import AsJson, Database, examples, print_json
from dashboard.cli.row_words import ROWS, counted
from models.exchange.deidentified.request import AgreementError, Request
from models.exchange.deidentified.rules import Product
from models.store.audit.events import Event
from models.store.engine.errors import StoreError

EXAMPLES: Final = examples(
    "seventy extract --product safe-harbor --to extracts/registry",
    "seventy extract --product limited --dua DUA-2026-014 --to extracts/university",
    "seventy extract --product shifted --suicide-items --to extracts/for-the-expert",
)


def extract(
    context: typer.Context,
    *,
    product: Annotated[Product, typer.Option(help="What it is to be; see above.")],
    to: Annotated[
        Path, typer.Option(metavar="FOLDER", help="The folder to write; it must not be there yet.")
    ],
    dua: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER",
            help="The number of the data use agreement; needed for a limited data set, and for that alone.",
            show_default=False,
        ),
    ] = None,
    suicide_items: Annotated[
        bool,
        typer.Option(
            "--suicide-items",
            help="With the answers about suicide, and the scales that ask of nothing else; for whoever may "
            "read patients' records.",
        ),
    ] = False,
    as_json: AsJson = False,
    db: Database = None,
) -> None:
    """Write the record without names, numbers or free text: patients, courses, infusions, assessments as CSV.

    safe-harbor: the year of the first dose, and days since it; ages over 89 as 90+. limited: real dates, for
    the holder of a data use agreement. shifted: every patient's dates moved by one secret offset; requires
    expert determination before it counts as de-identified. Both are for whoever may read patients' records.

    A patient under 42 CFR Part 2 is in it only while the consent recorded for extracts holds.

    Codes and offsets are new in every extract, and no way back to the patients is kept. Beside the files are
    what was removed, what to beware of, a hash of the data, and a summary in which small counts are withheld.
    """
    from dashboard.cli.exchange import deidentifying  # noqa: PLC0415 - statistics load slower than --help should

    try:
        request = Request(product, dua, suicide_items)
    except AgreementError as refused:
        raise UsageError(f"--dua: {refused}") from None
    engine = record_to_read(context, db)
    document = deidentifying.write(to, request, engine)
    taken = {"product": str(product), "data_hash": document["data_hash"]}
    try:
        told(engine, Event("export", "extract", detail=taken), "seventy extract")
    except StoreError:  # nobody takes what the trail does not tell of
        rmtree(to)
        raise
    for warning in document["warnings"]:
        say(warning)
    if as_json:
        print_json(document)
        return
    numbers = document["rows"].items()
    rows = ", ".join(counted(count, *ROWS[name.removesuffix("s")]) for name, count in numbers)
    typer.echo(f"{to} holds {rows}: {document['label']}. Data hash {document['data_hash']}")
