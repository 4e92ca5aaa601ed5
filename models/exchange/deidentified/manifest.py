"""What travels with an extract: what it is, what was taken away, what it holds, and what to beware of."""

import hashlib
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Final

import polars as pl

from models.exchange.deidentified.people import Frames
from models.exchange.deidentified.products import Extract
from models.exchange.deidentified.rules import rules
from models.exchange.deidentified.summary import Summary
from models.exchange.leaving.part2 import NOTICE
from models.exchange.statements.statement import canonical
from models.exchange.statements.statement_words import UNCONTROLLED
from models.outcomes.counts.disclosure import SMALLEST, is_small

NO_MAPPING: Final = (
    "None was kept. Codes and offsets were drawn at random for this extract alone and then forgotten: "
    "by them nobody can lead a row back to its patient, nor join two extracts."
)
WITHHELD: Final = f"withheld, 1 to {SMALLEST - 1}"
WIDTH: Final = 100


def manifest(
    made: Extract, frames: Frames, files: Mapping[str, bytes], table: Summary | None, *, year: int
) -> dict[str, Any]:
    """The manifest as data.

    `data_hash` is the SHA-256 of the canonical JSON of every file's own SHA-256. Of when it was made only the
    year is told, by the files' own times too: beside a patient still treated the day would tell an offset.
    """
    request, rule = made.request, rules()
    product = rule.products[request.product]
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return {
        "product": str(request.product),
        "title": product.title,
        "label": product.label,
        "data_use_agreement": request.agreement,
        "year_made": year,
        "removed": [*rule.removed.always, *([] if request.suicide_items else [rule.removed.unless_asked])],
        "dates_and_ages": product.times,
        "suicide_items": request.suicide_items,
        "mapping": NO_MAPPING,
        "rows": {name: len(frame) for name, frame in made.frames.items()},
        "left_out": {
            **{
                f"assessments_{why}": _unless_small(number) for why, number in made.left_out._asdict().items()
            },
            "patients_under_part_2_without_consent": _unless_small(made.without_consent),
        },
        "summary": None if table is None else {"question": table.question, "withheld": table.shown is None},
        "warnings": [*_warnings(made, frames, table)],
        "footer": UNCONTROLLED,
        "files": hashes,
        "data_hash": hashlib.sha256(canonical(hashes).encode()).hexdigest(),
    }


def in_words(document: Mapping[str, Any]) -> str:
    """The same for a person: what README.txt says."""
    agreement = document["data_use_agreement"]
    parts = [
        f"{document['title']}: {document['label']}",
        *([f"Data use agreement: {agreement}"] if agreement else []),
        f"Made in {document['year_made']}. Data hash (SHA-256): {document['data_hash']}",
        _listed("Not in it", document["removed"]),
        f"Dates and ages\n{_wrapped(document['dates_and_ages'])}",
        f"The way back to the patients\n{_wrapped(document['mapping'])}",
        _listed("Rows", [f"{name}.csv: {rows}" for name, rows in document["rows"].items()]),
        _listed("Left out", [*_left_out(document["left_out"])]),
        *_of_summary(document["summary"]),
        _listed("Beware", document["warnings"]),
        document["footer"],
    ]
    return "\n\n".join(parts) + "\n"


def _unless_small(count: int) -> int | None:
    return None if is_small(count) else count


def _left_out(told: Mapping[str, int | None]) -> Iterator[str]:
    for what, number in told.items():
        yield f"{what.replace('_', ' ')}: {WITHHELD if number is None else number}"


def _of_summary(told: Mapping[str, Any] | None) -> Iterator[str]:
    if told is None:
        return
    held = "It is withheld: too few patients." if told["withheld"] else "It stands in summary.csv."
    rule = f"Counts of 1 to {SMALLEST - 1}, and others that would give them away, are withheld."
    yield "Summary\n" + _wrapped(" ".join([told["question"], held, rule]))


def _warnings(made: Extract, frames: Frames, table: Summary | None) -> Iterator[str]:
    rule = rules()
    if frames.clinic.demo:
        yield "The patients are invented."
    yield from rule.products[made.request.product].warnings
    yield from rule.warnings.always
    if made.consenting:
        yield NOTICE
    if made.without_consent:
        yield rule.warnings.without_consent
    if table is not None and table.shown is not None:
        yield rule.warnings.summary
    alike = _alike_with_few(made.patients)
    if alike:
        traits = ", ".join(name.replace("_", " ") for name in made.patients.columns if name != "patient")
        yield (
            f"{alike} of {len(made.patients)} patients have the same {traits} as fewer than "
            f"{SMALLEST - 1} others in it."
        )


def _alike_with_few(patients: pl.DataFrame) -> int:
    """How many patients stand in a group of fewer than 11 by all that is said of them."""
    traits = [name for name in patients.columns if name != "patient"]
    return int((patients.select(pl.len().over(traits).alias("alike"))["alike"] < SMALLEST).sum())


def _listed(title: str, lines: list[str]) -> str:
    items = (textwrap.fill(line, WIDTH, initial_indent="- ", subsequent_indent="  ") for line in lines)
    return "\n".join([title, *items])


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH)
