"""`seventy doctor`: what is wrong, and what to do about it."""

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final

import typer
from sqlalchemy import Engine

from dashboard.cli.answering import DATA_SAY_NO
from dashboard.cli.doctor.health_of_notices import notices
from dashboard.cli.doctor.health_of_question import locked_question
from dashboard.cli.doctor.health_of_serving import network, settings
from dashboard.cli.keyring import wanted_plain
from dashboard.cli.opening import engine_of, now, released
from dashboard.cli.options import AsJson, Copies, Database, examples, print_json
from models.store.backups.backup import folder_of
from models.store.engine.database import is_sqlite, record_file
from models.store.engine.found import Examined
from models.store.engine.sqlite import file_of, holds_bytes
from models.store.health.examining import examine
from models.store.moves.encrypting import protection
from models.store.trail.anchors import anchor_folder

EXAMPLES: Final = examples("seventy doctor", "seventy doctor --json --backups /mnt/copies")
STREAMLIT: Final = "1.67."
"""The versions whose ways with logins, sessions and settings were measured."""


def doctor(
    context: typer.Context,
    *,
    backups: Annotated[
        Path | None,
        typer.Option(
            help="The folder of backups; without it `backups` beside the record.", show_default=False
        ),
    ] = None,
    copies: Copies = None,
    as_json: AsJson = False,
    db: Database = None,
) -> None:
    """Say what is wrong with the record and where it is kept, and what to do; nothing is changed."""
    with released(engine_of(context, db)) as engine:
        at = now()
        kept = backups or folder_of(engine)
        found = examine(engine, backups=kept, copies=copies, at=at)
        encryption = _encryption(engine, kept, *([copies] if copies else []))
        asked = filter(None, [locked_question(engine), network(engine)])
        findings = [
            *found,
            *encryption,
            *_anchors(engine),
            *asked,
            notices(engine, at),
            settings(),
            _streamlit(),
        ]
    fine = all(finding.fine for finding in findings)
    if as_json:
        print_json({"fine": fine, "findings": [_told(finding) for finding in findings]})
    else:
        width = max(len(finding.about) for finding in findings)
        for finding in findings:
            typer.echo(f"{'fine ' if finding.fine else 'WRONG'}  {finding.about:<{width}}  {finding.says}")
            if not finding.fine:
                typer.echo(f"{'':<{width + 9}}{finding.do}")
    if not fine:
        raise typer.Exit(DATA_SAY_NO)


def _encryption(engine: Engine, *folders: Path) -> Iterator[Examined]:
    """How a record that is there is protected where it lies; one may be plain if that was said."""
    if not is_sqlite(engine) or holds_bytes(file_of(engine.url)):
        found = protection(engine, *folders)
        yield found._replace(fine=found.fine or wanted_plain())


def _anchors(engine: Engine) -> Iterator[Examined]:
    """A note where what shows a trail cut off can be cut off with it."""
    folder = anchor_folder().resolve()
    if is_sqlite(engine) and folder.is_relative_to(record_file(engine).parent.resolve()):
        says = (
            f"{folder} is in the record's own folder: whoever can write there can cut off the trail's end "
            "and what shows it. SEVENTY_ANCHORS can name a folder on another disk or host."
        )
        yield Examined("anchors of the trail", True, says)


def _streamlit() -> Examined:
    found = version("streamlit")
    return Examined(
        "Streamlit",
        found.startswith(STREAMLIT),
        f"Version {found}; how it guards pages was measured on {STREAMLIT}x.",
        f"Run `pip install 'streamlit=={STREAMLIT}*'`.",
    )


def _told(finding: Examined) -> dict[str, object]:
    return {**finding._asdict(), "do": None if finding.fine else finding.do}
