"""One record is one clinic: no second can begin in it, whoever writes."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0005"


def upgrade() -> None:
    first = sa.text("supersedes_id IS NULL")
    op.create_index(
        "uq_clinic_first", "clinic", ["voided"], unique=True, sqlite_where=first, postgresql_where=first
    )
