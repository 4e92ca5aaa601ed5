"""A digest is the same however rows are parcelled up, and whatever column comes to stand after them."""

import pytest

from models.store.rows.digests import SHAPES, TABLES, Written, digest

_VERSION = "id entity_id recorded_at recorded_by supersedes_id voided reason save_key"
SHIPPED = {
    "clinic": f"{_VERSION} name time_zone weight_unit planned_infusions route mg_per_kg minutes "
    "crisis_text demo keep_years",
    "patient": f"{_VERSION} clinic_id mrn given_name family_name birth_date sex part2 part2_consent_until",
    "course": f"{_VERSION} patient_id started_on indication planned_infusions failed_trials_episode "
    "failed_trials_lifetime clinician site ended_on end_reason",
    "infusion": f"{_VERSION} patient_id given_at given_on route dose_mg weight_kg minutes clinician",
    "assessment": f"{_VERSION} patient_id scale scale_version assessed_at assessed_on timing recall_days "
    "mode status total suicide_item",
    "item_score": "assessment_id item score",
    "safety_alert": "assessment_id level worsening raised_at",
    "claim": f"{_VERSION} clinic_id words rate advertised_where advertised_since source",
    "claim_lock": "id claim_id question question_hash locked_at locked_by reason",
    "claim_look": "id lock_id as_of numerator denominator looked_at",
    "merged_patient": f"{_VERSION} survivor_id retired_id",
    "erasure": "id patient_id numbers known_as reason erased_at erased_by row_count last_patient "
    "last_course last_infusion last_assessment last_merged_patient",
    "kept_scale": "id scale definition kept_at kept_by",
}


def test_every_recorded_table_is_here() -> None:
    assert tuple(SHIPPED) == TABLES


@pytest.mark.parametrize("table", SHIPPED)
def test_the_columns_a_digest_covers_stay_where_they_are(table: str) -> None:
    """A new column comes after these, or the digests of everything recorded before it would fail."""
    covered = SHAPES[table].columns[: len(SHIPPED[table].split())]
    assert " ".join(covered) == SHIPPED[table]
    row = tuple(range(len(SHAPES[table].columns)))
    assert digest([(*row, "a later column")], len(row)) == digest([row], len(row))


def test_rows_written_one_by_one_or_together_make_one_span() -> None:
    columns = SHAPES["item_score"].columns
    rows = [(1, 1, 3), (1, 2, 0), (2, 1, 1), (3, 9, 2)]
    together, apart = Written(), Written()
    together.note("item_score", columns, rows)
    for part in (rows[:2], rows[2:3], rows[3:]):
        apart.note("item_score", columns, part)
    assert together.drain() == (spans := apart.drain())
    assert [(span.first, span.last, span.rows, span.sha256) for span in spans] == [(1, 3, 4, digest(rows, 3))]
    assert not apart


def test_a_yes_is_a_one_and_a_whole_dose_a_number_with_a_point() -> None:
    written = Written()
    columns = SHAPES["infusion"].columns
    row = (1, 1, 0, "x", None, False, None, None, 1, 0, None, "iv", 40, None, None, None)
    written.note("infusion", columns, [row])
    stored = (*row[:5], 0, *row[6:12], 40.0, *row[13:])
    assert written.drain()[0].sha256 == digest([stored], len(columns))


def test_rows_are_told_whole_and_in_the_order_of_their_columns() -> None:
    with pytest.raises(ValueError, match="item_score is written with its columns in order"):
        Written().note("item_score", ("item", "assessment_id", "score"), [(1, 1, 1)])
