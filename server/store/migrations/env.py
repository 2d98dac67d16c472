"""Alembic's entry: it migrates the connection that `upgrade` hands over, and knows no other way."""

from alembic import context

from server.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
