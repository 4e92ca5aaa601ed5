"""What `seventy import --help` says of mapping files."""

from textwrap import indent
from typing import Final

from models.exchange.columns.mapping_example import CONVENTIONS, LONG, RULES, WIDE

AS_IT_STANDS: Final = "\n\n\b\n"
"""Begins a paragraph whose lines are left as they are."""

MAPPING: Final = "".join(
    (
        f"{AS_IT_STANDS}A mapping file (TOML) reads foreign headers, other words, and wide files:\n",
        *(f"\n\b\n{indent(part, '  ')}" for part in (CONVENTIONS, LONG, WIDE)),
        f"\n\b\n{RULES}",
    )
)
