"""Recordings, their segments, the pieces of these, and the parts of those that are not closed yet."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the four tables."""
    _recordings()
    _segments()
    _pieces()
    _parts()


def _recordings() -> None:
    op.create_table(
        "recordings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("hz", sa.Integer(), nullable=False),
        sa.Column("started_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("frames", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("dropped", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["office"], ["offices.id"], name="fk_recordings_office"),
        sa.PrimaryKeyConstraint("id", name="pk_recordings"),
    )
    op.create_index("ix_recordings_office_id", "recordings", ["office", "id"], unique=True)
    op.create_index("ix_recordings_ended_ms", "recordings", ["ended_ms"])


def _segments() -> None:
    op.create_table(
        "segments",
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("start_ms", sa.BigInteger(), nullable=False),
        sa.Column("end_ms", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("frames", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("markers", sa.Text(), nullable=False),
        sa.Column("idle", sa.Text(), nullable=False),
        sa.Column("piece", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_segments_recording"),
        sa.PrimaryKeyConstraint("recording", "n", name="pk_segments"),
    )


def _pieces() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "pieces",
        sa.Column("id", number, autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pieces"),
    )


def _parts() -> None:
    op.create_table(
        "parts",
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_parts_recording"),
        sa.PrimaryKeyConstraint("recording", "n", "part", name="pk_parts"),
    )
