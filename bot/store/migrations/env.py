"""Alembic's entry: runs the migrations on the connection it was handed."""

from typing import Any, Literal, Union

from alembic import context
from sqlalchemy.types import Variant

import bot.store.tables  # noqa: F401
from bot.store.base import Base, UtcDateTime


def render_item(kind: str, item: Any, autogen_context: Any) -> Union[str, Literal[False]]:
    """Write our own column types by their names."""
    if kind != "type" or not isinstance(item, (UtcDateTime, Variant)):
        return False
    name = "UtcDateTime" if isinstance(item, UtcDateTime) else "Json"
    autogen_context.imports.add(f"from bot.store.base import {name}")
    return f"{name}()" if name == "UtcDateTime" else name


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render_item,
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
