"""What the rows of a record's tables are called when they are counted."""

from collections.abc import Mapping
from typing import Final

ROWS: Final[Mapping[str, tuple[str, str]]] = {
    "account": ("account", "accounts"),
    "assessment": ("assessment", "assessments"),
    "audit_event": ("event of the audit trail", "events of the audit trail"),
    "auth_session": ("session", "sessions"),
    "claim": ("advertised claim", "advertised claims"),
    "claim_lock": ("locked question", "locked questions"),
    "claim_look": ("look at the locked question", "looks at the locked question"),
    "clinic": ("version of the clinic's settings", "versions of the clinic's settings"),
    "course": ("course", "courses"),
    "elevation": ("breaking of the glass", "breakings of the glass"),
    "erasing": ("erasure under way", "erasures under way"),
    "erasure": ("erasure", "erasures"),
    "identity": ("link to a provider", "links to a provider"),
    "infusion": ("infusion", "infusions"),
    "item_score": ("answer", "answers"),
    "merged_patient": ("link of two patients", "links of two patients"),
    "kept_scale": ("scale of the clinic's own", "scales of the clinic's own"),
    "patient": ("patient", "patients"),
    "recovery_code": ("recovery code", "recovery codes"),
    "safety_alert": ("alert", "alerts"),
    "setup_link": ("setup link", "setup links"),
    "sign_in_failure": ("failed sign-in", "failed sign-ins"),
}


def rows_said(counts: Mapping[str, int]) -> str:
    """Rows by table: `1 patient, 9 answers`; a table of another version is called what it is there."""
    said = [counted(count, *ROWS.get(table, (table, table))) for table, count in counts.items() if count]
    return ", ".join(said) or "no rows"


def counted(count: int, one: str, many: str) -> str:
    """A count and what is counted: `1 row`, `2,000 rows`."""
    return f"{count:,} {one if count == 1 else many}"
