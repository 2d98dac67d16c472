"""What an account is to keep and for how long, when it is deleted; letters that join two ways to sign in."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBERS = (
    "own_quota", "own_links", "own_viewers", "own_recording_days", "keep_recordings", "keep_results",
)  # fmt: skip


def upgrade() -> None:
    """Add to three tables."""
    op.add_column("accounts", sa.Column("deletes_ms", sa.BigInteger(), nullable=True))
    for name in NUMBERS:
        op.add_column("accounts", sa.Column(name, sa.Integer(), nullable=True))
    op.add_column("batches", sa.Column("cleared_ms", sa.BigInteger(), nullable=True))
    op.add_column("letters", sa.Column("subject", sa.Text(), nullable=True))
    op.add_column("letters", sa.Column("carried", sa.LargeBinary(), nullable=True))
