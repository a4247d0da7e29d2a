"""All tables, one module per feature; importing this package fills `Base.metadata`."""

from bot.store.tables import store

__all__ = ["store"]
