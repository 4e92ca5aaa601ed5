"""One patient's whole record as one file to read: everything recorded, corrected and withdrawn, and by whom.

For the person it is about, who may ask for it, and for whoever treats them next: as a page
(`whole_record_page`), and as JSON for another program.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from models.exchange.leaving.part2 import NOTICE
from models.scales import Scale, Scales
from models.store.record.history import Version

LINKS: Final = "merged_patient"
OURS: Final = frozenset({"patient_id", "clinic_id", "items", "survivor_id", "retired_id"})


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
        "alert_of_worsening": None if version.alert is None else version.alert.worsening,
        "scale_name": None if scale is None else scale.name,
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
