"""Alembic's entry: runs the migrations on the connection it was handed."""

from alembic import context

import bot.store.tables  # noqa: F401
from bot.store.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
