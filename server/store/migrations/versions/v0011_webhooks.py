"""Webhooks: addresses, what they are signed with, and what is to be delivered to them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WAITING = sa.text("due_ms IS NOT NULL")


def upgrade() -> None:
    """Create three tables."""
    _hooks()
    _hook_secrets()
    _hook_deliveries()


def _hooks() -> None:
    op.create_table(
        "hooks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("edition", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("off_reason", sa.Text(), nullable=True),
        sa.Column("off_ms", sa.BigInteger(), nullable=True),
        sa.Column("failing_ms", sa.BigInteger(), nullable=True),
        sa.Column("resume_ms", sa.BigInteger(), nullable=True),
        sa.Column("delivered_ms", sa.BigInteger(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_hooks_account"),
        sa.PrimaryKeyConstraint("id", name="pk_hooks"),
    )
    op.create_index("ix_hooks_account", "hooks", ["account"])


def _hook_secrets() -> None:
    op.create_table(
        "hook_secrets",
        sa.Column("hook", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("master", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["hook"], ["hooks.id"], name="fk_hook_secrets_hook"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_hook_secrets_account"),
        sa.PrimaryKeyConstraint("hook", "version", name="pk_hook_secrets"),
    )
    op.create_index("ix_hook_secrets_account", "hook_secrets", ["account"])
    op.create_index("ix_hook_secrets_master", "hook_secrets", ["master"])


def _hook_deliveries() -> None:
    op.create_table(
        "hook_deliveries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hook", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("step", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["hook"], ["hooks.id"], name="fk_hook_deliveries_hook"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_hook_deliveries_account"),
        sa.PrimaryKeyConstraint("id", name="pk_hook_deliveries"),
    )
    op.create_index("ix_hook_deliveries_account", "hook_deliveries", ["account"])
    op.create_index("ix_hook_deliveries_hook_id", "hook_deliveries", ["hook", "id"], unique=True)
    for name, columns in (
        ("ix_hook_deliveries_hook_due", ["hook", "due_ms"]),
        ("ix_hook_deliveries_due", ["due_ms"]),
    ):
        op.create_index(name, "hook_deliveries", columns, sqlite_where=WAITING, postgresql_where=WAITING)
