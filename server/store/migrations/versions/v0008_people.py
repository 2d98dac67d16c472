"""People, the accounts they belong to, and letters that let them in; whose a token is, and when it was used."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create three tables, and add to two."""
    op.add_column("accounts", sa.Column("suspended_ms", sa.BigInteger(), nullable=True))
    op.add_column("tokens", sa.Column("person", sa.Text(), nullable=True))
    op.add_column("tokens", sa.Column("used_ms", sa.BigInteger(), nullable=True))
    op.create_index("ix_tokens_account", "tokens", ["account"])
    op.create_index("ix_tokens_person", "tokens", ["person"])
    _people()
    _members()
    _letters()


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("email", name="uq_people_email"),
        sa.UniqueConstraint("subject", name="uq_people_subject"),
    )


def _members() -> None:
    op.create_table(
        "members",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_members_account"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_members_person"),
        sa.PrimaryKeyConstraint("account", "person", name="pk_members"),
    )
    op.create_index("ix_members_person", "members", ["person"])


def _letters() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_letters_account"),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
        sa.UniqueConstraint("hash", name="uq_letters_hash"),
    )
    op.create_index("ix_letters_account", "letters", ["account"])
    op.create_index("ix_letters_expires_ms", "letters", ["expires_ms"])
