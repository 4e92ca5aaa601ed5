"""The record: clinic, patients, courses, infusions, assessments, item scores and safety alerts."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from models.store.migrations import triggers_0001

revision = "0001"
down_revision = None

MOMENT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean().with_variant(sa.Integer(), "sqlite")
QUANTITY = sa.Float(53).with_variant(sa.REAL(), "sqlite")


def upgrade() -> None:
    recorded(
        "clinic",
        needed("name", sa.Text),
        needed("time_zone", sa.Text),
        needed("weight_unit", sa.Text),
        needed("planned_infusions", sa.Integer),
        needed("route", sa.Text),
        needed("mg_per_kg", QUANTITY),
        needed("minutes", sa.Integer),
        needed("crisis_text", sa.Text),
        needed("demo", FLAG),
        said("time_zone"),
        one_of("weight_unit", "kg", "lb"),
        one_of("route", "iv", "im", "sc", "intranasal", "oral"),
        between("planned_infusions", 1, 100),
        between("mg_per_kg", 0, 100),
        between("minutes", 0, 1440),
    )
    recorded(
        "patient",
        needed("clinic_id", sa.Integer),
        needed("mrn", sa.Text),
        sa.Column("given_name", sa.Text),
        sa.Column("family_name", sa.Text),
        sa.Column("birth_date", sa.Integer),
        sa.Column("sex", sa.Text),
        said("mrn"),
        one_of("sex", "female", "male", "other", "unknown"),
        refers("clinic_id", "clinic"),
    )
    op.create_index("ix_patient_key", "patient", ["clinic_id", "mrn"])
    op.create_index("ix_patient_entity_id", "patient", ["entity_id"])
    recorded(
        "course",
        needed("patient_id", sa.Integer),
        needed("started_on", sa.Integer),
        needed("indication", sa.Text),
        sa.Column("planned_infusions", sa.Integer),
        sa.Column("failed_trials_episode", sa.Integer),
        sa.Column("failed_trials_lifetime", sa.Integer),
        sa.Column("clinician", sa.Text),
        sa.Column("site", sa.Text),
        sa.Column("ended_on", sa.Integer),
        sa.Column("end_reason", sa.Text),
        one_of(
            "indication",
            "depression",
            "bipolar_depression",
            "ptsd",
            "suicidality",
            "anxiety",
            "pain",
            "other",
        ),
        one_of(
            "end_reason",
            *(
                "completed",
                "no_benefit",
                "side_effects",
                "cost",
                "moved",
                "own_choice",
                "hospital",
                "died",
                "other",
            ),
        ),
        between("planned_infusions", 1, 100),
        between("failed_trials_episode", 0, 100),
        between("failed_trials_lifetime", 0, 100),
        sa.CheckConstraint("ended_on >= started_on", name="ends_after_start"),
        sa.CheckConstraint("end_reason IS NULL OR ended_on IS NOT NULL", name="reason_of_an_end"),
        refers("patient_id", "patient"),
    )
    op.create_index("ix_course_key", "course", ["patient_id", "started_on"])
    recorded(
        "infusion",
        needed("patient_id", sa.Integer),
        sa.Column("given_at", MOMENT),
        sa.Column("given_on", sa.Integer),
        sa.Column("route", sa.Text),
        sa.Column("dose_mg", QUANTITY),
        sa.Column("weight_kg", QUANTITY),
        sa.Column("minutes", sa.Integer),
        sa.Column("clinician", sa.Text),
        either("given_at", "given_on"),
        one_of("route", "iv", "im", "sc", "intranasal", "oral"),
        between("dose_mg", 0, 10000),
        between("weight_kg", 1, 1000),
        between("minutes", 0, 1440),
        refers("patient_id", "patient"),
    )
    op.create_index("ix_infusion_key", "infusion", ["patient_id", sa.text("coalesce(given_at, given_on)")])
    recorded(
        "assessment",
        needed("patient_id", sa.Integer),
        needed("scale", sa.Text),
        needed("scale_version", sa.Text),
        sa.Column("assessed_at", MOMENT),
        sa.Column("assessed_on", sa.Integer),
        sa.Column("timing", sa.Text),
        needed("recall_days", sa.Integer),
        sa.Column("mode", sa.Text),
        needed("status", sa.Text),
        needed("total", sa.Integer),
        sa.Column("suicide_item", sa.Integer),
        either("assessed_at", "assessed_on"),
        said("scale"),
        one_of("timing", "before", "after"),
        one_of("mode", "self", "kiosk", "staff", "phone", "clinician"),
        one_of("status", "complete", "prorated", "total_only"),
        between("recall_days", 0, 366),
        between("total", 0, 1023),
        between("suicide_item", 0, 1023),
        refers("patient_id", "patient"),
    )
    moment = sa.text("coalesce(assessed_at, assessed_on)")
    op.create_index("ix_assessment_key", "assessment", ["patient_id", "scale", moment])
    op.create_table(
        "item_score",
        needed("assessment_id", sa.Integer),
        needed("item", sa.Integer),
        needed("score", sa.Integer),
        sa.PrimaryKeyConstraint("assessment_id", "item"),
        between("item", 1, 1023),
        between("score", 0, 1023),
        refers("assessment_id", "assessment"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "safety_alert",
        needed("assessment_id", sa.Integer),
        needed("level", sa.Text),
        needed("worsening", FLAG),
        needed("raised_at", MOMENT),
        sa.PrimaryKeyConstraint("assessment_id"),
        one_of("level", "ideation", "frequent", "nearly_every_day", "unanswered"),
        refers("assessment_id", "assessment"),
        sqlite_strict=True,
    )
    lite = op.get_bind().dialect.name == "sqlite"
    for statement in triggers_0001.for_sqlite() if lite else triggers_0001.for_postgresql():
        op.execute(sa.text(statement))


def recorded(table: str, *columns: sa.schema.SchemaItem) -> None:
    """A table of versions: inserted, superseded, withdrawn, never changed."""
    op.create_table(
        table,
        needed("id", sa.Integer),
        needed("entity_id", sa.Integer),
        needed("recorded_at", MOMENT),
        needed("recorded_by", sa.Text),
        sa.Column("supersedes_id", sa.Integer),
        needed("voided", FLAG),
        sa.Column("reason", sa.Text),
        sa.Column("save_key", sa.Text),
        *columns,
        sa.PrimaryKeyConstraint("id"),
        refers("entity_id", table),
        refers("supersedes_id", table),
        sa.CheckConstraint("supersedes_id IS NOT NULL OR entity_id = id", name="first_version"),
        sa.CheckConstraint("supersedes_id IS NULL OR supersedes_id < id", name="order"),
        sa.CheckConstraint("supersedes_id IS NULL OR coalesce(reason, '') <> ''", name="reason"),
        sa.CheckConstraint("NOT voided OR supersedes_id IS NOT NULL", name="withdraws_something"),
        sa.CheckConstraint(
            "NOT voided OR length(trim(coalesce(reason, ''))) >= 10", name="withdrawal_reason"
        ),
        said("recorded_by"),
        sqlite_strict=True,
    )
    for column in ("supersedes_id", "save_key"):
        given = sa.text(f"{column} IS NOT NULL")
        name = f"uq_{table}_{column}"
        op.create_index(name, table, [column], unique=True, sqlite_where=given, postgresql_where=given)


def needed(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def refers(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"])


def said(column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} <> ''", name=f"{column}_said")


def one_of(column: str, *words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(" OR ".join(f"{column} = '{word}'" for word in words), name=column)


def between(column: str, low: int, high: int) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} BETWEEN {low} AND {high}", name=column)


def either(moment: str, day: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"({moment} IS NULL) <> ({day} IS NULL)", name="moment_or_day")
