"""The golden cohort of the clinical specification (§3.6) as the derived frame it stands for."""

from functools import cache

import polars as pl

from models.outcomes.counts.counting import read_by_counts
from models.outcomes.question.vocabulary import WindowName
from tests.support.drawn import drawn

COHORT = """
    id | base | h24 | d7 | eoi | p14_31 | m3 | n_inf
    1  | 21   | 12  | 10 | 8   | 9      | 14 | 6
    2  | 18   | 8   | 7  | 4   | 3      | 4  | 6
    3  | 24   | 20  | 19 | 17  | 18     |    | 6
    4  | 15   | 7   | 8  | 7   |        |    | 6
    5  | 22   | 13  |    |     |        |    | 2
    6  | 19   | 15  | 12 | 9   | 10     | 8  | 6
    7  | 16   | 9   | 6  | 3   | 4      | 11 | 6
    8  | 27   | 25  | 24 | 24  |        |    | 4
    9  | 12   | 5   | 4  | 2   | 2      | 1  | 6
    10 | 20   | 10  | 11 | 10  | 12     | 15 | 6
    11 | 23   | 21  |    |     |        |    | 1
    12 | 17   | 12  | 9  |     |        |    | 3
    13 | 14   | 7   | 6  | 7   | 8      |    | 6
    14 | 25   | 18  | 14 | 11  |        | 13 | 6
    15 | 8    | 4   | 3  | 3   | 2      | 3  | 6
    16 | 11   | 6   | 5  | 5   | 6      | 5  | 6
    17 | 26   | 22  | 20 | 19  | 21     | 22 | 6
    18 | 18   | 17  | 19 | 20  |        |    | 5
    19 | 13   | 6   | 7  |     |        |    | 4
    20 | 9    | 5   | 4  | 4   |        |    | 6
"""

WINDOWS = {"h24": "h24", "d7": "d7", "eoi": "end_of_induction", "p14_31": "p14_31", "m3": "m3"}


@cache
def cohort() -> pl.DataFrame:
    """The derived frame the table stands for: every window closed, the last earlier score carried."""
    rows = []
    for row in drawn(COHORT):
        facts: dict[str, object] = dict.fromkeys(read_by_counts())
        facts |= {"course_id": int(row["id"]), "patient_id": int(row["id"]), "course_number": 1, "d0_day": 0}
        facts |= {"indication": "depression", "resistance": "resistant", "baseline": int(row["base"])}
        facts["completed"] = int(row["n_inf"]) >= 6
        last = None
        for name in WindowName:
            drawn_as = next((short for short, full in WINDOWS.items() if full == name), None)
            score = row[drawn_as] if drawn_as else ""
            facts |= {f"{name}_{fact}": False for fact in ("pending", "overlaps", "carried_overlaps")}
            facts |= {f"{name}_{fact}": False for fact in ("recall_differs", "carried_recall_differs")}
            facts |= {f"{name}_endpoint": int(score) if score else None, f"{name}_carried": last}
            facts[f"{name}_closes_day"] = 0
            last = int(score) if score else last
        rows.append(facts)
    return pl.DataFrame(
        rows, schema_overrides={"clinician": pl.String, "site": pl.String, "route": pl.String}
    )
