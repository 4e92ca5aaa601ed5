"""Commands about what the record can hold, and its version."""

from typing import Annotated, Final

import typer
from sqlalchemy import Engine

from dashboard.cli.answering import say
from dashboard.cli.opening import (
    engine_of,
    holds_record,
    known_scales,
    own_scales,
    record_to_read,
    record_to_write,
)
from dashboard.cli.options import AsJson, Database, examples, print_json
from dashboard.cli.tables import table
from models.scales import Scale
from models.store.engine.database import place_of
from models.store.engine.errors import CannotOpenError
from models.store.health.grants import grant

OWN_SCALES: Final = (
    "A clinic's own scale is a TOML file like those shipped, known as soon as it lies in the folder"
)
SCALES_EXAMPLES: Final = (
    examples("seventy scales", "seventy scales --json") + f"\n\n\b\n{OWN_SCALES}\n  {own_scales()}"
)
MIGRATE_EXAMPLES: Final = examples(
    "seventy migrate", "seventy migrate --db sqlite:///clinic.db", "seventy migrate --grants seventy_app"
)


def scales(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the scales known: their range, whether their items come with the product, and their rights."""
    known = known_scales(_record_if_any(context))
    if as_json:
        print_json([_described(scale) for scale in known.values()])
        return
    rows = [(scale.id, scale.name, _range(scale), _items(scale), scale.rights) for scale in known.values()]
    typer.echo(table(("scale", "name", "range", "items", "rights"), rows))
    say(f"{OWN_SCALES} {own_scales()}")


def migrate(
    context: typer.Context,
    *,
    grants: Annotated[
        str | None,
        typer.Option(
            metavar="ROLE",
            help="On PostgreSQL also let this role read and add, and change or delete nothing recorded.",
            show_default=False,
        ),
    ] = None,
    db: Database = None,
) -> None:
    """Bring a database up to this version, after a verified backup beside it if it holds anything."""
    engine = record_to_write(context, db)
    typer.echo(f"{place_of(engine)} is of this version.")
    for statement in grant(engine, grants) if grants else ():
        typer.echo(f"{statement};")


def _record_if_any(context: typer.Context) -> Engine | None:
    """The record whose own scales are listed too; the others are known without one."""
    try:
        engine = engine_of(context, None)
        return record_to_read(context, None) if holds_record(engine) else None
    except CannotOpenError as error:
        say(str(error))
        return None


def _described(scale: Scale) -> dict[str, object]:
    return {
        "scale": scale.id,
        "name": scale.name,
        "version": scale.version,
        "low": scale.score(scale.low),
        "high": scale.score(scale.high),
        "items": len(scale.items),
        "items_shipped": scale.items_shipped,
        "items_taken": scale.form_items,
        "rights": scale.rights,
        "source": scale.source,
    }


def _range(scale: Scale) -> str:
    return f"{scale.shown(scale.low)}–{scale.shown(scale.high)}"


def _items(scale: Scale) -> str:
    if scale.items_shipped:
        return f"{len(scale.items)}, shipped"
    return f"{len(scale.items)}, by number" if scale.form_items else "total only"
