"""A record as a dictionary: what stands under which key, and what an imported row does to it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine

from models.store import read
from models.store.history import Version
from tests.support.plain_rules import day_of, faults, points, scale

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "patients": ("given_name", "family_name", "birth_date", "sex"),
    "courses": (
        *("indication", "planned_infusions", "failed_trials_episode", "failed_trials_lifetime"),
        *("clinician", "site", "ended_on", "end_reason"),
    ),
    "infusions": ("route", "dose_mg", "weight_kg", "minutes", "clinician"),
    "assessments": ("timing", "recall_days", "mode", "status", "total", "suicide_item", "items"),
}
WHEN: Final = {"courses": "started_on", "infusions": "given_at", "assessments": "assessed_at"}
QUANTITIES: Final = {"route", "dose_mg", "weight_kg", "minutes"}

Key = tuple[Any, ...]
Values = dict[str, Any]


def key_of(table: str, row: Mapping[str, Any]) -> Key:
    """What makes two rows the same."""
    if table == "patients":
        return table, row["mrn"]
    scales = (row["scale"],) if table == "assessments" else ()
    return table, row["mrn"], *scales, row[WHEN[table]]


def recorded(table: str, row: Mapping[str, Any]) -> Values:
    """The values a row leaves in the record."""
    values = {name: row.get(name) for name in FIELDS[table]}
    if table == "courses":
        values["indication"] = row.get("indication") or "depression"
    if table == "assessments":
        asked, items = scale(row["scale"]), answers(row)
        values["status"] = "total_only"
        if values["recall_days"] is None:
            values["recall_days"] = asked["recall_choices"][0]
        if items is not None:
            values["total"] = points(asked, items)
            values["status"] = "complete"
            if asked["scoring"] == "sum" and len(items) < len(asked["items"]):
                values["status"] = "prorated"
            values["suicide_item"] = items.get((asked.get("suicide_item") or {}).get("number"))
        values["items"] = items
    return values


def answers(row: Mapping[str, Any]) -> dict[int, int] | None:
    """The items that were answered."""
    items = row.get("items")
    return None if items is None else {n: answer for n, answer in items.items() if answer is not None}


def said(table: str, row: Mapping[str, Any]) -> Values:
    """The values a row gives; what it leaves out contradicts nothing."""
    values = recorded(table, row)
    unsaid = {"recall_days", "indication"} if table in {"courses", "assessments"} else set()
    left_out = {name for name in unsaid if row.get(name) is None} | {"status"}
    return {name: value for name, value in values.items() if value is not None and name not in left_out}


class PlainRecord(dict[Key, Values]):
    """What is current, by key."""

    def bring(self, table: str, row: Mapping[str, Any]) -> str:
        """An imported row that nothing is wrong with: what became of it."""
        person: Key = ("patients", row["mrn"])
        if table != "patients" and person not in self:
            self[person] = dict.fromkeys(FIELDS["patients"])
        key = key_of(table, row)
        if key not in self:
            if table != "patients" and self.unborn(row["mrn"], row[WHEN[table]]):
                return "rejected"
            self[key] = recorded(table, row)
            return "new"
        return self._held_against(table, key, row)

    def _held_against(self, table: str, key: Key, row: Mapping[str, Any]) -> str:
        stored = self[key]
        other = {name for name, value in said(table, row).items() if stored[name] != value}
        if not other:
            return "already_there"
        if any(stored[name] is not None for name in other):
            return "conflicting"
        both = {**row, **{name: stored[name] for name in stored if row.get(name) is None}}
        both["confirmed"] = row.get("confirmed") or not QUANTITIES & other
        if faults(table, both) or (table == "patients" and self.born_too_late(row["mrn"], both)):
            return "rejected"
        self[key] = recorded(table, both)
        return "completed"

    def unborn(self, mrn: str, when: date | datetime) -> bool:
        """Whether a patient was born after that day."""
        born = self["patients", mrn]["birth_date"]
        return born is not None and day_of(when) < born

    def born_too_late(self, mrn: str, values: Mapping[str, Any]) -> bool:
        """Whether something stands of the patient that was before this birth."""
        born = values.get("birth_date")
        return born is not None and any(day_of(key[-1]) < born for key in self.of(mrn))

    def replace(self, key: Key, new_key: Key, values: Values) -> None:
        """Put a corrected row in the place of another; a patient's other rows go along with a new number."""
        del self[key]
        self[new_key] = values
        if key[0] == "patients" and new_key != key:
            for other in self.of(key[1]):
                self[other[0], new_key[1], *other[2:]] = self.pop(other)

    def of(self, mrn: str) -> list[Key]:
        """The keys of everything that stands of a patient, the patient aside."""
        return [key for key in self if key[0] != "patients" and key[1] == mrn]


def stored(engine: Engine) -> PlainRecord:
    """What is current in a record, read person by person."""
    return PlainRecord({key: values for key, _, values in standing(engine)})


def standing(engine: Engine) -> list[tuple[Key, Version, Values]]:
    """Everything current, with the version that stands."""
    found = []
    for patient_id in read.record(engine).patients["patient_id"].to_list():
        versions = [version for version in read.patient_history(engine, patient_id) if version.current]
        (person,) = (version for version in versions if version.kind == "patient")
        found += [_told(version, person.values["mrn"]) for version in versions]
    return found


def known(engine: Engine, at: datetime) -> PlainRecord:
    """What was current at a moment, read table by table."""
    then = read.record(engine, known_at=at)
    numbers = dict(then.patients.select("patient_id", "mrn").rows())
    found = PlainRecord()
    for table in FIELDS:
        for row in getattr(then, table).iter_rows(named=True):
            values = {**row, "mrn": numbers[row["patient_id"]]}
            for name in ("started", "ended"):
                day = row.get(f"{name}_day")
                values[f"{name}_on"] = None if day is None else day_from(day)
            if table in ("infusions", "assessments"):
                instant = row["instant"]
                values[WHEN[table]] = (
                    day_from(row["day"]) if instant is None else datetime.fromtimestamp(instant, UTC)
                )
            if table == "assessments":
                values["items"] = read.item_scores(engine, row["row_id"]) or None
            found[key_of(table, values)] = {name: values[name] for name in FIELDS[table]}
    return found


def day_from(number: int) -> date:
    """A day by its number since 1970."""
    return date(1970, 1, 1) + timedelta(days=number)


def _told(version: Version, mrn: str) -> tuple[Key, Version, Values]:
    table, values = f"{version.kind}s", dict(version.values)
    for at, on in (("given_at", "given_on"), ("assessed_at", "assessed_on")):
        if at in values:
            values[at] = values[at] or values[on]
    values["items"] = values.get("items") or None
    return key_of(table, {**values, "mrn": mrn}), version, {name: values[name] for name in FIELDS[table]}
