"""The command `seventy`: what scripts and other programs may rely on.

Exit status: 0 done · 1 the data say no · 2 wrong usage · 3 the database cannot be opened, or is of another
version.
"""

import os
from platform import node
from typing import Final

import typer

from dashboard.cli import serving
from dashboard.cli.answering import UsageError
from dashboard.cli.claim import claiming, rates
from dashboard.cli.doctor import doctoring
from dashboard.cli.exchange import extracting, files, handing_over
from dashboard.cli.keeping import copies, key, restoring
from dashboard.cli.options import AS_NAMED, Account, Database, examples
from dashboard.cli.people import users
from dashboard.cli.permitting import AS, Permitting
from dashboard.cli.record import auditing, erasing, merging, office
from models.store.audit.events import coming_from

SERVED: Final = frozenset({"serve", "demo"})
"""Commands in which others do things, who say themselves from where."""

app = typer.Typer(
    name="seventy",
    cls=Permitting,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    epilog=examples(
        "seventy demo               an invented clinic, to look around in",
        "seventy import exports/    read the clinic's own files",
        "seventy check              its own rate, and what that says of the claim",
    ),
)


@app.callback()
def seventy(context: typer.Context, *, db: Database = None, account: Account = None) -> None:
    """A clinic checks its own ketamine results against the advertised 70 %."""
    context.obj = db
    if account is None and AS_NAMED in os.environ:
        raise UsageError(f"{AS_NAMED} names nobody. Unset it to act as the operator of the machine.")
    context.meta[AS] = account
    if context.invoked_subcommand not in SERVED:
        context.with_resource(coming_from(f"command line, {node()}"))


app.command(epilog=serving.DEMO_EXAMPLES)(serving.demo)
app.command(epilog=serving.SERVE_EXAMPLES)(serving.serve)
app.command("import", epilog=files.EXAMPLES)(files.import_files)
app.command(epilog=rates.CHECK_EXAMPLES)(rates.check)
app.command(epilog=rates.GRID_EXAMPLES)(rates.grid)
app.command(epilog=claiming.EXAMPLES)(claiming.claim)
app.command(epilog=extracting.EXAMPLES)(extracting.extract)
app.command(epilog=handing_over.EXAMPLES)(handing_over.patient)
app.command(epilog=merging.EXAMPLES)(merging.merge)
app.command(epilog=erasing.RETENTION_EXAMPLES)(erasing.retention)
app.command(epilog=erasing.ERASE_EXAMPLES)(erasing.erase)
app.command(epilog=office.SCALES_EXAMPLES)(office.scales)
app.command(epilog=office.MIGRATE_EXAMPLES)(office.migrate)
app.command(epilog=auditing.VERIFY_EXAMPLES)(auditing.verify)
app.command(epilog=auditing.AUDIT_EXAMPLES)(auditing.audit)
app.add_typer(users.user)
app.add_typer(key.key)
app.command(epilog=copies.BACKUP_EXAMPLES)(copies.backup)
app.command(epilog=restoring.EXAMPLES)(restoring.restore)
app.command(epilog=copies.COPY_EXAMPLES)(copies.copy)
app.command(epilog=doctoring.EXAMPLES)(doctoring.doctor)
