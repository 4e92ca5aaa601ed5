"""Whose records fall under 42 CFR Part 2, and until when the patient consents to their disclosure."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

FLAG = sa.Boolean().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("patient", sa.Column("part2", FLAG, nullable=False, server_default=sa.false()))
    op.execute(
        "ALTER TABLE patient ADD COLUMN part2_consent_until INTEGER\n"
        "CONSTRAINT ck_patient_consent_of_part2 CHECK (part2_consent_until IS NULL OR part2)"
    )
