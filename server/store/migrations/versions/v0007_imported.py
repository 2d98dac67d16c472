"""Recordings that came in as files."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the name of the office that such a recording shows, and when it came."""
    op.add_column("recordings", sa.Column("name", sa.Text(), nullable=True))
    op.add_column("recordings", sa.Column("imported_ms", sa.BigInteger(), nullable=True))
