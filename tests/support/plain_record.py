"""A record as a dictionary: what stands under which key, and what an imported row does to it."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine

from models.store.record import read
from models.store.record.history import Version
from tests.support.plain_rules import day_of, faults, points, scale

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "patients": ("given_name", "family_name", "birth_date", "sex", "part2", "part2_consent_until"),
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
    if table == "patients":
        values["part2"] = row.get("part2") or False
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
    unsaid = {"recall_days", "indication", "part2"}
    left_out = {name for name in unsaid if row.get(name) is None} | {"status"}
    return {name: value for name, value in values.items() if value is not None and name not in left_out}


class PlainRecord(dict[Key, Values]):
    """What is current, by key, in the order recorded; `links` are the numbers read as another's.

    `gone` are the keys under which something stood that was withdrawn, or corrected to another key, and
    `consented` the numbers of patients of whom a consent stood.
    """

    def __init__(
        self, rows: Iterable[tuple[Key, Values]] = (), links: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(rows)
        self.links = dict(links or {})
        self.gone: set[Key] = set()
        self.consented: set[str] = set()

    def __setitem__(self, key: Key, values: Values) -> None:
        """A version; of a patient with a consent that is remembered."""
        super().__setitem__(key, values)
        if values.get("part2_consent_until"):
            self.consented.add(key[1])

    def bring(self, table: str, row: Mapping[str, Any]) -> str:
        """An imported row that nothing is wrong with: what became of it."""
        mrn = self.number(row["mrn"])
        row = {**row, "mrn": mrn}
        if table != "patients":
            self.setdefault(("patients", mrn), recorded("patients", {}))
        key = self.standing(table, row)
        if key is None:
            if table != "patients" and self.unborn(mrn, row[WHEN[table]]):
                return "rejected"
            if self._stood_once(table, row):
                return "conflicting"
            self[key_of(table, row)] = recorded(table, row)
            return "new"
        return self._held_against(table, key, row)

    def _held_against(self, table: str, key: Key, row: Mapping[str, Any]) -> str:
        stored = self[key]
        other = {name for name, value in said(table, row).items() if stored[name] != value}
        if not other:
            return "already_there"
        again = "part2_consent_until" in other and key[1] in self.consented
        if again or any(stored[name] is not None and stored[name] is not False for name in other):
            return "conflicting"
        both = {**row, **{name: stored[name] for name in stored if row.get(name) is None}}
        both["confirmed"] = row.get("confirmed") or not QUANTITIES & other
        if faults(table, both) or (table == "patients" and self.born_too_late(key[1], both)):
            return "rejected"
        self.replace(key, key, recorded(table, both))
        return "completed"

    def number(self, mrn: str) -> str:
        """The number as the record has it: as it is written, or alike."""
        alike = (key[1] for key in self if key[0] == "patients" and match_key(key[1]) == match_key(mrn))
        return mrn if ("patients", mrn) in self else next(alike, mrn)

    def people(self, mrn: str) -> set[str]:
        """The numbers of one person."""
        survivor = self.links.get(mrn, mrn)
        return {survivor, *(retired for retired, kept in self.links.items() if kept == survivor)}

    def standing(self, table: str, row: Mapping[str, Any]) -> Key | None:
        """What stands under a row's own key, else under that of the person, the one recorded first."""
        own = key_of(table, row)
        if own in self or table == "patients":
            return own if own in self else None
        whose = self.people(row["mrn"])
        return next((key for key in self if key[0] == table and key[1] in whose and key[2:] == own[2:]), None)

    def _stood_once(self, table: str, row: Mapping[str, Any]) -> bool:
        """Whether something of this person stood under the row's key, and does no longer."""
        kind, _, *rest = key_of(table, row)
        return any((kind, mrn, *rest) in self.gone for mrn in self.people(row["mrn"]))

    def withdraw(self, key: Key) -> None:
        """Take something out; of a patient whatever was ever recorded of them goes along."""
        del self[key]
        if key[0] == "patients":
            self.gone = {one for one in self.gone if one[1] != key[1]}
            self.consented.discard(key[1])
        else:
            self.gone.add(key)

    def unborn(self, mrn: str, when: date | datetime) -> bool:
        """Whether a patient was born after that day."""
        born = self["patients", mrn]["birth_date"]
        return born is not None and day_of(when) < born

    def born_too_late(self, mrn: str, values: Mapping[str, Any]) -> bool:
        """Whether something stands of the person that was before this birth."""
        born = values.get("birth_date")
        rows = (key for one in self.people(mrn) for key in self.of(one))
        return born is not None and any(day_of(key[-1]) < born for key in rows)

    def replace(self, key: Key, new_key: Key, values: Values) -> None:
        """Put a later version in the place of another; a patient's other rows go along with a new number."""
        del self[key]
        self[new_key] = values
        if key[0] != "patients" and new_key != key:
            self.gone.add(key)
        if key[0] == "patients" and new_key != key:
            old, new = key[1], new_key[1]
            self.gone = {(one[0], new, *one[2:]) if one[1] == old else one for one in self.gone}
            self.consented = {new if one == old else one for one in self.consented}
            rows = [((one[0], new, *one[2:]) if one[1] == old else one, told) for one, told in self.items()]
            self.clear()
            self.update(rows)
            self.links = {
                new if retired == old else retired: new if kept == old else kept
                for retired, kept in self.links.items()
            }

    def of(self, mrn: str) -> list[Key]:
        """The keys of everything that stands of a patient, the patient aside."""
        return [key for key in self if key[0] != "patients" and key[1] == mrn]

    def as_read(self) -> list[str]:
        """Everybody's rows under the number they are read with; a link may bring two under one key."""
        rows = [
            (
                (key[0], self.links.get(key[1], key[1]), *key[2:]),
                {**values, **self._of_part2(key[1])} if key[0] == "patients" else values,
            )
            for key, values in self.items()
            if key[0] != "patients" or key[1] not in self.links
        ]
        return sorted(_said(key, values) for key, values in rows)

    def _of_part2(self, mrn: str) -> Values:
        """Under Part 2 by any of a person's records, with a consent while all that are have one."""
        marked = [each for one in self.people(mrn) if (each := self["patients", one])["part2"]]
        untils = [each["part2_consent_until"] for each in marked]
        return {"part2": bool(marked), "part2_consent_until": min(untils) if untils and all(untils) else None}


