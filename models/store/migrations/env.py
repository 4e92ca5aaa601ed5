"""Alembic's entry: run on the connection and inside the transaction that `moves.migrate` opened."""

from alembic import context

from models.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
