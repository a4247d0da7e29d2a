"""All tables, one module per feature; importing this package fills `Base.metadata`."""

from bot.store.tables import applications, cashier, policies, records, store

__all__ = ["applications", "cashier", "policies", "records", "store"]