def _said(key: Key, values: Values) -> str:
    """A row as a line, its values and its answers in order."""
    told = {**values, "items": sorted((values.get("items") or {}).items())}
    return repr((key, sorted(told.items())))


def match_key(mrn: str) -> str:
    """What numbers are matched by: without case, compatibility forms, and what nobody sees."""
    seen = "".join(c for c in mrn if c.isspace() or unicodedata.category(c) not in ("Cf", "Cc"))
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    return " ".join(plain.lower().split())


def stored(engine: Engine) -> PlainRecord:
    """What is current in a record, read person by person, each row under the number it was recorded for."""
    then = read.record(engine)
    numbers = dict(then.everyone.select("patient_id", "mrn").rows())
    links = {numbers[retired]: numbers[kept] for retired, kept in then.links.items()}
    return PlainRecord(((key, values) for key, _, values in standing(engine)), links)


def standing(engine: Engine) -> list[tuple[Key, Version, Values]]:
    """Everything current, with the version that stands."""
    then = read.record(engine)
    numbers = dict(then.everyone.select("patient_id", "mrn").rows())
    return [
        _told(version, numbers)
        for patient_id in then.patients["patient_id"].to_list()
        for version in read.patient_history(engine, patient_id)
        if version.current and version.kind != "merged_patient"
    ]


def known(engine: Engine, at: datetime) -> list[str]:
    """What was current at a moment, read table by table, as `as_read` says it."""
    then = read.record(engine, known_at=at)
    numbers = dict(then.patients.select("patient_id", "mrn").rows())
    found = []
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
            told = {name: values[name] for name in FIELDS[table]}
            found.append(_said(key_of(table, values), told))
    return sorted(found)


def day_from(number: int) -> date:
    """A day by its number since 1970."""
    return date(1970, 1, 1) + timedelta(days=number)


def _told(version: Version, numbers: Mapping[int, str]) -> tuple[Key, Version, Values]:
    table, values = f"{version.kind}s", dict(version.values)
    values["mrn"] = numbers[values.get("patient_id", version.entity_id)]
    for at, on in (("given_at", "given_on"), ("assessed_at", "assessed_on")):
        if at in values:
            values[at] = values[at] or values[on]
    values["items"] = values.get("items") or None
    return key_of(table, values), version, {name: values[name] for name in FIELDS[table]}
