"""One patient's whole record as one file to read: everything recorded, corrected and withdrawn, and by whom.

For the person it is about, who may ask for it, and for whoever treats them next. The page needs nothing but
itself; the same stands in JSON for another program.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import Any, Final
from zoneinfo import ZoneInfo

from models.exchange.part2 import NOTICE
from models.scales import Scale, Scales
from models.store.history import Version
from models.tables.facts import PART2, PART2_CONSENT

TITLES: Final = {"patient": "Person", "course": "Courses", "infusion": "Infusions", "assessment": "Scores"}
LINKS: Final = "merged_patient"
OURS: Final = frozenset({"patient_id", "clinic_id", "items", "survivor_id", "retired_id"})
NAMED: Final = {"part2": PART2, "part2_consent_until": PART2_CONSENT}
_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 46rem; margin: 2.5rem auto; padding: 0 1.2rem; }
section { border-top: 1px solid #8886; margin-top: 1.2rem; }
dl { display: grid; grid-template-columns: 12rem 1fr; gap: .1rem 1rem; margin: .4rem 0; }
dt { opacity: .7; } dd { margin: 0; overflow-wrap: anywhere; }
.gone { opacity: .6; } .who { font-size: .85rem; opacity: .75; margin: .2rem 0 .8rem; }
"""


def document_of(
    history: Sequence[Version], scales: Scales, *, clinic: str, zone: ZoneInfo, made_at: datetime
) -> dict[str, Any]:
    """Everything of one person as JSON holds it: every version, the current ones marked.

    Somebody whose two records were merged has two `numbers`; each row says under which it was recorded. A
    link that was undone is about somebody else, and is left out. `notice` is that of 42 CFR 2.32, where one
    of the records falls under Part 2.
    """
    numbers = {each.entity_id: str(each.values["mrn"]) for each in history if each.kind == "patient"}
    theirs = [each for each in history if each.kind != LINKS or {*each.values.values()} <= numbers.keys()]
    return {
        "clinic": clinic,
        "time_zone": zone.key,
        "made_at": made_at.isoformat(),
        "numbers": list(numbers.values()),
        "notice": NOTICE if any(each.current and each.values.get("part2") for each in theirs) else None,
        "rows": [_row(version, scales, zone, numbers) for version in theirs],
    }


def as_json(document: Mapping[str, Any]) -> str:
    """The document as text."""
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def as_html(document: Mapping[str, Any]) -> str:
    """The document as a page: no script, no address, light and dark."""
    titles = TITLES if len(document["numbers"]) == 1 else {**TITLES, LINKS: "One person, two numbers"}
    zone = ZoneInfo(document["time_zone"])
    parts = "\n".join(_part(kind, title, document["rows"], zone) for kind, title in titles.items())
    notice = f"<p><strong>{escape(document['notice'])}</strong></p>\n" if document["notice"] else ""
    made = escape(_minute(document["made_at"], zone))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Whole record</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>Whole record</h1>\n<p>{escape(document['clinic'])}. Made {made}. Times are those of "
        f"{escape(document['time_zone'])}. What was corrected or withdrawn is faint, with the reason.</p>\n"
        f"{notice}{parts}\n</body>\n</html>\n"
    )


def _row(version: Version, scales: Scales, zone: ZoneInfo, numbers: Mapping[int, str]) -> dict[str, Any]:
    values = {name: _plain(value, zone) for name, value in version.values.items() if name not in OURS}
    if version.kind == LINKS:
        values = {side: numbers[version.values[f"{side}_id"]] for side in ("survivor", "retired")}
    elif len(numbers) > 1 and version.kind != "patient":
        values["number"] = numbers[version.values["patient_id"]]
    scale = scales.get(str(version.values.get("scale")))
    if scale is not None:
        values["total"] = scale.score(version.values["total"])
    items = [
        {"item": number, "asked": _asked(scale, number), "score": score}
        for number, score in version.values.get("items", {}).items()
    ]
    return {
        "kind": version.kind,
        "id": version.id,
        "supersedes": version.supersedes_id,
        "withdrawn": version.voided,
        "current": version.current,
        "recorded_at": version.recorded_at.isoformat(),
        "recorded_by": version.recorded_by,
        "reason": version.reason,
        "alert": None if version.alert is None else str(version.alert.level),
        "values": values,
        "items": items,
    }


def _asked(scale: Scale | None, number: int) -> str | None:
    """The wording of an item, where it comes with the product."""
    item = None if scale is None else next((one for one in scale.items if one.number == number), None)
    return None if item is None else item.text


def _plain(value: object, zone: ZoneInfo) -> object:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(sep=" ", timespec="minutes")
    return value.isoformat() if isinstance(value, date) else value


def _minute(told: str, zone: ZoneInfo) -> str:
    """In the zone that the page names once, for all its times."""
    return f"{datetime.fromisoformat(told).astimezone(zone):%Y-%m-%d %H:%M}"


def _said(value: object) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def _part(kind: str, title: str, rows: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> str:
    told = "\n".join(_section(row, zone) for row in rows if row["kind"] == kind)
    return f"<h2>{title}</h2>\n{told or '<p>Nothing is recorded.</p>'}"


def _section(row: Mapping[str, Any], zone: ZoneInfo) -> str:
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in _facts(row))
    fate = "" if row["current"] else " Withdrawn." if row["withdrawn"] else " Replaced later."
    why = f" Reason: {row['reason']}." if row["reason"] else ""
    who = f"Recorded {_minute(row['recorded_at'], zone)} by {row['recorded_by']}.{why}{fate}"
    gone = "" if row["current"] else ' class="gone"'
    return f'<section{gone}>\n<dl>{facts}</dl>\n<p class="who">{escape(who)}</p>\n</section>'


def _facts(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in row["values"].items():
        if value is not None:
            yield NAMED.get(name) or name.replace("_", " ").capitalize(), _said(value)
    for item in row["items"]:
        yield f"Question {item['item']}", f"{item['score']}{': ' + item['asked'] if item['asked'] else ''}"
