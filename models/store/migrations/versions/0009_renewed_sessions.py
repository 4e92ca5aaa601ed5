"""A session gets a new token when its person proves anew who they are, and stays the same session."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE auth_session ADD COLUMN renewed_hash TEXT\n"
        "CONSTRAINT ck_auth_session_renewed_hash CHECK (length(renewed_hash) = 64)"
    )
    op.create_index(
        "uq_auth_session_opened_with",
        "auth_session",
        [sa.text("coalesce(renewed_hash, token_hash)")],
        unique=True,
    )
