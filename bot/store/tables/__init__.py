"""All tables, one module per feature; importing this package fills `Base.metadata`."""

from bot.store.tables import applications, cashier, conversations, customers, jobs, policies, quotes, records, store

__all__ = ["applications", "cashier", "conversations", "customers", "jobs", "policies", "quotes", "records", "store"]
