"""One patient's whole record as a page to read, in words for the person it is about.

The page needs nothing but itself: no script, no address, light and dark.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any, Final
from zoneinfo import ZoneInfo

from models.exchange.one_patient.whole_record import LINKS
from models.outcomes.question.vocabulary import Indication, Route
from models.outcomes.question.words import INDICATION_LABELS, ROUTE_LABELS
from models.tables.facts import AssessmentFacts, CourseFacts, Facts, InfusionFacts, PatientFacts

Row = Mapping[str, Any]

TITLES: Final = {"patient": "Person", "course": "Courses", "infusion": "Infusions", "assessment": "Scores"}
FACTS: Final[Mapping[str, type[Facts]]] = {
    "patient": PatientFacts,
    "course": CourseFacts,
    "infusion": InfusionFacts,
    "assessment": AssessmentFacts,
}
NAMES: Final = {
    "number": "Recorded under the number",
    "survivor": "All is read under the number",
    "retired": "The other number",
    "scale_version": "Version of the questionnaire",
    "scale": "Questionnaire",
    "timing": "Before or after the infusion",
    "mode": "How it was answered",
    "status": "What was recorded",
    "recall_days": "About the last so many days",
    "suicide_item": "Answer to the question about suicide",
}
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "route": {str(route): label for route, label in ROUTE_LABELS.items() if route is not Route.ANY},
    "indication": {
        str(indication): label
        for indication, label in INDICATION_LABELS.items()
        if indication is not Indication.ANY
    },
    "mode": {"self": "by oneself", "kiosk": "at a kiosk", "phone": "by telephone"},
    "status": {
        "complete": "every question that counts was answered",
        "prorated": "some questions were not answered; the total is worked out from the others",
        "total_only": "the total alone, without the answers",
    },
}
ALERTS: Final = {
    "ideation": "raised by the answer to the question about suicide",
    "frequent": "raised by the answer to the question about suicide (frequent)",
    "nearly_every_day": "raised by the answer to the question about suicide (nearly every day)",
    "unanswered": "raised because the question about suicide was not answered",
}
_STYLE: Final = """
:root { color-scheme: light dark; }
body { --ink: #0f1822; --soft: #5b6877; --line: #c3ccd6; color: var(--ink); background: #fff;
  font: 16px/1.55 system-ui, sans-serif; max-width: 46rem; margin: 2.5rem auto; padding: 0 1.2rem; }
@media (prefers-color-scheme: dark) {
  body { --ink: #e8edf3; --soft: #97a3b1; --line: #3b4754; background: #11161d; }
}
h1, h2 { font-family: "Source Serif 4", Georgia, serif; font-weight: 600; line-height: 1.25; }
section { border-top: 1px solid var(--line); margin-top: 1.2rem; break-inside: avoid; }
dl { display: grid; grid-template-columns: 12rem 1fr; gap: .1rem 1rem; margin: .4rem 0; }
@media (max-width: 30rem) { dl { grid-template-columns: 8.5rem 1fr; } }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.gone { color: var(--soft); border-top-style: dashed; }
.who { font-size: .9rem; color: var(--soft); margin: .2rem 0 .8rem; }
"""


def as_html(document: Mapping[str, Any]) -> str:
    """The document as a page."""
    titles = TITLES if len(document["numbers"]) == 1 else {**TITLES, LINKS: "One person, two numbers"}
    zone = ZoneInfo(document["time_zone"])
    parts = "\n".join(_part(kind, title, document["rows"], zone) for kind, title in titles.items())
    notice = f"<p><strong>{escape(document['notice'])}</strong></p>\n" if document["notice"] else ""
    made = escape(_minute(document["made_at"], zone))
    clinic = f"{escape(document['clinic'])}. " if document["clinic"] else ""  # it may have no name yet
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Whole record</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>Whole record</h1>\n<p>{clinic}Made {made}. Times are those of "
        f"{escape(document['time_zone'])}. What was corrected or withdrawn is paler under a broken line, "
        "with the reason.</p>\n"
        f"{notice}{parts}\n</body>\n</html>\n"
    )


def _minute(told: str, zone: ZoneInfo) -> str:
    """In the zone that the page names once, for all its times."""
    return f"{datetime.fromisoformat(told).astimezone(zone):%Y-%m-%d %H:%M}"


def _part(kind: str, title: str, rows: Sequence[Row], zone: ZoneInfo) -> str:
    told = "\n".join(_section(row, zone) for row in _together(row for row in rows if row["kind"] == kind))
    return f"<h2>{title}</h2>\n{told or '<p>Nothing is recorded.</p>'}"


def _together(rows: Iterable[Row]) -> list[Row]:
    """What was corrected beside what took its place: the versions of one thing follow one another."""
    first = dict[Any, Any]()
    for row in (listed := list(rows)):
        first[row["id"]] = first.get(row["supersedes"], row["id"])
    return sorted(listed, key=lambda row: (first[row["id"]], row["id"]))


def _section(row: Row, zone: ZoneInfo) -> str:
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in _facts(row))
    fate = "" if row["current"] else " Withdrawn." if row["withdrawn"] else " Replaced later."
    why = f" Reason: {row['reason']}." if row["reason"] else ""
    who = f"Recorded {_minute(row['recorded_at'], zone)} by {row['recorded_by']}.{why}{fate}"
    gone = "" if row["current"] else ' class="gone"'
    return f'<section{gone}>\n<dl>{facts}</dl>\n<p class="who">{escape(who)}</p>\n</section>'


def _facts(row: Row) -> Iterator[tuple[str, str]]:
    for name, value in row["values"].items():
        if value is not None:
            yield _named(row["kind"], name), _said(row, name, value)
    for item in row["items"]:
        yield f"Question {item['item']}", f"{item['score']}{': ' + item['asked'] if item['asked'] else ''}"
    if row["alert"] is not None:
        higher = ", and higher than the answer before" if row["alert_of_worsening"] else ""
        yield "Alert", f"{ALERTS[row['alert']]}{higher}"


def _named(kind: str, name: str) -> str:
    return NAMES.get(name) or (FACTS[kind].title(name) if kind in FACTS else name.capitalize())


def _said(row: Row, name: str, value: object) -> str:
    """A value as people read it; a moment in the zone that the page names once."""
    if isinstance(value, bool):
        return ("no", "yes")[value]
    if isinstance(value, float):
        return f"{value:.10g}"
    if name in WORDS:
        return WORDS[name].get(str(value), str(value))
    if name == "scale":
        return row["scale_name"] or str(value)
    if name in {"given_at", "assessed_at"}:
        return str(value)[: len("2026-02-01 09:30")]
    return str(value).replace("_", " ") if name == "end_reason" else str(value)
