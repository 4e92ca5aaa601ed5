"""What a recorded row says, in a line; and what became of its earlier versions, in another."""

from collections.abc import Iterator, Sequence
from datetime import date, time
from itertools import pairwise
from typing import Any, Final

from dashboard import data
from dashboard.charts.words import dose, on
from dashboard.components.forms.words import MODE_LABELS, STATUS_LABELS, TIMING_LABELS
from dashboard.components.page.plain import plain
from dashboard.components.record.stored_card import said_when
from models.outcomes.question.vocabulary import Route
from models.outcomes.question.words import ROUTE_LABELS
from models.scales.scoring import band
from models.store.record.history import Version
from models.tables.weights import mg_per_kg

Values = dict[str, Any]
STARTS: Final = {"assessment": "assessed", "infusion": "given"}


def headline(version: Version) -> str:
    """The fact itself: "14 PHQ-9, moderate", "0.5 mg/kg, 41 mg"."""
    return _score(version.values) if version.kind == "assessment" else _given(version.values)


def circumstances(version: Version) -> str:
    """When and how: "12 Jan 2026, 09:20, before infusion"."""
    values = version.values
    how = _how_answered(values) if version.kind == "assessment" else _how_given(values)
    return ", ".join([said_when(*_when(version)), *how])


def place_in_time(version: Version) -> tuple[str, str]:
    """What a list of rows is sorted by."""
    day, clock = _when(version)
    return day.isoformat(), "" if clock is None else clock.isoformat()


def changes(chain: Sequence[Version]) -> Iterator[str]:
    """For each version that replaced another: "was 14, corrected by … on … because …", oldest first."""
    for old, new in pairwise(chain):
        who = f"by {plain(new.recorded_by)} on {on(data.local(new.recorded_at, None)[0])}"
        why = f"because “{plain(new.reason)}”"
        if new.voided:
            yield f"withdrawn {who} {why}"
        else:
            yield f"was {_was(old, new)}, corrected {who} {why}"


def _when(version: Version) -> tuple[date, time | None]:
    start = STARTS[version.kind]
    return data.local(version.values[f"{start}_at"], version.values[f"{start}_on"])


def _was(old: Version, new: Version) -> str:
    """What stood before; where only the circumstances changed, those."""
    before, after = headline(old), headline(new)
    return before if before != after else circumstances(old)


def _score(values: Values) -> str:
    scale = data.scales().get(values["scale"])
    if scale is None:
        return f"**{values['total']}** {plain(values['scale'])}"
    within = band(scale, values["total"])
    named = f", {plain(within.name)}" if within else ""
    return f"**{scale.shown(values['total'])}** {plain(scale.name)}{named}"


def _given(values: Values) -> str:
    per_kg = mg_per_kg(values["dose_mg"], values["weight_kg"])
    parts = (
        None if per_kg is None else f"**{dose(per_kg)}**",
        None if values["dose_mg"] is None else f"{values['dose_mg']:g} mg",
        None if values["route"] is None else ROUTE_LABELS[Route(values["route"])].lower(),
    )
    return ", ".join(filter(None, parts)) or "dose not recorded"


def _how_answered(values: Values) -> Iterator[str]:
    if values["timing"]:
        yield TIMING_LABELS[values["timing"]].lower()
    if STATUS_LABELS[values["status"]]:
        yield STATUS_LABELS[values["status"]]
    if values["suicide_item"] is not None:
        yield f"suicide item {values['suicide_item']}"
    if values["mode"]:
        yield MODE_LABELS[values["mode"]].lower()


def _how_given(values: Values) -> Iterator[str]:
    if values["minutes"] is not None:
        yield f"{values['minutes']} minutes"
    if values["clinician"]:
        yield plain(values["clinician"])
