"""Open batches are found by office and not by state: no index has to follow what changes all the time."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_ms IS NULL")


def upgrade() -> None:
    """Put one index in the other's place."""
    op.drop_index("ix_batches_state", "batches")
    op.create_index("ix_batches_open", "batches", ["office"], sqlite_where=OPEN, postgresql_where=OPEN)
